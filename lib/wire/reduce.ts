/** The client's reducer: a snapshot, then deltas. What did not change keeps its reference, so that drawing can skip it. */
import type {
  ClusterInfo,
  Coverage,
  Finding,
  Patch,
  Summary,
  Topology,
  TopologyEdge,
  TopologyNode,
} from '@/lib/topology/model';
import { equalJson } from './equal';
import type { Delta, Snapshot } from './messages';

/** A view's topology, keyed by id. Maps, because ids come from the cluster and may be `__proto__`. */
export interface TopologyState {
  readonly epoch: string;
  readonly version: number;
  readonly takenAt: string;
  readonly cluster: ClusterInfo;
  readonly coverage: readonly Coverage[];
  readonly nodes: ReadonlyMap<string, TopologyNode>;
  readonly edges: ReadonlyMap<string, TopologyEdge>;
  readonly findings: ReadonlyMap<string, Finding>;
  readonly summary: Summary;
}

/** What a delta did: `ignored` = already known; `resync` = something is missing, ask for a fresh snapshot. */
export type Reduction =
  | { readonly type: 'applied'; readonly state: TopologyState }
  | { readonly type: 'ignored'; readonly state: TopologyState }
  | { readonly type: 'resync'; readonly reason: string };

/** Starts from a snapshot (or any whole topology), keeping what an earlier state already has equal. */
export function applySnapshot(snapshot: Snapshot | Topology, previous?: TopologyState): TopologyState {
  return {
    epoch: snapshot.epoch,
    version: snapshot.version,
    takenAt: snapshot.takenAt,
    cluster: kept(previous?.cluster, snapshot.cluster),
    coverage: kept(previous?.coverage, snapshot.coverage),
    nodes: keyed(snapshot.nodes, previous?.nodes),
    edges: keyed(snapshot.edges, previous?.edges),
    findings: keyed(snapshot.findings, previous?.findings),
    summary: kept(previous?.summary, snapshot.summary),
  };
}

/** Applies a delta. A delta may span versions already seen (upserts and removals repeat harmlessly), never leave some out. */
export function applyDelta(state: TopologyState | undefined, delta: Delta): Reduction {
  if (!state) return { type: 'resync', reason: 'a delta came before any snapshot' };
  if (delta.epoch !== state.epoch) return { type: 'resync', reason: 'the server has restarted' };
  if (delta.version <= state.version) return { type: 'ignored', state };
  if (delta.from > state.version)
    return { type: 'resync', reason: `versions ${state.version} to ${delta.from} are missing` };
  return {
    type: 'applied',
    state: {
      epoch: state.epoch,
      version: delta.version,
      takenAt: delta.takenAt,
      cluster: delta.cluster ? kept(state.cluster, delta.cluster) : state.cluster,
      coverage: delta.coverage ? kept(state.coverage, delta.coverage) : state.coverage,
      nodes: patched(state.nodes, delta.nodes),
      edges: patched(state.edges, delta.edges),
      findings: patched(state.findings, delta.findings),
      summary: kept(state.summary, delta.summary),
    },
  };
}

/** Takes over the cluster's connection ahead of the delta that will carry it too. */
export function applyConnection(state: TopologyState, cluster: ClusterInfo): TopologyState {
  const next = kept(state.cluster, cluster);
  return next === state.cluster ? state : { ...state, cluster: next };
}

/** The state as a whole topology, sorted by id. */
export function toTopology(state: TopologyState): Topology {
  return {
    ...state,
    nodes: sorted(state.nodes),
    edges: sorted(state.edges),
    findings: sorted(state.findings),
  };
}

function kept<T>(before: T | undefined, now: T): T {
  return before !== undefined && equalJson(before, now) ? before : now;
}

function keyed<T extends { readonly id: string }>(
  items: readonly T[],
  previous?: ReadonlyMap<string, T>,
): ReadonlyMap<string, T> {
  const result = new Map(items.map((item) => [item.id, kept(previous?.get(item.id), item)]));
  if (!previous || previous.size !== result.size) return result;
  for (const [id, item] of result) if (previous.get(id) !== item) return result;
  return previous;
}

function patched<T extends { readonly id: string }>(
  before: ReadonlyMap<string, T>,
  patch: Patch<T>,
): ReadonlyMap<string, T> {
  const removed = patch.remove.filter((id) => before.has(id));
  const changed = patch.upsert.filter((item) => !equalJson(before.get(item.id), item));
  if (removed.length === 0 && changed.length === 0) return before;
  const result = new Map(before);
  for (const id of removed) result.delete(id);
  for (const item of changed) result.set(item.id, item);
  return result;
}

function sorted<T extends { readonly id: string }>(items: ReadonlyMap<string, T>): readonly T[] {
  return [...items.values()].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}
