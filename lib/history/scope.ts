/** Of what a comparison tells: all, or what some ids name. */
import { Graph } from '@/lib/topology/graph';
import type { Finding, TopologyEdge, TopologyNode } from '@/lib/topology/model';
import { sliced } from '@/lib/topology/slices';
import { indexed, View } from '@/lib/topology/view';
import { NO_FILTERS } from '@/lib/topology/view-filters';

/** One of two topologies that are compared. */
export interface Side {
  /** RFC 3339. */
  readonly takenAt: string;
  readonly nodes: readonly TopologyNode[];
  readonly edges: readonly TopologyEdge[];
  readonly findings: readonly Finding[];
}

/** Ids of nodes, edges and findings. */
export type Scope = ReadonlySet<string>;

/** Everything that stands on some of these sides. */
export function* idsOf(sides: readonly Side[]): Generator<void, Scope> {
  const ids = new Set<string>();
  for (const { nodes, edges, findings } of sides)
    for (const items of [nodes, edges, findings])
      yield* sliced<{ id: string }>(items, ({ id }) => ids.add(id));
  return ids;
}

/** The chains through a node, as they are on either side. */
export function* chainsThrough(focus: string, sides: readonly Side[]): Generator<void, Scope> {
  const ids = new Set<string>();
  for (const { nodes, edges, findings } of sides) {
    const graph = new Graph();
    const all = <T>(upsert: readonly T[]) => ({ upsert, remove: [] });
    yield* graph.applying({ nodes: all(nodes), edges: all(edges), findings: all(findings) });
    const drawn = yield* new View(indexed(graph), { ...NO_FILTERS, focus }).draw();
    for (const items of [drawn.nodes, drawn.edges, drawn.findings])
      for (const id of items.keys()) ids.add(id);
  }
  return ids;
}
