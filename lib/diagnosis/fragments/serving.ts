import { CONTROLLER_TITLES } from '@/lib/controllers/registry';
import { controllerHealth, isServedByOthers } from '@/lib/diagnosis/controller-health';
import type { Draft } from '@/lib/diagnosis/draft';
import { servingController } from '@/lib/diagnosis/lead-controller';
import type { Ingress } from '@/lib/kube/objects';
import { objectKey } from '@/lib/kube/refs';
import { refOf } from '@/lib/kube/resources';
import type { Reader } from '@/lib/state/cells';
import { type Controller, controllers } from '@/lib/topology/controllers';
import { ingressLoadBalancer, isCloud } from '@/lib/topology/hosts';
import { classId, NO_CONTROLLER_ID } from '@/lib/topology/ids';
import type { Status, TopologyEdge, TopologyNode } from '@/lib/topology/model';
import { object } from '@/lib/topology/reads';
import type { Rule } from '@/lib/topology/rules';
import type { Serving } from '@/lib/topology/serving';
import { edge, node } from './parts';

interface Parts {
  readonly nodes: TopologyNode[];
  readonly edges: TopologyEdge[];
}

/** Edges from the controllers that serve an Ingress to its rules; ghosts where nobody does. */
export function servingParts(
  read: Reader,
  key: string,
  ingress: Ingress,
  rules: readonly Rule[],
  served: Serving,
  notServed: readonly Draft[],
  status: Status,
): Parts {
  const parts: Parts = { nodes: [], edges: [] };
  const findings = notServed.map((found) => found.id);
  for (const id of served.controllers) serve(read, key, rules, id, parts);
  for (const id of served.maybe) {
    for (const rule of rules)
      parts.edges.push(
        edge({
          source: id,
          target: rule.id,
          kind: 'serves',
          status: 'unknown',
          basis: 'declared',
          label: 'not known',
        }),
      );
    if (isCloud(servingController(read, key, id))) cloudBalancer(read, key, rules, parts);
  }
  if (served.controllers.length + served.maybe.length > 0) return parts;
  const ghost = tooOldController(read, served, findings) ?? ghostController(read, served, findings, status);
  parts.nodes.push(ghost);
  for (const rule of rules) {
    parts.edges.push(
      edge({
        source: ghost.id,
        target: rule.id,
        kind: 'serves',
        status,
        basis: 'declared',
        label: status === 'broken' ? 'not served' : '',
        findings,
      }),
    );
  }
  if (served.problem === 'class-missing' || missingClass(read, ingress, served))
    claim(ingress, rules, findings, parts);
  return parts;
}

function missingClass(read: Reader, ingress: Ingress, served: Serving): boolean {
  if (served.problem !== 'controller-too-old' || ingress.className === null) return false;
  return object(read, 'ingressclasses', objectKey('', ingress.className)) === undefined;
}

function serve(read: Reader, key: string, rules: readonly Rule[], id: string, parts: Parts): void {
  const controller = servingController(read, key, id);
  const health = read.query(controllerHealth, id);
  const spare = health.idle && isServedByOthers(read, key, id);
  const status = controller?.kind === 'external' ? 'ok' : spare ? 'pending' : health.status;
  for (const rule of rules) {
    parts.edges.push(
      edge({
        source: id,
        target: rule.id,
        kind: 'serves',
        status,
        basis: 'declared',
        label: spare ? 'switched off' : '',
        findings: health.drafts.map((found) => found.id),
      }),
    );
  }
  if (controller?.kind === 'external') parts.nodes.push(outsideNode(controller));
  if (isCloud(controller)) cloudBalancer(read, key, rules, parts);
}

function outsideNode(controller: Controller): TopologyNode {
  return node({
    id: controller.id,
    kind: 'controller',
    name: controller.name,
    status: 'ok',
    detail: {
      type: controller.type,
      title: CONTROLLER_TITLES[controller.type],
      version: '',
      image: '',
      classes: controller.classes,
      ready: 0,
      desired: 0,
      services: [],
      confidence: 'likely',
      evidence: ['named by the class; it runs outside the cluster'],
      outside: true,
    },
  });
}

/** A cloud's own load balancer carries the rules out itself: load balancer → rule, with nothing in between. */
function cloudBalancer(read: Reader, key: string, rules: readonly Rule[], parts: Parts): void {
  const lb = ingressLoadBalancer(read, key);
  if (!lb) return;
  const status: Status = lb.pending ? 'pending' : 'ok';
  parts.nodes.push(
    node({
      id: lb.id,
      kind: 'loadbalancer',
      name: lb.addresses[0] ?? 'no address yet',
      namespace: lb.namespace,
      status,
      ref: refOf('ingresses', lb.namespace, lb.name),
      detail: { type: 'Ingress', addresses: lb.addresses, ports: lb.ports, pending: lb.pending },
    }),
  );
  for (const rule of rules)
    parts.edges.push(
      edge({
        source: lb.id,
        target: rule.id,
        kind: 'exposes',
        status,
        basis: lb.pending ? 'declared' : 'observed',
      }),
    );
}

/** The controller is there and takes nothing: its node is the other end, and turns broken by this contribution. */
function tooOldController(read: Reader, served: Serving, findings: readonly string[]): TopologyNode | null {
  if (served.problem !== 'controller-too-old') return null;
  const old = read.query(controllers, '').find((controller) => controller.recognised?.predatesV1);
  if (!old) return null;
  const own = findings.filter((id) => id.startsWith('controller-'));
  const detail = { ghost: true, reason: 'too old for this cluster' };
  return node({
    id: old.id,
    kind: 'controller',
    name: old.name,
    namespace: old.namespace,
    status: 'broken',
    findings: own,
    detail,
  });
}

function ghostController(
  read: Reader,
  served: Serving,
  findings: readonly string[],
  status: Status,
): TopologyNode {
  const name = served.className;
  const byClass =
    name === null
      ? undefined
      : read.query(controllers, '').find((c) => c.kind === 'class' && c.classes.includes(name));
  if (byClass && served.problem === 'class-no-controller') {
    return node({
      id: byClass.id,
      kind: 'controller',
      name: `class ${name}`,
      status,
      findings,
      detail: {
        ghost: true,
        reason: 'no controller runs for this class',
        classes: byClass.classes,
        type: 'unknown',
      },
    });
  }
  const reason = status === 'unknown' ? 'not known who serves this' : 'nobody serves this';
  // One node for all: each Ingress' own findings stay at its rules and edges.
  return node({
    id: NO_CONTROLLER_ID,
    kind: 'controller',
    name: 'no controller',
    status,
    detail: { ghost: status === 'broken', reason, type: 'unknown', classes: [] },
  });
}

function claim(ingress: Ingress, rules: readonly Rule[], findings: readonly string[], parts: Parts): void {
  const name = ingress.className ?? '';
  const id = classId(name);
  parts.nodes.push(
    node({
      id,
      kind: 'class',
      name,
      status: 'broken',
      ref: refOf('ingressclasses', '', name),
      findings,
      detail: { ghost: true, reason: 'IngressClass not found' },
    }),
  );
  for (const rule of rules)
    parts.edges.push(
      edge({
        source: rule.id,
        target: id,
        kind: 'claims',
        status: 'broken',
        basis: 'declared',
        label: 'not found',
        findings,
      }),
    );
}
