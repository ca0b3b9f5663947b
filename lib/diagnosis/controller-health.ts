/** Whether a controller can carry traffic: its pods, its Service, its load balancer. */
import type { Pod } from '@/lib/kube/objects';
import { matchesSelector } from '@/lib/kube/selectors';
import type { Query, Reader } from '@/lib/state/cells';
import { type Controller, controllerById } from '@/lib/topology/controllers';
import { exposure, planeWorkload } from '@/lib/topology/exposure';
import { isCloud } from '@/lib/topology/hosts';
import type { Status } from '@/lib/topology/model';
import { config, known, members, object } from '@/lib/topology/reads';
import { serving } from '@/lib/topology/serving';
import { worst } from '@/lib/topology/status';
import { balancerHealth } from './balancer-health';
import { planeFindings } from './checks/controller-pods';
import { notExposed } from './checks/exposure';
import type { Draft } from './draft';

export interface ControllerHealth {
  /** Of the controller itself; `broken` means that none of its rules can be served. */
  readonly status: Status;
  readonly ready: number;
  readonly desired: number;
  /** Switched off: it wants no pods. */
  readonly idle: boolean;
  /** Findings at the controller's own node, without `affects`. */
  readonly drafts: readonly Draft[];
  /** Findings of its load balancers by load balancer id. */
  readonly loadBalancers: readonly {
    readonly id: string;
    readonly status: Status;
    readonly drafts: readonly Draft[];
  }[];
}

const UNKNOWN: ControllerHealth = {
  status: 'unknown',
  ready: 0,
  desired: 0,
  idle: false,
  drafts: [],
  loadBalancers: [],
};
const OUTSIDE: ControllerHealth = {
  status: 'ok',
  ready: 0,
  desired: 0,
  idle: false,
  drafts: [],
  loadBalancers: [],
};

/** Health of a controller by id. */
export const controllerHealth: Query<ControllerHealth> = {
  name: 'controller-health',
  level: 5,
  compute: (read, id) => {
    const controller = controllerById(read, id);
    // One that only an annotation names is in no list: it runs outside.
    if (!controller) return id.startsWith('controller:external/') ? OUTSIDE : UNKNOWN;
    if (controller.kind !== 'workload') return controller.kind === 'external' ? OUTSIDE : UNKNOWN;
    return healthOf(read, controller);
  },
};

function healthOf(read: Reader, controller: Controller): ControllerHealth {
  const planes =
    controller.dataPlane.length > 0
      ? controller.dataPlane
      : [{ ...(controller.workload as { kind: string; name: string }), namespace: controller.namespace }];
  const judged = planes.flatMap((plane) => {
    const workload = planeWorkload(read, plane);
    if (!workload) return [];
    const pods = podsOfWorkload(read, workload.namespace, (pod) =>
      matchesSelector(workload.selector, pod.labels),
    );
    return [{ workload, ...planeFindings(read, workload, pods, isCloud(controller)) }];
  });
  if (judged.length === 0) return UNKNOWN;
  const exposed = isCloud(controller) ? [] : exposureDrafts(read, controller);
  const balancers = isCloud(controller)
    ? []
    : read.query(exposure, controller.id).loadBalancers.map((lb) => balancerHealth(read, lb));
  return {
    status: worst([
      ...judged.map((plane) => plane.status),
      ...exposed.map((entry) => (entry.state === 'unknown' ? ('unknown' as const) : ('broken' as const))),
    ]),
    ready: judged.reduce((sum, plane) => sum + plane.ready, 0),
    desired: judged.reduce((sum, plane) => sum + plane.desired, 0),
    idle: judged.every((plane) => plane.desired === 0 && plane.drafts.length > 0),
    drafts: [...judged.flatMap((plane) => plane.drafts), ...exposed],
    loadBalancers: balancers,
  };
}

/** Whether another controller that can carry traffic serves the Ingress (key `NS/NAME`). */
export function isServedByOthers(read: Reader, ingress: string, id: string): boolean {
  return read
    .query(serving, ingress)
    .controllers.some((other) => other !== id && read.query(controllerHealth, other).status !== 'broken');
}

function podsOfWorkload(read: Reader, namespace: string, matches: (pod: Pod) => boolean): readonly Pod[] {
  return members(read, 'pods-of-namespace', namespace).flatMap((key) => {
    const pod = object(read, 'pods', key);
    return pod && matches(pod) ? pod : [];
  });
}

function exposureDrafts(read: Reader, controller: Controller): readonly Draft[] {
  const { loadBalancers, services } = read.query(exposure, controller.id);
  if (loadBalancers.length > 0) return [];
  // Another Ingress leads to it: an outer proxy is its way in.
  if (services.some((key) => members(read, 'ingresses-of-service', key).length > 0)) return [];
  return [notExposed(read, controller, services, blindness(read, controller))];
}

/** Why it cannot be said that nothing leads to a controller; null when it can. */
function blindness(read: Reader, controller: Controller): string | null {
  const planes =
    controller.dataPlane.length > 0 ? [] : (['deployments', 'daemonsets', 'statefulsets'] as const);
  for (const resource of ['services', 'ingresses', ...planes] as const) {
    const seen = known(read, resource);
    if (!seen.known) return seen.reason;
  }
  if (config(read).limitedView && controller.dataPlane.length === 0)
    return 'only some namespaces are watched; its data plane may run in another one';
  return controller.dataPlane.length === 0
    ? `the workload that carries the traffic of ${controller.name} was not found`
    : null;
}
