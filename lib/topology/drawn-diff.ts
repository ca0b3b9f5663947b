/** What changed between two drawings of a view. */
import { share } from '@/lib/state/share';
import type { Patch, TopologyDelta } from './model';
import { drain, sliced } from './slices';
import type { Drawn } from './view';

export interface DrawnDiff {
  readonly drawn: Drawn;
  readonly delta: TopologyDelta;
}

/** The later drawing with equal items replaced by the earlier ones' references, and the difference. */
export function diffDrawn(before: Drawn, after: Drawn): DrawnDiff {
  return drain(diffing(before, after));
}

/** The same in slices. */
export function* diffing(before: Drawn, after: Drawn): Generator<void, DrawnDiff> {
  const nodes = yield* diff(before.nodes, after.nodes);
  const edges = yield* diff(before.edges, after.edges);
  const findings = yield* diff(before.findings, after.findings);
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

function* diff<T>(
  before: ReadonlyMap<string, T>,
  after: ReadonlyMap<string, T>,
): Generator<void, { items: ReadonlyMap<string, T>; patch: Patch<T> }> {
  const items = new Map<string, T>();
  const upsert: T[] = [];
  const remove: string[] = [];
  yield* sliced(after, ([id, item]) => {
    const earlier = before.get(id);
    const shared = share(earlier, item);
    items.set(id, shared);
    if (shared !== earlier) upsert.push(shared);
  });
  yield* sliced(before.keys(), (id) => {
    if (!after.has(id)) remove.push(id);
  });
  return { items, patch: { upsert, remove } };
}
