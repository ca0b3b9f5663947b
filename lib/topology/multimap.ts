/** A map to sets that holds no empty set. */
export type MultiMap = Map<string, Set<string>>;

/** Adds one value under a key. */
export function addTo(index: MultiMap, key: string, value: string): void {
  const values = index.get(key);
  if (values) values.add(value);
  else index.set(key, new Set([value]));
}

/** Removes one value; the key goes with its last one. */
export function removeFrom(index: MultiMap, key: string, value: string): void {
  const values = index.get(key);
  if (!values) return;
  values.delete(value);
  if (values.size === 0) index.delete(key);
}

/** The first of some ids in order; '' when there are none. */
export function least(ids: Iterable<string>): string {
  let first: string | null = null;
  for (const id of ids) if (first === null || id < first) first = id;
  return first ?? '';
}
