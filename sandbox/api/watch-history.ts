// The last writes of each resource, so that a watch can resume where it broke off.
import type { Storage, StorageEvent } from './storage';

type Ring = { events: StorageEvent[]; start: number; dropped: number };

/** A bounded history for each resource. */
export class WatchHistory {
  readonly #rings = new Map<string, Ring>();
  readonly #storage: Storage;
  /** What is older was forgotten for every resource. */
  #floor: number;
  #size: number;

  constructor(storage: Storage, size: number) {
    this.#storage = storage;
    this.#size = size;
    this.#floor = storage.resourceVersion;
  }

  get size(): number {
    return this.#size;
  }

  add(event: StorageEvent): void {
    let ring = this.#rings.get(event.resource);
    if (ring === undefined) {
      ring = { events: [], start: 0, dropped: this.#floor };
      this.#rings.set(event.resource, ring);
    }
    ring.events.push(event);
    this.#trim(ring);
  }

  /** The writes after a version; undefined when some of them are forgotten. */
  since(resource: string, version: number): readonly StorageEvent[] | undefined {
    const ring = this.#rings.get(resource);
    if (version < Math.max(this.#floor, ring?.dropped ?? 0)) return undefined;
    if (ring === undefined) return [];
    let low = ring.start;
    let high = ring.events.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const event = ring.events[middle];
      if (event !== undefined && event.revision.version > version) high = middle;
      else low = middle + 1;
    }
    return ring.events.slice(low);
  }

  /** Changes how many writes are kept for each resource. */
  resize(size: number): void {
    this.#size = size;
    for (const ring of this.#rings.values()) this.#trim(ring);
  }

  /** Forgets everything: every older version is answered with 410. */
  clear(): void {
    this.#floor = this.#storage.resourceVersion;
    this.#rings.clear();
  }

  #trim(ring: Ring): void {
    while (ring.events.length - ring.start > this.#size) {
      const event = ring.events[ring.start];
      if (event !== undefined) ring.dropped = event.revision.version;
      ring.start += 1;
    }
    // Moving the rest at every write would cost more than holding some more for a while.
    if (ring.start > 1024 || ring.start === ring.events.length) {
      ring.events = ring.events.slice(ring.start);
      ring.start = 0;
    }
  }
}
