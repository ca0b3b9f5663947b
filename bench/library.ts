/*
 * The build alone, without sockets: how long the large scenario takes, what it keeps, and what one pod costs.
 *   node --conditions=react-server --expose-gc --import tsx bench/library.ts [--tenth] [--flips 500]
 * With `--cpu-prof` before the file, Node writes where the time goes.
 */
import { parseArgs } from 'node:util';
import { Atlas } from '@/lib/diagnosis/atlas';
import type { EndpointSlice, Pod } from '@/lib/kube/objects';
import { RESOURCES } from '@/lib/kube/resources';
import type { Change, ObjectChange } from '@/lib/state/change';
import { changeOf, largeObjects } from './library/objects';
import { FULL, SMALL, sizeWords, TENTH } from './measure/sizes';
import { round, spread } from './measure/statistics';

/** What the server gives the build at a time before it lets others in. */
const BUDGET_MS = 8;

const { values } = parseArgs({
  options: {
    tenth: { type: 'boolean' },
    small: { type: 'boolean' },
    flips: { type: 'string', default: '500' },
  },
});
const sizes = values.small ? SMALL : values.tenth ? TENTH : FULL;

function heapMb(): number {
  if (!globalThis.gc) throw new Error('start with --expose-gc');
  globalThis.gc();
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 1024 / 1024;
}

const coverage = RESOURCES.map((row): Change => {
  const state = row.optional ? 'absent' : 'watched';
  return { type: 'coverage', coverage: { resource: row.id, state, reason: '' } };
});

interface Settled {
  readonly total: number;
  /** CPU time of all threads: steadier than the clock on a busy machine. */
  readonly cpu: number;
  readonly longest: number;
  readonly turns: number;
  readonly publish: number;
}

function settle(atlas: Atlas, now: number): Settled {
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

function flip(pod: Pod, slice: EndpointSlice, ready: boolean): readonly ObjectChange[] {
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
function candidates(
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

const empty = heapMb();
let objects: ObjectChange[] | null = await largeObjects(sizes);
const withObjects = heapMb();
const flipped = candidates(objects, Number(values.flips));
const count = objects.length;
const now = Date.now();
const atlas = new Atlas({ dns: false });
atlas.change(coverage);
atlas.change(objects.map((change) => ({ type: 'object', change })));
objects = null;
const built = settle(atlas, now);
const whole = heapMb();
const times: number[] = [];
let longest = 0;
for (const [i, [pod, slice]] of flipped.entries()) {
  for (const ready of [false, true]) {
    atlas.change(flip(pod, slice, ready).map((change) => ({ type: 'object', change })));
    const { total } = settle(atlas, now + i);
    times.push(total);
    longest = Math.max(longest, total);
  }
}
console.log(
  JSON.stringify(
    {
      on: sizeWords(sizes),
      objects: count,
      graph: {
        nodes: atlas.graph.nodes.size,
        edges: atlas.graph.edges.size,
        findings: atlas.graph.findings.size,
      },
      failures: atlas.failures,
      buildMs: round(built.total),
      buildCpuMs: round(built.cpu),
      longestRunMs: round(built.longest),
      publishMs: round(built.publish),
      turns: built.turns,
      heapMb: {
        objects: round(withObjects - empty),
        all: round(whole - empty),
        build: round(whole - withObjects),
        afterFlips: round(heapMb() - empty),
      },
      flipMs: spread(times),
    },
    null,
    2,
  ),
);
