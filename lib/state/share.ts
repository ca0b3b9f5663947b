/**
 * Structural sharing: gives back `before` wherever it equals `after`, so that "did it change?" is a comparison of
 * references downstream. Plain JSON-like values only (objects, arrays, primitives, Maps are compared by reference).
 */
export function share<T>(before: unknown, after: T): T {
  if (Object.is(before, after)) return after;
  if (Array.isArray(before) && Array.isArray(after)) return shareArray(before, after) as T;
  if (isPlain(before) && isPlain(after)) return shareObject(before, after) as T;
  return after;
}

function shareArray(before: readonly unknown[], after: unknown[]): readonly unknown[] {
  let same = before.length === after.length;
  const result: unknown[] = new Array(after.length);
  for (let i = 0; i < after.length; i++) {
    result[i] = share(before[i], after[i]);
    if (same && !Object.is(result[i], before[i])) same = false;
  }
  return same ? before : result;
}

function shareObject(
  before: Record<string, unknown>,
  after: Record<string, unknown>,
): Record<string, unknown> {
  const keys = Object.keys(after);
  let same = keys.length === Object.keys(before).length;
  const result: Record<string, unknown> = {};
  for (const key of keys) {
    const value = share(before[key], after[key]);
    // defineProperty semantics: a key such as `__proto__` from a cluster must stay plain data.
    if (key === '__proto__')
      Object.defineProperty(result, key, { value, enumerable: true, configurable: true, writable: true });
    else result[key] = value;
    if (same && !(Object.is(value, before[key]) && Object.hasOwn(before, key))) same = false;
  }
  return same ? before : result;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const proto: unknown = Object.getPrototypeOf(value);
  return proto === Object.prototype || proto === null;
}
