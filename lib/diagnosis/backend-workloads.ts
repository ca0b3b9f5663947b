/** The workloads of a namespace that live rules lead to, by their templates: what pods do changes nothing here. */
import type { Labels, Service } from '@/lib/kube/objects';
import type { Ref } from '@/lib/kube/refs';
import { refOf } from '@/lib/kube/resources';
import { matchesLabels } from '@/lib/kube/selectors';
import type { Query, Reader } from '@/lib/state/cells';
import { splitMember } from '@/lib/state/store';
import { liveRules } from '@/lib/topology/hosts';
import { members, object } from '@/lib/topology/reads';
import { ingressRules } from '@/lib/topology/rules';
import { workloadShape } from './workload-shape';

/** A workload that has something to be told. */
export interface BackendWorkload {
  readonly ref: Ref;
  /** null: as many as there are nodes. */
  readonly replicas: number | null;
  readonly probed: boolean;
}

/**
 * Of the workloads whose pods a live rule of a namespace leads to, in the order of the index, those that want a single
 * pod or have no readiness probe: of the others, which are most, there is nothing to say.
 */
export const backendWorkloads: Query<readonly BackendWorkload[]> = {
  name: 'backend-workloads',
  level: 5,
  compute: (read, namespace) => {
    const chosen = bySelector(liveServices(read, namespace));
    if (chosen.size === 0) return [];
    return members(read, 'workloads-of-namespace', namespace).flatMap((member) => {
      const shape = read.query(workloadShape, member);
      if (!shape || (shape.probed && shape.told.replicas !== 1)) return [];
      if (!isChosen(shape.templateLabels, chosen)) return [];
      const { uid, probed } = shape;
      const { name, replicas } = shape.told;
      return [{ ref: refOf(splitMember(member).kind, namespace, name, uid), replicas, probed }];
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
