/**
 * Makes equal values one object: the 50,000 pods of a cluster come from some hundred templates. Bounded by two
 * generations: when the young one is full it becomes the old one, and what is used again is carried over. Lists come
 * in name order, so the pods of one template meet here within a few entries of each other.
 */
export class Interner {
  #young = new Map<string, unknown>();
  #old = new Map<string, unknown>();
  readonly #max: number;

  /** `max`: entries of a generation; twice as many at most are held. */
  constructor(max = 2048) {
    this.#max = max;
  }

  /** The first string equal to this one. For strings that many objects share: namespaces, nodes, images. */
  text(value: string): string {
    // NUL starts the keys of values, so a hostile text must not look like one.
    if (value.length === 0 || value.length > 512 || value.charCodeAt(0) === 0) return value;
    return this.#get(value, value);
  }

  /** The first value equal to this plain data (same keys in the same order). The result is shared: never write to it. */
  value<T extends object>(value: T): T {
    return this.#get(`\u0000${JSON.stringify(value)}`, value);
  }

  /** Forgets all values (they live on in who holds them): after a list there is little left to meet. */
  clear(): void {
    this.#young = new Map();
    this.#old = new Map();
  }

  get size(): number {
    return this.#young.size + this.#old.size;
  }

  #get<T>(key: string, value: T): T {
    const young = this.#young.get(key);
    if (young !== undefined) return young as T;
    const found = this.#old.get(key) ?? value;
    if (this.#young.size >= this.#max) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, found);
    return found as T;
  }
}
