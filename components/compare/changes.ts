/** What changed, on the picture: signs on cards, and what is no longer (or not yet) there drawn with it. Pure. */
import type { WireDiff } from '@/lib/wire/diff';
import type { TopologyState } from '@/lib/wire/reduce';

export type Change = WireDiff['nodes'][number]['change'];

export interface NodeChange {
  readonly change: Change;
  /** It stands on the other side only: not there at the moment that is drawn. */
  readonly absent: boolean;
}

/** By node id. */
export type Changes = ReadonlyMap<string, NodeChange>;

export const NO_CHANGES: Changes = new Map();

/** Each change has a sign and a word: colour alone would not be seen by all. */
export const CHANGE_SIGN: Readonly<Record<Change, string>> = { added: '+', removed: '−', changed: '≠' };
export const CHANGE_WORD: Readonly<Record<Change, string>> = {
  added: 'added',
  removed: 'removed',
  changed: 'changed',
};

/** Folded into groups, which count them: drawn one by one they would be counted twice. */
const FOLDED: ReadonlySet<string> = new Set(['pod', 'endpoint']);

/** Signs for the nodes of a picture. A thing that moved stands under its id of before or after, as it is drawn. */
export function changesOf(diff: WireDiff, drawn: 'from' | 'to'): Changes {
  const changes = new Map<string, NodeChange>();
  for (const { id, was, change } of diff.nodes) {
    const known = { change, absent: change === missingFrom(drawn) };
    changes.set(id, known);
    if (was !== null) changes.set(was, known);
  }
  return changes;
}

/** The topology with what stands on the other side only. */
export function withOther(topology: TopologyState, diff: WireDiff, drawn: 'from' | 'to'): TopologyState {
  const missing = missingFrom(drawn);
  const nodes = new Map(topology.nodes);
  for (const { change, node } of diff.nodes)
    if (change === missing && !FOLDED.has(node.kind) && !nodes.has(node.id)) nodes.set(node.id, node);
  if (nodes.size === topology.nodes.size) return topology;
  const edges = new Map(topology.edges);
  for (const { change, edge } of diff.edges)
    if (change === missing && nodes.has(edge.source) && nodes.has(edge.target) && !edges.has(edge.id))
      edges.set(edge.id, edge);
  return { ...topology, nodes, edges };
}

/** What has no place in the picture by itself. */
function missingFrom(drawn: 'from' | 'to'): Change {
  return drawn === 'to' ? 'removed' : 'added';
}
