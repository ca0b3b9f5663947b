/**
 * A map to sets that holds no empty set. Most keys of a large cluster have one value or a handful: one is kept bare, a
 * few in a list, for a Set costs 200 bytes.
 */
export type MultiMap = Map<string, string | readonly string[] | Set<string>>;

const NONE: readonly string[] = [];
/** Longer lists are slow to search. */
const FEW = 12;

/** The values under a key. */
export function valuesOf(index: MultiMap, key: string): Iterable<string> {
  const values = index.get(key);
  if (values === undefined) return NONE;
  return typeof values === 'string' ? [values] : values;
}

/** Adds one value under a key. */
export function addTo(index: MultiMap, key: string, value: string): void {
  const values = index.get(key);
  if (values === undefined) index.set(key, value);
  else if (typeof values === 'string') {
    if (values !== value) index.set(key, [values, value]);
  } else if (values instanceof Set) values.add(value);
  else if (!values.includes(value))
    index.set(key, values.length < FEW ? values.concat(value) : new Set(values).add(value));
}

/** Removes one value; the key goes with its last one. */
export function removeFrom(index: MultiMap, key: string, value: string): void {
  const values = index.get(key);
  if (values === undefined) return;
  if (values instanceof Set) {
    values.delete(value);
    if (values.size === 0) index.delete(key);
  } else if (typeof values !== 'string') {
    const rest = values.filter((other) => other !== value);
    if (rest.length === 0) index.delete(key);
    else index.set(key, rest);
  } else if (values === value) index.delete(key);
}

/** The first of some ids in order; '' when there are none. */
export function least(ids: Iterable<string>): string {
  let first: string | null = null;
  for (const id of ids) if (first === null || id < first) first = id;
  return first ?? '';
}
