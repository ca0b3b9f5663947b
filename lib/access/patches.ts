/** What was told last of each item, and what is to be told of it now. */
import { share } from '@/lib/state/share';
import type { Finding, Patch, TopologyDelta, TopologyEdge, TopologyNode } from '@/lib/topology/model';

class Told<T extends { readonly id: string }> {
  readonly #last = new Map<string, T>();
  #changes = new Map<string, T | null>();

  /** Says how an item is seen now; undefined: not at all. `real`: its id in the whole graph. */
  set(real: string, item: T | undefined): void {
    const before = this.#last.get(real);
    const now = item && share(before, item);
    if (now === before) return;
    if (before && before.id !== now?.id) this.#changes.set(before.id, null);
    if (now) {
      this.#last.set(real, now);
      this.#changes.set(now.id, now);
    } else this.#last.delete(real);
  }

  take(): Patch<T> {
    const upsert: T[] = [];
    const remove: string[] = [];
    for (const [id, item] of this.#changes) {
      if (item) upsert.push(item);
      else remove.push(id);
    }
    this.#changes = new Map();
    return { upsert, remove };
  }
}

export class Patches {
  readonly nodes = new Told<TopologyNode>();
  readonly edges = new Told<TopologyEdge>();
  readonly findings = new Told<Finding>();

  /** What has changed since it was last taken. */
  take(): TopologyDelta {
    return { nodes: this.nodes.take(), edges: this.edges.take(), findings: this.findings.take() };
  }
}

/** Replaces the keys under which an item stands in an index. */
export function reindex(
  known: Map<string, readonly string[]>,
  id: string,
  keys: readonly string[],
  change: { readonly add: (key: string) => void; readonly remove: (key: string) => void },
): void {
  const before = known.get(id) ?? [];
  if (before === keys) return;
  for (const key of before) change.remove(key);
  for (const key of keys) change.add(key);
  if (keys.length > 0) known.set(id, keys);
  else known.delete(id);
}
