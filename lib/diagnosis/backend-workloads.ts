/** The workloads of a namespace that live rules lead to, by their templates: what pods do changes nothing here. */
import type { Labels, Service } from '@/lib/kube/objects';
import type { Ref } from '@/lib/kube/refs';
import { refOf } from '@/lib/kube/resources';
import { matchesLabels } from '@/lib/kube/selectors';
import type { Query, Reader } from '@/lib/state/cells';
import { liveRules } from '@/lib/topology/hosts';
import { members, object } from '@/lib/topology/reads';
import { ingressRules } from '@/lib/topology/rules';
import { workloadMember, workloadResource } from '@/lib/topology/workloads';

/** What of a workload tells how it is set up. */
export interface BackendWorkload {
  readonly ref: Ref;
  readonly templateLabels: Labels;
  readonly replicas: number;
  /** Whether any container of the template has a readiness probe. */
  readonly probed: boolean;
}

/** A workload (key: a member of an index over the kinds) without its status, so that pods that come and go stop here. */
const workloadShape: Query<BackendWorkload | null> = {
  name: 'workload-shape',
  level: 1,
  compute: (read, member) => {
    const workload = workloadMember(read, member);
    if (!workload) return null;
    const { namespace, name, uid, templateLabels, replicas, containers } = workload;
    return {
      ref: refOf(workloadResource(workload), namespace, name, uid),
      templateLabels,
      replicas: workload.kind === 'DaemonSet' ? 0 : replicas,
      probed: containers.length === 0 || containers.some(({ readiness }) => readiness !== 'none'),
    };
  },
};

/** Workloads whose pods a live rule of a namespace leads to, in the order of the index. */
export const backendWorkloads: Query<readonly BackendWorkload[]> = {
  name: 'backend-workloads',
  level: 5,
  compute: (read, namespace) => {
    const chosen = bySelector(liveServices(read, namespace));
    if (chosen.size === 0) return [];
    return members(read, 'workloads-of-namespace', namespace).flatMap((member) => {
      const shape = read.query(workloadShape, member);
      return shape && isChosen(shape.templateLabels, chosen) ? [shape] : [];
    });
  },
};

function liveServices(read: Reader, namespace: string): readonly Service[] {
  const keys = new Set(
    members(read, 'ingresses-of-namespace', namespace).flatMap((ingress) =>
      read.query(ingressRules, ingress).flatMap((rule) => rule.service ?? []),
    ),
  );
  return [...keys].flatMap((key) => {
    const service = object(read, 'services', key);
    return service?.selector && read.query(liveRules, key).length > 0 ? [service] : [];
  });
}

/** Selectors under their first pair: a workload is compared with those alone that share one of its labels. */
function bySelector(services: readonly Service[]): ReadonlyMap<string, readonly Labels[]> {
  const found = new Map<string, Labels[]>();
  for (const { selector } of services) {
    const first = Object.entries(selector ?? {})[0];
    if (!selector || !first) continue;
    const key = first.join('=');
    const list = found.get(key);
    if (list) list.push(selector);
    else found.set(key, [selector]);
  }
  return found;
}

function isChosen(labels: Labels, chosen: ReadonlyMap<string, readonly Labels[]>): boolean {
  return Object.entries(labels).some((pair) =>
    (chosen.get(pair.join('=')) ?? []).some((selector) => matchesLabels(selector, labels)),
  );
}
