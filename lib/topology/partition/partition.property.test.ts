import { describe, expect, test } from 'vitest';
import { hostOfRule } from '@/lib/topology/chains';
import { Graph } from '@/lib/topology/graph';
import { edgeId } from '@/lib/topology/ids';
import type { TopologyDelta } from '@/lib/topology/model';
import { drain } from '@/lib/topology/slices';
import { beforeOf } from '@/lib/topology/testing/before';
import { RandomCluster } from '@/lib/topology/testing/random-cluster';
import { type Drawn, indexed, viewOf } from '@/lib/topology/view';
import { NO_FILTERS, type ViewFilters } from '@/lib/topology/view-filters';
import { drawFrom } from './assembly';
import { Part, patchPieces, patchText, type StoredPatch } from './part';
import { split } from './split';

function content(drawn: Drawn) {
  const sorted = <T extends { id: string }>(map: ReadonlyMap<string, T>) =>
    [...map.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  return { nodes: sorted(drawn.nodes), edges: sorted(drawn.edges), findings: sorted(drawn.findings) };
}

/** The parts as they would be read back: through their JSON. */
class Parts {
  readonly parts = new Map<string, Part>();
  readonly #all = new Graph();

  take(delta: TopologyDelta): void {
    for (const [name, patch] of drain(split(delta, beforeOf(this.#all, delta)))) {
      const part = this.parts.get(name) ?? new Part();
      this.parts.set(name, part);
      const text = patchText(patch);
      expect(JSON.parse([...patchPieces(patch)].join(''))).toEqual(JSON.parse(text));
      part.apply(JSON.parse(text) as StoredPatch);
    }
    this.#all.apply(delta);
  }
}

/** Findings get subjects in several namespaces, and Services lead to Services of others: what partitions could miss. */
function crossed(delta: TopologyDelta, cluster: RandomCluster): TopologyDelta {
  const named = (id: string) =>
    id.replace(/^f(\d):x$/, (_, n: string) => `f${n}:Service/${'abc-'[Number(n) % 4]}/x`);
  const listing = <T extends { readonly findings: readonly string[] }>(item: T): T => ({
    ...item,
    findings: item.findings.map(named),
  });
  const services = [...cluster.graph.nodes.keys()].filter((id) => id.startsWith('service:'));
  const [source, target] = [cluster.pick(['', ...services]), cluster.pick(['', ...services])];
  const id = edgeId('routes', source, target);
  const edge = {
    source,
    target,
    kind: 'routes',
    status: 'ok',
    basis: 'declared',
    label: '',
    findings: [],
    id,
  } as const;
  return {
    nodes: { ...delta.nodes, upsert: delta.nodes.upsert.map(listing) },
    edges: {
      upsert: [...delta.edges.upsert.map(listing), ...(source && target ? [edge] : [])],
      remove: delta.edges.remove,
    },
    findings: {
      upsert: delta.findings.upsert.map((finding) => ({
        ...finding,
        id: named(finding.id),
        cause: finding.cause && named(finding.cause),
        affects: finding.affects.map((affected) => ({ ...affected, host: hostOf(cluster, affected.rule) })),
      })),
      remove: delta.findings.remove.map(named),
    },
  };
}

function hostOf(cluster: RandomCluster, rule: string): string {
  const node = cluster.graph.nodes.get(rule);
  return node ? hostOfRule(node) : 'host:*';
}

function filtersOf(cluster: RandomCluster): readonly ViewFilters[] {
  const ids = [...cluster.graph.nodes.keys()];
  const change: Partial<ViewFilters>[] = [
    {},
    { budget: 12 },
    { namespace: ['a'] },
    { namespace: ['b'], budget: 6 },
    { namespace: ['nowhere'] },
    { host: ['x.example.com'] },
    { host: ['*', 'direct.org'], budget: 5 },
    { service: ['a/s1', 'b/s2'] },
    { service: ['s1'] },
    { status: ['broken', 'degraded'], namespace: ['c'] },
    { q: 'example cart' },
    { focus: cluster.pick(ids) },
    { focus: cluster.pick(ids), budget: 7 },
    { focus: 'pod:a/none' },
  ];
  return change.map((part) => ({ ...NO_FILTERS, ...part }));
}

describe('a view from some partitions', () => {
  test.each(Array.from({ length: 40 }, (_, i) => i + 1))(
    'equals that of the whole graph (seed %i)',
    (seed) => {
      const cluster = new RandomCluster(seed);
      const parts = new Parts();
      const graph = new Graph();
      const empty = new Part();
      for (let step = 0; step < 25; step++) {
        const delta = crossed(cluster.step(1 + cluster.below(12)), cluster);
        graph.apply(delta);
        parts.take(delta);
        if (step % 4 !== 3) continue;
        const source = indexed(graph);
        for (const filters of filtersOf(cluster)) {
          const drawn = drain(drawFrom(parts.parts, filters, empty));
          expect({ filters, ...content(drawn) }).toEqual({ filters, ...content(viewOf(source, filters)) });
        }
      }
    },
  );

  test('puts every item into exactly one partition', () => {
    const cluster = new RandomCluster(7);
    const parts = new Parts();
    for (let step = 0; step < 60; step++) parts.take(cluster.step(8));
    const graph = new Graph();
    for (const part of parts.parts.values()) {
      for (const map of [part.nodes, part.edges, part.findings] as const)
        for (const id of map.keys()) expect(graph.nodes.has(id) || graph.edges.has(id)).toBe(false);
      graph.apply(part.topology());
    }
    expect(content(graph)).toEqual(content(cluster.graph));
    expect([...parts.parts.keys()].sort()).toEqual(['', 'a', 'b', 'c']);
  });
});
