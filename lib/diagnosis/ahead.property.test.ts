import { describe, expect, it } from 'vitest';
import { RESOURCES } from '@/lib/kube/resources';
import type { Change, ObjectChange } from '@/lib/state/change';
import type { Graph } from '@/lib/topology/graph';
import { Atlas } from './atlas';
import { build } from './build';
import { RandomCluster } from './testing/random-cluster';

const RUNS = Number(process.env.PROPERTY_RUNS ?? 60);

function contents(graph: Graph) {
  const sorted = (map: ReadonlyMap<string, unknown>) => [...map].sort(([a], [b]) => (a < b ? -1 : 1));
  return { nodes: sorted(graph.nodes), edges: sorted(graph.edges), findings: sorted(graph.findings) };
}

const coverageOf = (resource: (typeof RESOURCES)[number]['id'], state: 'watched' | 'forbidden'): Change => ({
  type: 'coverage',
  coverage: { resource, state, reason: state === 'watched' ? '' : 'may not be read' },
});

/** A cluster's objects as they are told at a start: pods last. */
function startOf(cluster: RandomCluster) {
  const objects = new Map<string, ObjectChange>();
  for (let i = 0; i < 160; i++) {
    const change = cluster.next();
    if (change.type === 'object') objects.set(`${change.change.kind} ${change.change.key}`, change.change);
  }
  const all = [...objects.values()].filter(({ object }) => object !== null);
  const pods = all.filter(({ kind }) => kind === 'pods').sort((a, b) => (a.key < b.key ? -1 : 1));
  return { others: all.filter(({ kind }) => kind !== 'pods'), pods };
}

/** A build that is told what a cluster's watchers tell, and all that it was told. */
class Start {
  readonly atlas = new Atlas();
  readonly facts: Change[] = RESOURCES.filter(({ id }) => id !== 'pods').map(({ id }) =>
    coverageOf(id, 'watched'),
  );
  readonly #cluster: RandomCluster;
  readonly #told = new Map<string, ObjectChange>();

  constructor(cluster: RandomCluster, objects: readonly ObjectChange[]) {
    this.#cluster = cluster;
    for (const object of objects) this.tell(object);
    this.atlas.change(this.facts);
  }

  /** What there is now. */
  get objects(): readonly ObjectChange[] {
    return [...this.#told.values()].filter(({ object }) => object !== null);
  }

  tell(change: ObjectChange): void {
    this.#told.set(`${change.kind} ${change.key}`, change);
    this.atlas.change([{ type: 'object', change }]);
  }

  /** A pod of the list; now and then something else changes meanwhile, or the order is not what it was taken for. */
  list(pod: ObjectChange): void {
    const cluster = this.#cluster;
    this.tell(pod);
    const other = cluster.chance(0.2) ? cluster.next() : null;
    if (other?.type === 'object') this.tell(other.change);
    if (cluster.chance(0.7)) {
      const at = cluster.chance(0.05) ? cluster.pick(['zzz', '', null]) : (pod.key.split('/')[0] ?? '');
      this.atlas.change([{ type: 'listing', resource: 'pods', at }]);
    }
    if (cluster.chance(0.7)) while (!this.atlas.ahead(cluster.now, 0));
  }

  /** It begins in earnest: pods are known, may not be read, or nothing is known of them. */
  end(): void {
    const cluster = this.#cluster;
    const state = cluster.pick(['watched', 'watched', 'forbidden', null] as const);
    const coverage = state === null ? [] : [coverageOf('pods', state)];
    this.facts.push(...coverage);
    this.atlas.change(coverage);
    this.settle();
  }

  /** Objects change as they will. */
  churn(times: number): void {
    for (let i = 0; i < times; i++) {
      const change = this.#cluster.next();
      if (change.type === 'object') this.tell(change.change);
    }
  }

  settle(): void {
    const cluster = this.#cluster;
    while (!this.atlas.run(cluster.now, cluster.chance(0.5) ? 0 : 100));
    this.atlas.publish(cluster.now);
  }

  /** It is what a build from scratch gives. */
  check(): void {
    const { atlas, objects, facts } = this;
    const scratch = build(objects, facts, atlas.observations, this.#cluster.now);
    expect(contents(atlas.graph)).toEqual(contents(scratch.graph));
    expect(atlas.summary).toEqual(scratch.summary);
    expect([...atlas.graph.findings.keys()].filter((id) => id.startsWith('check-failed'))).toEqual([]);
  }
}

describe('a head start', () => {
  for (let seed = 1; seed <= RUNS; seed++) {
    it(`changes nothing of what is found, seed ${seed}`, () => {
      const cluster = new RandomCluster(seed);
      const { others, pods } = startOf(cluster);
      const start = new Start(cluster, others);
      for (const pod of pods) start.list(pod);
      start.end();
      start.check();
    });
  }

  for (let seed = 1; seed <= RUNS; seed++) {
    it(`changes nothing where much changes between its slices, seed ${seed}`, () => {
      const cluster = new RandomCluster(seed);
      const { others, pods } = startOf(cluster);
      const start = new Start(cluster, [...others, ...pods]);
      for (const at of ['aa', 'zzz']) {
        start.atlas.change([{ type: 'listing', resource: 'pods', at }]);
        for (let slice = 0; !start.atlas.ahead(cluster.now, 0); slice++) if (slice % 2 === 0) start.churn(2);
        start.churn(3);
      }
      start.end();
      start.check();
      start.churn(20);
      start.settle();
      start.check();
    });
  }

  it('has worked out what lies in the namespaces that the list has passed', () => {
    const cluster = new RandomCluster(7);
    const { others, pods } = startOf(cluster);
    const facts = RESOURCES.map(({ id }) => coverageOf(id, 'watched'));
    const objects = [...others, ...pods];
    const whole = build(objects, facts, undefined, cluster.now).graph;
    const ahead = (at: string) => {
      const atlas = new Atlas();
      atlas.change(facts.filter((fact) => fact.type !== 'coverage' || fact.coverage.resource !== 'pods'));
      atlas.change(objects.map((change) => ({ type: 'object', change })));
      atlas.change([{ type: 'listing', resource: 'pods', at }]);
      while (!atlas.ahead(cluster.now, 0));
      atlas.publish(cluster.now);
      return [...atlas.graph.nodes.keys()];
    };
    expect(whole.nodes.size).toBeGreaterThan(10);
    expect(ahead('')).toEqual([]);
    const some = ahead('b');
    const all = ahead('zzz');
    expect(some.length).toBeGreaterThan(0);
    expect(all.length).toBeGreaterThan(some.length);
    expect(all.length).toBeGreaterThan(whole.nodes.size * 0.8);
  });
});
