// All objects of one resource, by namespace and name, with sorted immutable
// snapshots that are rebuilt only for what changed.
import type { Revision } from './revision';
import type { ResourceInfo } from './types';

/** Sorts as etcd does, by code unit, never by locale. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

class Bucket {
  readonly byName = new Map<string, Revision>();
  #names: string[] | undefined;
  #snapshot: readonly Revision[] | undefined;

  set(name: string, revision: Revision): void {
    if (!this.byName.has(name)) this.#names = undefined;
    this.byName.set(name, revision);
    this.#snapshot = undefined;
  }

  delete(name: string): void {
    if (!this.byName.delete(name)) return;
    this.#names = undefined;
    this.#snapshot = undefined;
  }

  snapshot(): readonly Revision[] {
    if (this.#snapshot !== undefined) return this.#snapshot;
    this.#names ??= [...this.byName.keys()].sort(compareText);
    const snapshot: Revision[] = [];
    for (const name of this.#names) {
      const revision = this.byName.get(name);
      if (revision !== undefined) snapshot.push(revision);
    }
    this.#snapshot = snapshot;
    return snapshot;
  }
}

const NOTHING: readonly Revision[] = [];

/** The objects of one resource. Snapshots are immutable, so a paged list can hold one for as long as it needs. */
export class Table {
  /** Every served version; the first one is the preferred. */
  readonly infos: ResourceInfo[];
  readonly #buckets = new Map<string, Bucket>();
  #all: readonly Revision[] | undefined;

  constructor(info: ResourceInfo) {
    this.infos = [info];
  }

  get info(): ResourceInfo {
    const [info] = this.infos;
    if (info === undefined) throw new Error('a table without a kind');
    return info;
  }

  get(namespace: string, name: string): Revision | undefined {
    return this.#buckets.get(namespace)?.byName.get(name);
  }

  set(namespace: string, name: string, revision: Revision): void {
    let bucket = this.#buckets.get(namespace);
    if (bucket === undefined) {
      bucket = new Bucket();
      this.#buckets.set(namespace, bucket);
    }
    bucket.set(name, revision);
    this.#all = undefined;
  }

  delete(namespace: string, name: string): void {
    const bucket = this.#buckets.get(namespace);
    bucket?.delete(name);
    if (bucket?.byName.size === 0) this.#buckets.delete(namespace);
    this.#all = undefined;
  }

  /** Sorted by namespace and name; undefined means every namespace. */
  snapshot(namespace?: string): readonly Revision[] {
    if (namespace !== undefined) return this.#buckets.get(namespace)?.snapshot() ?? NOTHING;
    if (this.#all !== undefined) return this.#all;
    const all: Revision[] = [];
    for (const key of [...this.#buckets.keys()].sort(compareText)) {
      for (const revision of this.#buckets.get(key)?.snapshot() ?? NOTHING) all.push(revision);
    }
    this.#all = all;
    return all;
  }
}
