/** What one controller contributes: itself and the ways in before it. */

import { CONTROLLER_TITLES } from '@/lib/controllers/registry';
import { type ControllerHealth, controllerHealth, isServedByOthers } from '@/lib/diagnosis/controller-health';
import { settingsOf } from '@/lib/diagnosis/controller-settings';
import type { Draft, Fragment } from '@/lib/diagnosis/draft';
import { controllerChecks } from '@/lib/diagnosis/registry';
import { affected } from '@/lib/diagnosis/symptoms';
import type { Query, Reader } from '@/lib/state/cells';
import { type Controller, controllerById, controllers } from '@/lib/topology/controllers';
import type { ControllerDetail } from '@/lib/topology/details';
import { exposure, type LoadBalancer } from '@/lib/topology/exposure';
import { isCloud, servedRules } from '@/lib/topology/hosts';
import type { Status, TopologyNode } from '@/lib/topology/model';
import { logFact } from '@/lib/topology/reads';
import type { Rule } from '@/lib/topology/rules';
import { workloadRef } from '@/lib/topology/workloads';
import { balancerNode } from './balancer';
import { harming } from './ingress';
import { edge, node } from './parts';
import { withFoundAt } from './with-found';

/** The fragments of all controllers that run in the cluster: a handful, so one unit. */
export const controllersFragment: Query<Fragment> = {
  name: 'controllers-fragment',
  level: 11,
  compute: (read) => {
    const fragments = read
      .query(controllers, '')
      .filter((controller) => controller.kind === 'workload')
      .map((controller) => fragmentOf(read, controller.id));
    return {
      nodes: fragments.flatMap((fragment) => fragment.nodes),
      edges: fragments.flatMap((fragment) => fragment.edges),
      findings: fragments.flatMap((fragment) => fragment.findings),
    };
  },
};

function fragmentOf(read: Reader, id: string): Fragment {
  const controller = controllerById(read, id) as Controller;
  const health = read.query(controllerHealth, id);
  const balancers = isCloud(controller) ? [] : read.query(exposure, id).loadBalancers;
  const drafts = [...health.drafts, ...health.loadBalancers.flatMap((lb) => lb.drafts)];
  const served = drafts.some((found) => found.state === 'open') ? read.query(servedRules, id) : [];
  const rules = served.map(({ rule }) => rule);
  // Switched off, and nobody misses it: the other flavour of a blue/green pair.
  const spare = health.idle && served.every(({ ingress }) => isServedByOthers(read, ingress, id));
  const causes = new Set(drafts.map((found) => found.cause));
  const link = (lb: LoadBalancer) => {
    const judged = health.loadBalancers.find((entry) => entry.id === lb.id);
    return {
      status: judged?.status ?? ('ok' as Status),
      findings: judged?.drafts.map((found) => found.id) ?? [],
    };
  };
  const drawn: Fragment = {
    nodes: [
      controllerNode(read, controller, spare ? { ...health, status: 'pending' } : health),
      ...balancers.map((lb) => balancerNode(read, lb, link(lb).status, link(lb).findings)),
    ],
    edges: balancers.map((lb) =>
      edge({
        source: lb.id,
        target: id,
        kind: 'exposes',
        status: spare ? 'pending' : exposedStatus(health, link(lb).status),
        basis: 'declared',
        label: lb.ports.join(', '),
        findings: [...link(lb).findings, ...health.drafts.map((found) => found.id)],
      }),
    ),
    findings: drafts.map((found) => (spare ? asSpare(found) : titled(found, rules, causes.has(found.id)))),
  };
  return withFoundAt(drawn, id, read.query(controllerChecks, id));
}

/** The link is as bad as its worse end: behind a dead controller nothing answers. */
function exposedStatus(health: ControllerHealth, balancer: Status): Status {
  if (balancer !== 'ok') return balancer;
  return health.status === 'broken' ? 'broken' : health.status === 'unknown' ? 'unknown' : 'ok';
}

function asSpare(found: Draft): Draft {
  const summary = 'Nothing to mend if it is off on purpose: no Ingress misses it.';
  return { ...found, severity: 'info', fix: { ...found.fix, summary, change: [] } };
}

/** Symptoms are titled by what a user gets; what explains them keeps its own title. */
function titled(found: Draft, rules: readonly Rule[], isCause: boolean): Draft {
  if (isCause || found.hop === 'pod' || found.state === 'unknown' || found.severity !== 'broken')
    return { ...found, affects: affected(rules, null) };
  return harming(found, rules, null, found.hop === 'loadbalancer' ? 'not reachable' : 'no answer');
}

function controllerNode(read: Reader, controller: Controller, health: ControllerHealth): TopologyNode {
  const recognised = controller.recognised;
  const log = logFact(read, controller.id);
  const detail: ControllerDetail & { title: string; retired: boolean } = {
    type: controller.type,
    title: CONTROLLER_TITLES[controller.type],
    version: recognised?.version ?? '',
    image: recognised?.image ?? '',
    classes: controller.classes,
    ready: health.ready,
    desired: health.desired,
    services: read.query(exposure, controller.id).services,
    confidence: recognised?.confidence ?? 'guess',
    evidence: recognised?.evidence ?? [],
    retired: recognised?.retired === true,
    ...settingsOf(read, controller),
    ...(log && { log: { state: log.state, reason: log.reason } }),
  };
  return node({
    id: controller.id,
    kind: 'controller',
    name: controller.name,
    namespace: controller.namespace,
    status: health.status,
    ref: workloadRef(
      read,
      controller.namespace,
      controller.workload ?? { kind: 'Deployment', name: controller.name },
    ),
    findings: health.drafts.map((found) => found.id),
    detail,
  });
}
