import type { Topology } from '@/lib/topology/model';

/** What an answer with a topology shows to whom it was given. */
export interface Seen {
  /** null: everything. */
  readonly limited: Topology['cluster']['limited'] | null;
  /** Of its nodes, sorted; those that are in none left out. */
  readonly namespaces: readonly string[];
}

/** Reads the answer to `GET /api/v1/topology`. */
export function seenIn(json: string): Seen {
  const { cluster, nodes } = JSON.parse(json) as Topology;
  const namespaces = new Set(nodes.map(({ namespace }) => namespace).filter((name) => name !== ''));
  return { limited: cluster.limited ?? null, namespaces: [...namespaces].sort() };
}

/** What is seen by whom RBAC gives nothing. */
export const NOTHING: Seen = { limited: { namespaces: 0, reason: '' }, namespaces: [] };
