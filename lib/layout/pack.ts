/** Places a column's items in a given order without overlap, each as near as can be to where it would like to be. */

export interface Item {
  readonly id: string;
  readonly height: number;
  /** Top edge that the item would like to have. */
  readonly wish: number;
}

interface Pool {
  sum: number;
  count: number;
}

/**
 * Least-squares placement for a fixed order (pool adjacent violators): neighbours that would overlap
 * share the displacement, everything else stays exactly where it wants to be, so level lines stay level.
 */
export function pack(items: readonly Item[], gap: number): Map<string, number> {
  const pools: Pool[] = [];
  let offset = 0;
  const offsets: number[] = [];
  for (const item of items) {
    offsets.push(offset);
    pools.push({ sum: item.wish - offset, count: 1 });
    offset += item.height + gap;
    mergeViolators(pools);
  }
  const tops = new Map<string, number>();
  let index = 0;
  for (const pool of pools) {
    const base = Math.max(0, Math.round(pool.sum / pool.count));
    for (let i = 0; i < pool.count; i++, index++) {
      const item = items[index];
      if (item) tops.set(item.id, base + (offsets[index] ?? 0));
    }
  }
  return tops;
}

function mergeViolators(pools: Pool[]): void {
  for (;;) {
    const last = pools.at(-1);
    const before = pools.at(-2);
    if (!last || !before || before.sum / before.count <= last.sum / last.count) return;
    before.sum += last.sum;
    before.count += last.count;
    pools.pop();
  }
}

/** Lower median: an actual member, so that a line to it runs level. Undefined for none. */
export function median(values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined;
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[(sorted.length - 1) >> 1];
}
