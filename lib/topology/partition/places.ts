/** Where an index of all parts would meet each pivot: it tells in which order units come. */
import { edges, kindOf } from '@/lib/topology/chains';
import type { Graph } from '@/lib/topology/graph';
import type { TopologyEdge } from '@/lib/topology/model';
import { sliced } from '@/lib/topology/slices';
import type { Part } from './part';
import type { Tally } from './tally';

/** Places of a part: more than there are edges or nodes in one. */
export const EACH = 1e9;
/** Nodes come after the edges of all parts. */
export const LATE = 1e15;

/** Places of the pivots of parts that are whole, by the parts' numbers. */
export function* placesOf(
  graph: Graph,
  parts: readonly (Tally | Part | undefined)[],
): Generator<void, ReadonlyMap<string, number>> {
  const places = new Map<string, number>();
  const meet = (id: string, place: number) => places.set(id, Math.min(place, places.get(id) ?? place));
  for (const [n, part] of parts.entries()) {
    if (!part || 'units' in part) continue;
    let at = 0;
    yield* sliced(part.edges.values(), (edge) => {
      at++;
      for (const pivot of pivotsBy(graph, edge)) meet(pivot, n * EACH + at);
    });
    at = 0;
    yield* sliced(part.nodes.values(), ({ id, kind }) => {
      at++;
      if (kind === 'rule' || kind === 'service') meet(id, LATE + n * EACH + at);
    });
  }
  return places;
}

/** The pivots that an edge leads an index to when it begins. */
function pivotsBy(graph: Graph, { source, target }: TopologyEdge): readonly string[] {
  const [from, to] = [kindOf(source), kindOf(target)];
  const pivots = [...(from === 'rule' ? [source] : []), ...(to === 'rule' ? [target] : [])];
  if (from === 'host')
    for (const onward of edges(graph, graph.out(target)))
      if (kindOf(onward.target) === 'service') pivots.push(onward.target);
  if (from === 'loadbalancer' && to === 'service') pivots.push(target);
  return pivots;
}
