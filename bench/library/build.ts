/* A build of a large cluster without sockets, and one pod's change in it. */
import type { Atlas } from '@/lib/diagnosis/atlas';
import type { EndpointSlice, Pod } from '@/lib/kube/objects';
import { RESOURCES } from '@/lib/kube/resources';
import type { Change, ObjectChange } from '@/lib/state/change';
import { changeOf } from './objects';

/** What the server gives the build at a time before it lets others in. */
const BUDGET_MS = 8;

/** All of it may be seen, and nothing optional is installed. */
export const coverage = RESOURCES.map((row): Change => {
  const state = row.optional ? 'absent' : 'watched';
  return { type: 'coverage', coverage: { resource: row.id, state, reason: '' } };
});

export interface Settled {
  readonly total: number;
  /** CPU time of all threads: steadier than the clock on a busy machine. */
  readonly cpu: number;
  readonly longest: number;
  readonly turns: number;
  readonly publish: number;
}

/** Runs the build in the server's slices until all is settled, and publishes. */
export function settle(atlas: Atlas, now: number): Settled {
  const began = performance.now();
  const cpu = process.cpuUsage();
  let longest = 0;
  let turns = 0;
  for (;;) {
    const start = performance.now();
    const done = atlas.run(now, BUDGET_MS);
    longest = Math.max(longest, performance.now() - start);
    turns++;
    if (done) break;
  }
  const start = performance.now();
  atlas.publish(now);
  const publish = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  return { total: performance.now() - began, cpu: (user + system) / 1000, longest, turns, publish };
}

/** What the watchers hand on when a pod turns. */
export function flip(pod: Pod, slice: EndpointSlice, ready: boolean): readonly ObjectChange[] {
  const conditions = pod.conditions.map((entry) =>
    entry.type === 'Ready' ? { ...entry, status: ready ? ('True' as const) : ('False' as const) } : entry,
  );
  const containers = pod.containers.map((container) => ({ ...container, ready }));
  const endpoints = slice.endpoints.map((endpoint) =>
    endpoint.pod === pod.name ? { ...endpoint, ready, serving: ready } : endpoint,
  );
  return [
    changeOf('pods', `${pod.namespace}/${pod.name}`, { ...pod, conditions, containers }),
    changeOf('endpointslices', `${slice.namespace}/${slice.name}`, { ...slice, endpoints }),
  ];
}

/** Pods with the slice that names them, spread over the cluster. */
export function candidates(
  objects: readonly ObjectChange[],
  count: number,
): readonly (readonly [Pod, EndpointSlice])[] {
  const pods = new Map(
    objects.flatMap((c) => (c.kind === 'pods' && c.object ? [[c.key, c.object] as const] : [])),
  );
  const slices = objects.flatMap((c) =>
    c.kind === 'endpointslices' && c.object?.endpoints.length ? [c.object] : [],
  );
  return Array.from({ length: count }, (_, i) => {
    const slice = slices[(i * 7919) % slices.length] as EndpointSlice;
    return [pods.get(`${slice.namespace}/${slice.endpoints[0]?.pod}`) as Pod, slice] as const;
  }).filter(([pod]) => pod !== undefined);
}
