import { describe, expect, test } from 'vitest';
import { Atlas } from '@/lib/diagnosis/atlas';
import { RandomCluster as RandomObjects } from '@/lib/diagnosis/testing/random-cluster';
import { RESOURCES } from '@/lib/kube/resources';
import { Graph } from '@/lib/topology/graph';
import type { Finding, TopologyDelta, TopologyNode } from '@/lib/topology/model';
import { drain } from '@/lib/topology/slices';
import { RandomCluster } from '@/lib/topology/testing/random-cluster';
import { MaskedGraph } from './masked-graph';
import { NameIndex } from './name-index';
import { CANARY, withCanaries } from './testing/canary-changes';

const RUNS = Number(process.env.PROPERTY_RUNS ?? 40);

const seeds = (first: number) => Array.from({ length: RUNS }, (_, i) => first + i);

function optionsOf(names: NameIndex, namespaces: readonly string[]) {
  return {
    namespaces: new Set(namespaces),
    names,
    opaque: (text: string) =>
      String(text.length * 7919 + [...text].reduce((sum, c, i) => sum + c.charCodeAt(0) * (i + 1), 0)),
    meaningOf: (code: string) => `meaning of ${code}`,
  };
}

const sorted = (items: ReadonlyMap<string, unknown>) => [...items].sort(([a], [b]) => (a < b ? -1 : 1));
const content = ({ nodes, edges, findings }: Graph) => ({
  nodes: sorted(nodes),
  edges: sorted(edges),
  findings: sorted(findings),
});

/** The mask from scratch: the definition. */
function scratch(graph: Graph, namespaces: readonly string[]): Graph {
  const names = new NameIndex(new Set());
  drain(names.fill(graph));
  const result = new Graph();
  result.apply(drain(new MaskedGraph(graph, optionsOf(names, namespaces)).fill()));
  return result;
}

/** A viewer from whom deltas are all that he has. */
class Viewer {
  readonly graph = new Graph();
  readonly namespaces: readonly string[];
  readonly #mask: MaskedGraph;

  constructor(graph: Graph, names: NameIndex, namespaces: readonly string[]) {
    this.namespaces = namespaces;
    this.#mask = new MaskedGraph(graph, optionsOf(names, namespaces));
    this.graph.apply(drain(this.#mask.fill()));
  }

  follow(delta: TopologyDelta, words: ReadonlySet<string>): void {
    this.graph.apply(drain(this.#mask.follow(delta, words)));
  }
}

/** Hosts say which namespaces name them, findings are about several namespaces and name others' things. */
function claimed(delta: TopologyDelta, cluster: RandomCluster): TopologyDelta {
  const ref = (namespace: string) => ({
    group: '',
    version: 'v1',
    resource: 'services',
    kind: 'Service',
    namespace,
    name: `s${cluster.below(4)}`,
  });
  const gathered = { type: 'nginx', services: [cluster.pick(['s1', 's3', 'p2', 'lb1'])] };
  const node = (item: TopologyNode): TopologyNode =>
    item.kind === 'controller'
      ? { ...item, detail: gathered }
      : item.kind === 'host'
        ? {
            ...item,
            detail: {
              ...item.detail,
              namespaces: ['a', 'b', 'c'].filter(() => cluster.below(2)),
              rules: { total: 3, failing: 0 },
            },
          }
        : item;
  const finding = (item: Finding): Finding => ({
    ...item,
    subject: cluster.below(4)
      ? ref(cluster.pick(['a', 'b', 'infra']))
      : { ...ref(''), kind: 'Host', name: 'x.example.com' },
    detail: cluster.pick(['', 'lb1', 'see s2', 'c1 of infra']),
    related: cluster.below(3) ? [] : [ref(cluster.pick(['a', 'c']))],
  });
  return {
    nodes: { ...delta.nodes, upsert: delta.nodes.upsert.map(node) },
    edges: delta.edges,
    findings: { ...delta.findings, upsert: delta.findings.upsert.map(finding) },
  };
}

function checkReferences({ nodes, edges, findings }: Graph): void {
  for (const edge of edges.values()) {
    expect(nodes.has(edge.source) && nodes.has(edge.target), edge.id).toBe(true);
    for (const id of edge.findings) expect(findings.has(id), id).toBe(true);
  }
  for (const node of nodes.values()) for (const id of node.findings) expect(findings.has(id), id).toBe(true);
  for (const { cause, id } of findings.values()) expect(cause === null || findings.has(cause), id).toBe(true);
}

describe('a masked graph', () => {
  test.each(seeds(1))('kept in step equals one from scratch (random graphs, seed %i)', (seed) => {
    const cluster = new RandomCluster(seed);
    const graph = new Graph();
    graph.apply(claimed(cluster.step(20), cluster));
    const names = new NameIndex(new Set());
    drain(names.fill(graph));
    const viewers = [['a'], ['b', 'c'], ['infra'], []].map(
      (namespaces) => new Viewer(graph, names, namespaces),
    );
    for (let step = 0; step < 25; step++) {
      const delta = claimed(cluster.step(1 + cluster.below(8)), cluster);
      graph.apply(delta);
      const words = drain(names.update(delta));
      for (const viewer of viewers) {
        viewer.follow(delta, words);
        expect(content(viewer.graph)).toEqual(content(scratch(graph, viewer.namespaces)));
      }
    }
  });

  test.each(seeds(1000))(
    'names nothing of others, and equals one from scratch (random objects, seed %i)',
    (seed) => {
      const cluster = new RandomObjects(seed);
      const atlas = new Atlas();
      atlas.change(
        RESOURCES.map((row) => ({
          type: 'coverage',
          coverage: { resource: row.id, state: 'watched', reason: '' },
        })),
      );
      const names = new NameIndex(new Set());
      const viewers = [['a'], []].map((namespaces) => new Viewer(atlas.graph, names, namespaces));
      let hidden = 0;
      for (let step = 0; step < 60; step++) {
        atlas.change([cluster.next(), cluster.next()].map(withCanaries));
        while (!atlas.run(cluster.now));
        const delta = atlas.publish(cluster.now);
        const words = drain(names.update(delta));
        for (const viewer of viewers) {
          viewer.follow(delta, words);
          const items = [viewer.graph.nodes, viewer.graph.edges, viewer.graph.findings].flatMap((map) => [
            ...map.values(),
          ]);
          const telling = items.filter((item) => JSON.stringify(item).includes(CANARY));
          expect(telling).toEqual([]);
        }
        hidden += [...atlas.graph.nodes.keys()].filter((id) => id.includes(CANARY)).length;
        if (step % 10 !== 9) continue;
        for (const viewer of viewers) {
          expect(content(viewer.graph)).toEqual(content(scratch(atlas.graph, viewer.namespaces)));
          checkReferences(viewer.graph);
        }
      }
      expect(hidden).toBeGreaterThan(0);
    },
  );

  test('who may see every namespace sees the graph as it is', () => {
    const cluster = new RandomObjects(5);
    const atlas = new Atlas();
    for (let step = 0; step < 900; step++) atlas.change([cluster.next()]);
    while (!atlas.run(cluster.now));
    atlas.publish(cluster.now);
    const own = [...atlas.graph.nodes.values()].filter(
      ({ kind }) => kind === 'rule' || kind === 'service' || kind === 'pod',
    );
    expect(own.length).toBeGreaterThan(5);
    const seen = scratch(atlas.graph, ['a', 'b']);
    for (const node of own) expect(seen.nodes.get(node.id)).toEqual(node);
    expect([...seen.edges.keys()].sort()).toEqual([...atlas.graph.edges.keys()].sort());
  });
});
