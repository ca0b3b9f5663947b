/** Who edited what between two times, from the edits that nodes carry in `detail.edits`. */
import type { TopologyNode } from '@/lib/topology/model';
import type { Who } from './model';
import { objects } from './readings';

/** Times of managedFields are whole seconds. */
const SECOND_MS = 1000;

/** The time between two topologies, epoch ms. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/** The edits that a node tells. */
export function editsOf(node: TopologyNode | null): readonly Who[] {
  return objects(node?.detail.edits).flatMap(({ object, manager, at }) =>
    typeof object === 'string' && typeof manager === 'string' && typeof at === 'string'
      ? [{ object, manager, at }]
      : [],
  );
}

/**
 * The latest edit that came between: of an object that both know, one that the earlier does not have; of others, one whose
 * time lies between. `earlier` and `later` are the same thing at both times, null where it was not there.
 */
export function whoBetween(
  earlier: TopologyNode | null,
  later: TopologyNode | null,
  window: Window,
): Who | null {
  const known = new Map(editsOf(earlier).map((edit) => [edit.object, edit]));
  return latest(editsOf(later).filter((edit) => isBetween(known.get(edit.object), edit, window)));
}

/** Whether the edit came after the one that was known before, or else within the window. */
function isBetween(before: Who | undefined, edit: Who, window: Window): boolean {
  if (before) return before.at !== edit.at || before.manager !== edit.manager;
  return isWithin(edit, window);
}

/** Whether an edit's time lies in the window, give or take the second to which it is rounded. */
export function isWithin(edit: Who, { from, to }: Window): boolean {
  const at = Date.parse(edit.at);
  return at + SECOND_MS > from && at <= to + SECOND_MS;
}

/** The latest of some edits. */
export function latest(edits: readonly Who[]): Who | null {
  let found: Who | null = null;
  for (const edit of edits) if (found === null || Date.parse(edit.at) > Date.parse(found.at)) found = edit;
  return found;
}
