/** Of what a comparison tells: all, or what filters choose on either side. */
import { Graph } from '@/lib/topology/graph';
import type { Finding, TopologyEdge, TopologyNode } from '@/lib/topology/model';
import { sliced } from '@/lib/topology/slices';
import { indexed, View } from '@/lib/topology/view';
import { NO_FILTERS, type ViewFilters } from '@/lib/topology/view-filters';

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

/** The chains through a node, as they are on either side. */
export function chainsThrough(focus: string, sides: readonly Side[]): Generator<void, Scope> {
  return idsWithin(sides, { ...NO_FILTERS, focus });
}

/** What filters choose on any of these sides. */
export function* idsWithin(sides: readonly Side[], filters: ViewFilters): Generator<void, Scope> {
  const ids = new Set<string>();
  for (const { nodes, edges, findings } of sides) {
    const graph = new Graph();
    const all = <T>(upsert: readonly T[]) => ({ upsert, remove: [] });
    yield* graph.applying({ nodes: all(nodes), edges: all(edges), findings: all(findings) });
    const drawn = yield* new View(indexed(graph), filters).draw();
    for (const items of [drawn.nodes, drawn.edges, drawn.findings])
      for (const id of items.keys()) ids.add(id);
  }
  return ids;
}

/** The namespaces of both sides, where something stands on one of them only; none where nothing does. */
export function* loneNamespaces(sides: readonly [Side, Side]): Generator<void, readonly string[]> {
  const [a, b] = [yield* idsOf(sides[0]), yield* idsOf(sides[1])];
  const isLone = [...a].some((id) => !b.has(id)) || [...b].some((id) => !a.has(id));
  if (!isLone) return [];
  const namespaces = new Set<string>();
  for (const { nodes } of sides) yield* sliced(nodes, ({ namespace }) => namespaces.add(namespace));
  namespaces.delete('');
  return [...namespaces].sort();
}

/** Everything that stands on a side. */
function* idsOf({ nodes, edges, findings }: Side): Generator<void, Scope> {
  const ids = new Set<string>();
  for (const items of [nodes, edges, findings])
    yield* sliced<{ readonly id: string }>(items, ({ id }) => ids.add(id));
  return ids;
}
