/** Orders that survive changes: what was there keeps its place among the others, what is new is put where it belongs. */

/**
 * Merges a natural order with an earlier one. Items known before keep their earlier relative order;
 * a new item follows the known item that precedes it naturally.
 */
export function stableOrder<T>(natural: readonly T[], rankBefore: (item: T) => number | undefined): T[] {
  const known: { item: T; rank: number }[] = [];
  const followers = new Map<T | null, T[]>();
  let anchor: T | null = null;
  for (const item of natural) {
    const rank = rankBefore(item);
    if (rank === undefined) {
      const list = followers.get(anchor);
      if (list) list.push(item);
      else followers.set(anchor, [item]);
    } else {
      known.push({ item, rank });
      anchor = item;
    }
  }
  known.sort((a, b) => a.rank - b.rank);
  const merged: T[] = [...(followers.get(null) ?? [])];
  for (const { item } of known) {
    merged.push(item);
    const after = followers.get(item);
    if (after) merged.push(...after);
  }
  return merged;
}

/** Compares strings by code unit: the same everywhere, unlike a locale's order. */
export function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** `b.example.com` → `com.example.b`, so that hosts of one domain stand together. */
export function domainKey(host: string): string {
  return host.split('.').reverse().join('.');
}
