/** Compares the items of two collections by id, moved ones by their pair. */
import { sliced } from '@/lib/topology/slices';
import { differing, type Fields } from './fields';
import type { Change, Count, FieldChange } from './model';
import type { Moves } from './moved';
import type { Scope } from './scope';

interface Item {
  readonly id: string;
}

/** A thing on both sides; null: it was not there, or is not any more. */
export interface Pair<T> {
  readonly change: Change;
  readonly id: string;
  readonly was: string | null;
  readonly before: T | null;
  readonly after: T | null;
  readonly fields: readonly FieldChange[];
}

export interface Comparison<T extends Item> {
  readonly before: readonly T[];
  readonly after: readonly T[];
  readonly fields: (item: T) => Fields;
  readonly moved: (gone: readonly T[], come: readonly T[]) => Moves;
  /** Null: everything. */
  readonly scope: Scope | null;
  /** Whether an item that stands on one side only may be folded away on the other. */
  readonly hidden: (item: T, other: 'before' | 'after') => boolean;
}

export interface Compared<T> {
  readonly pairs: readonly Pair<T>[];
  readonly moves: Moves;
  readonly folded: number;
}

/** What differs, in no order yet, in slices. */
export function* comparing<T extends Item>(comparison: Comparison<T>): Generator<void, Compared<T>> {
  const { scope, hidden } = comparison;
  const before = yield* byId(comparison.before);
  const after = yield* byId(comparison.after);
  const within = (id: string) => scope === null || scope.has(id);
  const lone = (items: ReadonlyMap<string, T>, others: ReadonlyMap<string, T>, other: 'before' | 'after') =>
    [...items.values()].filter(
      (item) => !others.has(item.id) && within(item.id) && !(hidden(item, other) && ++folded > 0),
    );
  let folded = 0;
  const gone = lone(before, after, 'after');
  yield;
  const come = lone(after, before, 'before');
  const moves = comparison.moved(gone, come);
  yield;
  const pairs: Pair<T>[] = [];
  const both = (id: string, was: string | null, earlier: T, later: T) => {
    const fields = differing(comparison.fields(earlier), comparison.fields(later));
    if (fields.length > 0) pairs.push({ change: 'changed', id, was, before: earlier, after: later, fields });
  };
  yield* sliced(after, ([id, later]) => {
    const earlier = before.get(id);
    if (earlier && earlier !== later && within(id)) both(id, null, earlier, later);
  });
  const arrived = new Set(moves.values());
  yield* sliced(gone, (item) => {
    const id = moves.get(item.id);
    const later = id === undefined ? undefined : after.get(id);
    if (id !== undefined && later) both(id, item.id, item, later);
    else pairs.push({ change: 'removed', id: item.id, was: null, before: item, after: null, fields: [] });
  });
  yield* sliced(come, (item) => {
    if (!arrived.has(item.id))
      pairs.push({ change: 'added', id: item.id, was: null, before: null, after: item, fields: [] });
  });
  return { pairs, moves, folded };
}

/** How many of each. */
export function countOf(pairs: readonly { readonly change: Change }[]): Count {
  const count = { added: 0, removed: 0, changed: 0 };
  for (const { change } of pairs) count[change]++;
  return count;
}

function* byId<T extends Item>(items: readonly T[]): Generator<void, ReadonlyMap<string, T>> {
  const found = new Map<string, T>();
  yield* sliced(items, (item) => found.set(item.id, item));
  return found;
}
