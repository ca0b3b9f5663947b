import { describe, expect, test } from 'vitest';
import { Graph } from '@/lib/topology/graph';
import type { TopologyDelta } from '@/lib/topology/model';
import { drain } from '@/lib/topology/slices';
import { RandomCluster } from '@/lib/topology/testing/random-cluster';
import { RandomNamespaces } from '@/lib/topology/testing/random-namespaces';
import { type Drawn, indexed, viewOf } from '@/lib/topology/view';
import { NO_FILTERS, type ViewFilters } from '@/lib/topology/view-filters';
import { isOverview, Overview } from './overview';
import { Part } from './part';
import { split } from './split';
import { tallyOf } from './tally';

/** To the byte: what is answered must not depend on how it was found. */
function content({ nodes, edges, findings }: Drawn) {
  const told = { nodes: [...nodes.values()], edges: [...edges.values()], findings: [...findings.values()] };
  return JSON.stringify(told, null, 1);
}

function partsOf(delta: TopologyDelta): ReadonlyMap<string, Part> {
  const parts = new Map<string, Part>([['', new Part()]]);
  for (const [name, patch] of [...drain(split(delta))].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const part = parts.get(name) ?? new Part();
    parts.set(name, part);
    part.apply(patch);
  }
  return parts;
}

/** `stored`: what is told in counts comes from its JSON, without the parts. */
function overview(parts: ReadonlyMap<string, Part>, filters: ViewFilters, stored: boolean): Drawn | null {
  const found = new Overview(filters, parts.get('') ?? new Part());
  for (const [name, part] of parts) {
    const told = stored ? JSON.parse(JSON.stringify(tallyOf(part))) : null;
    found.add(name, told && found.accepts(name, told) ? { tally: told, findings: part.findings } : part);
  }
  for (;;) {
    const drawn = drain(found.draw());
    if (!(drawn instanceof Set)) return drawn as Drawn | null;
    for (const name of drawn) found.replace(name, parts.get(name) ?? new Part());
  }
}

function compare(parts: ReadonlyMap<string, Part>, budget: number, stored = budget % 2 === 0): boolean {
  const filters: ViewFilters = { ...NO_FILTERS, budget };
  const graph = new Graph();
  for (const part of parts.values()) graph.apply(part.topology());
  const drawn = overview(parts, filters, stored);
  const plain = viewOf(indexed(graph), filters);
  if (drawn) expect(content(drawn)).toBe(content(plain));
  return drawn !== null;
}

const whole = (graph: Graph): TopologyDelta => ({
  nodes: { upsert: [...graph.nodes.values()], remove: [] },
  edges: { upsert: [...graph.edges.values()], remove: [] },
  findings: { upsert: [...graph.findings.values()], remove: [] },
});

describe('an overview from counts', () => {
  let counted = 0;

  test.each(Array.from({ length: 80 }, (_, i) => i + 1))(
    'equals that of the whole graph (seed %i)',
    (seed) => {
      const parts = partsOf(new RandomNamespaces(seed).topology());
      for (const budget of [1, 4, 9, 20, 45, 90]) if (compare(parts, budget)) counted++;
    },
  );

  test('was drawn from counts in most of these', () => {
    expect(counted).toBeGreaterThan(240);
  });

  test.each(Array.from({ length: 20 }, (_, i) => i + 1))(
    'equals it also of tangled graphs (seed %i)',
    (seed) => {
      const cluster = new RandomCluster(seed, { healthy: seed % 2 === 0 });
      for (let step = 0; step < 20; step++) {
        cluster.step(1 + cluster.below(10));
        for (const budget of [2, 7, 15]) compare(partsOf(whole(cluster.graph)), budget);
      }
    },
  );

  test('is not asked where something is chosen or unfolded', () => {
    expect(isOverview({ ...NO_FILTERS, budget: 9 })).toBe(true);
    expect(isOverview(NO_FILTERS)).toBe(false);
    expect(isOverview({ ...NO_FILTERS, budget: 9, namespace: ['a'] })).toBe(false);
    expect(isOverview({ ...NO_FILTERS, budget: 9, expand: ['group:x'] })).toBe(false);
  });

  test('draws everything the plain way where it is within the budget', () => {
    const parts = partsOf(new RandomNamespaces(1).topology());
    expect(overview(parts, { ...NO_FILTERS, budget: 100_000 }, false)).toBeNull();
  });
});
