/** Structural sharing between the versions of one object: what did not change keeps its reference. */

/** Equality of plain data (the narrow shapes), whatever the order of keys. Loops: it runs for every part of every object. */
export function equalData(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) return Array.isArray(a) && Array.isArray(b) && equalLists(a, b);
  const left = a as Readonly<Record<string, unknown>>;
  const right = b as Readonly<Record<string, unknown>>;
  let keys = 0;
  for (const key in left) {
    if (!Object.hasOwn(right, key) || !equalData(left[key], right[key])) return false;
    keys += 1;
  }
  for (const _ in right) keys -= 1;
  return keys === 0;
}

function equalLists(a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i += 1) if (!equalData(a[i], b[i])) return false;
  return true;
}

/**
 * `previous` itself when nothing differs; else `next` with the equal fields of `previous`. Fields only, not deeper:
 * what is below may be interned, hence shared by other objects.
 */
export function share<T extends object>(previous: T, next: T): T {
  const out: Partial<T> = {};
  let same = true;
  for (const key in next) {
    const equal = equalData(previous[key], next[key]);
    if (!equal) same = false;
    out[key] = equal ? previous[key] : next[key];
  }
  if (same) return previous;
  // Written back into `next`, whose layout in memory is the compact one of its projection.
  return Object.assign(next, out);
}
