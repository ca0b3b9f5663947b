/** `networkpolicy-controller-ingress`: policies in the controller's namespace keep users from its pods. */
import type { ControllerUnit, Found, IngressUnit } from '@/lib/diagnosis/check';
import { type Draft, draft, OBJECT_HOLD_MS } from '@/lib/diagnosis/draft';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { type ClosedPort, controllerDoor, type Door } from '@/lib/diagnosis/policy-door';
import { carriers } from '@/lib/diagnosis/policy-ways';
import { partly, unseen, type Weight, weightOf } from '@/lib/diagnosis/policy-weight';
import {
  allowCommand,
  listed,
  policiesDo,
  policyEvidence,
  policyRef,
  policyWords,
} from '@/lib/diagnosis/policy-words';
import { serviceRefOfKey } from '@/lib/diagnosis/port-context';
import { sh } from '@/lib/diagnosis/shell';
import { affected, symptomTitle } from '@/lib/diagnosis/symptoms';
import type { Reader } from '@/lib/state/cells';
import { type Controller, controllerById } from '@/lib/topology/controllers';
import { planeWorkload } from '@/lib/topology/exposure';
import type { Rule } from '@/lib/topology/rules';
import { workloadRef } from '@/lib/topology/workloads';
import { causeOf } from './networkpolicy-cause';

/** At the controller itself. */
export function doorOfController(read: Reader, { id, controller }: ControllerUnit): readonly Found[] {
  return doorFindings(read, controller, read.query(controllerDoor, id), [], false);
}

/** At the rules: behind a closed door nothing answers. Of several controllers one that is open still serves. */
export function doorOfIngress(read: Reader, unit: IngressUnit): readonly Found[] {
  const all = carriers(read, unit);
  const doors = all.map((controller) => read.query(controllerDoor, controller.id));
  const index = doors.findIndex((door) => door.closed.length > 0);
  const door = doors[index];
  const controller = all[index] && controllerById(read, all[index].id);
  if (!door || !controller) return [];
  return doorFindings(
    read,
    controller,
    door,
    unit.rules,
    doors.some(({ closed }) => closed.length === 0),
  );
}

function doorFindings(
  read: Reader,
  controller: Controller,
  door: Door,
  rules: readonly Rule[],
  others: boolean,
): readonly Found[] {
  const first = door.closed[0];
  const full = first ? weightOf(read, first.closed.verdict.policies, 'ingress') : null;
  if (!first || !full) return [];
  const part = others || door.closed.length < door.ports ? partly(full) : full;
  const weight = door.seen ? part : unseen(part);
  const cause = causeOf(read, {
    closed: first.closed,
    weight,
    servicePort: first.port,
    protocol: first.protocol,
  });
  const symptom = doorDraft(read, { controller, door, first, weight, rules, cause: cause?.id ?? null });
  const told: Found = { draft: symptom, status: weight.status, at: 'serves' };
  return cause ? [told, { draft: cause, at: 'serves' }] : [told];
}

interface Told {
  readonly controller: Controller;
  readonly door: Door;
  readonly first: ClosedPort;
  readonly weight: Weight;
  readonly rules: readonly Rule[];
  readonly cause: string | null;
}

function doorDraft(read: Reader, { controller, door, first, weight, rules, cause }: Told): Draft {
  const plane = controller.dataPlane[0];
  const subject = workloadRef(
    read,
    plane?.namespace ?? controller.namespace,
    plane ?? { kind: 'Deployment', name: controller.name },
  );
  const { policies } = first.closed.verdict;
  const policy = policies[0];
  const ports = [...new Set(door.closed.map((one) => one.closed.to.port ?? one.port))].sort((a, b) => a - b);
  const own = plane ? planeWorkload(read, plane)?.selector.matchLabels : undefined;
  const lets = policies.slice(0, 3).map((one) => `${one.name} lets ${policyWords(one, 'ingress')}`);
  const certain = weight.severity === 'broken' && rules.length > 0;
  const plain = weight.certain
    ? `NetworkPolicies keep users from ${controller.name}`
    : `NetworkPolicies would keep users from ${controller.name}`;
  return draft({
    code: 'networkpolicy-controller-ingress',
    severity: weight.severity,
    state: weight.state,
    hop: 'networkpolicy',
    subject,
    cause,
    holdMs: OBJECT_HOLD_MS,
    affects: affected(rules, null),
    related: [serviceRefOfKey(read, first.service), ...policies.slice(0, 10).map(policyRef)],
    title: certain ? symptomTitle(rules, 'no connection', plain) : plain,
    detail: `${policiesDo(policies, 'let')} nobody from outside in on ${listed(ports.map(String))}, where Service ${serviceRefOfKey(read, first.service).name} leads (${lets.join('; ')} through); ${weight.words}`,
    evidence: policyEvidence(policies, 'ingress'),
    fix: {
      summary: `Let everyone, or the addresses of the load balancer and the nodes, in on ${listed(ports.map(String))} of ${subject.name}.`,
      look: [sh`kubectl -n ${subject.namespace} get networkpolicies`],
      change:
        own && Object.keys(own).length > 0
          ? [
              allowCommand({
                namespace: subject.namespace,
                name: `allow-users-to-${subject.name}`,
                direction: 'ingress',
                pods: own,
                peers: [],
                ports: ports.map((port) => ({ protocol: first.protocol, port })),
              }),
            ]
          : [],
      managedBy: policy ? managedBy(policy) : null,
    },
  });
}
