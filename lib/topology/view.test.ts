import { describe, expect, test } from 'vitest';
import { ChainIndex } from './chain-index';
import { kindOf } from './chains';
import { diffDrawn } from './drawn-diff';
import { FindingIndex } from './finding-index';
import type { TopologyDelta } from './model';
import { drain } from './slices';
import { RandomCluster } from './testing/random-cluster';
import { type Drawn, indexed, NOTHING_DRAWN, View, viewOf } from './view';
import { NO_FILTERS, type ViewFilters } from './view-filters';

const SEEDS = Array.from({ length: 25 }, (_, i) => i + 1);

function plain(index: ChainIndex) {
  const sorted = <T>(map: ReadonlyMap<string, T>) => [...map].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    chains: sorted(index.chains),
    loose: [...index.loose].sort(),
    units: sorted(index.units).map(([id, unit]) => ({
      id,
      pivots: [...unit.pivots].sort(),
      owned: sorted(unit.owned as ReadonlyMap<string, number>),
      status: unit.status,
      namespace: unit.namespace,
    })),
    owners: [...index.chains.values()]
      .flatMap((chain) => chain.nodes.map((node) => [node, index.ownerOf(node)]))
      .sort(),
  };
}

function content(drawn: Drawn) {
  const sorted = <T extends { id: string }>(map: ReadonlyMap<string, T>) =>
    [...map.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  return { nodes: sorted(drawn.nodes), edges: sorted(drawn.edges), findings: sorted(drawn.findings) };
}

function someFilters(cluster: RandomCluster): ViewFilters {
  const ids = [...cluster.graph.nodes.keys()];
  const change: Partial<ViewFilters>[] = [
    {},
    { budget: cluster.below(60) + 1 },
    { namespace: ['a'] },
    { host: ['x.example.com', '*'] },
    { class: ['nginx'], budget: 5 },
    { controller: ['nginx'] },
    { service: ['s1', 'b/s2'] },
    { status: ['broken', 'degraded'] },
    { q: 'example cart' },
    { q: '10.0.0.1', budget: 12 },
    { focus: cluster.pick(ids) },
    { budget: 8, expand: ['group:hosts/example.com/a', 'group:pods/a/s1'] },
  ];
  return { ...NO_FILTERS, ...cluster.pick(change) };
}

describe('the chain index', () => {
  test.each(SEEDS)('kept change by change equals from scratch (seed %i)', (seed) => {
    const cluster = new RandomCluster(seed);
    const index = new ChainIndex(cluster.graph);
    for (let step = 0; step < 60; step++) {
      index.apply(cluster.step(1 + cluster.below(6)));
      expect(plain(index)).toEqual(plain(new ChainIndex(cluster.graph)));
    }
  });
});

describe('a view', () => {
  test.each(SEEDS)('drawn again only when touched equals drawn from scratch (seed %i)', (seed) => {
    const cluster = new RandomCluster(seed + 100);
    cluster.step(40);
    const source = indexed(cluster.graph);
    const views = Array.from({ length: 6 }, () => someFilters(cluster)).map((filters) => ({
      filters,
      view: new View(source, filters),
      drawn: NOTHING_DRAWN,
    }));
    for (const entry of views) entry.drawn = drain(entry.view.draw());
    for (let step = 0; step < 40; step++) {
      const delta = cluster.step(1 + cluster.below(4));
      const touched = source.chains.apply(delta);
      source.findings.apply(delta);
      const scratch = indexed(cluster.graph);
      for (const entry of views) {
        if (drain(entry.view.refresh(touched, delta))) {
          const { drawn, delta: change } = diffDrawn(entry.drawn, drain(entry.view.draw()));
          expect(content(patched(entry.drawn, change))).toEqual(content(drawn));
          entry.drawn = drawn;
        }
        expect(content(entry.drawn)).toEqual(content(viewOf(scratch, entry.filters)));
      }
    }
  });

  test.each(SEEDS)(
    'folding drops nothing: every node is drawn or counted in exactly one group (seed %i)',
    (seed) => {
      const cluster = new RandomCluster(seed + 200, { healthy: seed % 3 === 0 });
      cluster.step(30 + cluster.below(120));
      const source = indexed(cluster.graph);
      for (let i = 0; i < 12; i++) {
        const filters = someFilters(cluster);
        const whole = viewOf(source, { ...filters, budget: null });
        const folded = viewOf(source, { ...filters, budget: 1 + cluster.below(whole.nodes.size + 2) });
        expect(countsOf(folded)).toEqual(countsOf(whole));
        for (const [id, node] of folded.nodes)
          if (node.kind !== 'group') expect(whole.nodes.get(id)).toBe(node);
        for (const edge of folded.edges.values()) {
          expect(folded.nodes.has(edge.source) && folded.nodes.has(edge.target)).toBe(true);
        }
      }
    },
  );

  test.each(SEEDS)('nothing folds within the budget (seed %i)', (seed) => {
    const cluster = new RandomCluster(seed + 300);
    cluster.step(60);
    const source = indexed(cluster.graph);
    const filters = someFilters(cluster);
    const whole = viewOf(source, { ...filters, budget: null });
    const fits = viewOf(source, { ...filters, budget: Math.max(1, whole.nodes.size) });
    expect(content(fits).nodes).toEqual(content(whole).nodes);
  });

  test.each(SEEDS)(
    'findings: those listed by what is drawn or naming it, and their causes (seed %i)',
    (seed) => {
      const cluster = new RandomCluster(seed + 400);
      cluster.step(80);
      const source = indexed(cluster.graph);
      const view = viewOf(source, { ...NO_FILTERS, namespace: ['a'] });
      const wanted = new Set<string>();
      const add = (id: string) => {
        const finding = cluster.graph.findings.get(id);
        if (!finding || wanted.has(id)) return;
        wanted.add(id);
        if (finding.cause) add(finding.cause);
      };
      for (const node of view.nodes.values()) for (const id of node.findings) add(id);
      for (const finding of cluster.graph.findings.values()) {
        if (finding.affects.some(({ host, rule }) => view.nodes.has(host) || view.nodes.has(rule)))
          add(finding.id);
      }
      expect([...view.findings.keys()].sort()).toEqual([...wanted].sort());
    },
  );
});

test('the finding index kept change by change equals from scratch (seeds 1 to 10)', () => {
  for (let seed = 1; seed <= 10; seed++) {
    const cluster = new RandomCluster(seed + 500);
    const index = new FindingIndex(cluster.graph);
    for (let step = 0; step < 50; step++) {
      index.apply(cluster.step(3));
      const scratch = new FindingIndex(cluster.graph);
      expect([...index.problems].sort()).toEqual([...scratch.problems].sort());
      for (const id of cluster.graph.nodes.keys()) {
        expect([...index.affecting(id)].sort()).toEqual([...scratch.affecting(id)].sort());
      }
    }
  }
});

/** Nodes by kind, those that groups count included. */
function countsOf(drawn: Drawn): Record<string, number> {
  const counts: Record<string, number> = {};
  const add = (kind: string, n: number) => {
    counts[kind] = (counts[kind] ?? 0) + n;
  };
  for (const node of drawn.nodes.values()) {
    const detail = node.detail as { folds?: string; count?: number; members?: Record<string, number> };
    if (node.kind !== 'group') add(kindOf(node.id), 1);
    else if (detail.folds === 'pods') add('pod', detail.count ?? 0);
    else for (const [kind, n] of Object.entries(detail.members ?? {})) add(kind, n);
  }
  return counts;
}

function patched(before: Drawn, delta: TopologyDelta): Drawn {
  const apply = <T extends { id: string }>(
    items: ReadonlyMap<string, T>,
    change: { upsert: readonly T[]; remove: readonly string[] },
  ) => {
    const result = new Map(items);
    for (const id of change.remove) result.delete(id);
    for (const item of change.upsert) result.set(item.id, item);
    return result;
  };
  return {
    nodes: apply(before.nodes, delta.nodes),
    edges: apply(before.edges, delta.edges),
    findings: apply(before.findings, delta.findings),
  };
}
