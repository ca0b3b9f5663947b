/** What changed between two drawings of a view. */
import { share } from '@/lib/state/share';
import type { Patch, TopologyDelta } from './model';
import type { Drawn } from './view';

/** The later drawing with equal items replaced by the earlier ones' references, and the difference. */
export function diffDrawn(
  before: Drawn,
  after: Drawn,
): { readonly drawn: Drawn; readonly delta: TopologyDelta } {
  const nodes = diff(before.nodes, after.nodes);
  const edges = diff(before.edges, after.edges);
  const findings = diff(before.findings, after.findings);
  return {
    drawn: { nodes: nodes.items, edges: edges.items, findings: findings.items },
    delta: { nodes: nodes.patch, edges: edges.patch, findings: findings.patch },
  };
}

/** Whether a delta changes anything. */
export function isEmpty(delta: TopologyDelta): boolean {
  return [delta.nodes, delta.edges, delta.findings].every(
    (patch) => patch.upsert.length === 0 && patch.remove.length === 0,
  );
}

function diff<T>(
  before: ReadonlyMap<string, T>,
  after: ReadonlyMap<string, T>,
): { items: ReadonlyMap<string, T>; patch: Patch<T> } {
  const items = new Map<string, T>();
  const upsert: T[] = [];
  const remove: string[] = [];
  for (const [id, item] of after) {
    const shared = share(before.get(id), item);
    items.set(id, shared);
    if (shared !== before.get(id)) upsert.push(shared);
  }
  for (const id of before.keys()) if (!after.has(id)) remove.push(id);
  return { items, patch: { upsert, remove } };
}
