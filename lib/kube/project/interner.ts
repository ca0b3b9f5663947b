import { equalData } from './share';

/**
 * Makes equal values one object: the 50,000 pods of a cluster come from some hundred templates. Bounded by two
 * generations: when the young one is full it becomes the old one, and what is used again is carried over. Lists come
 * in name order, so the pods of one template meet here within a few entries of each other, mostly as neighbours.
 */
export class Interner {
  /** The last value of each place: to compare with a neighbour costs a tenth of writing a key. */
  readonly #last = new Map<string, object>();
  #young = new Map<string, unknown>();
  #old = new Map<string, unknown>();
  readonly #max: number;

  /** Whether objects come as in a list, those of one template together. */
  inOrder = false;

  /** For the objects of one list. */
  static ofList(): Interner {
    const interner = new Interner();
    interner.inOrder = true;
    return interner;
  }

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

  /** The last value at a place, if it equals this plain data: spares making the value. */
  neighbour<T extends object>(place: string, value: object): T | null {
    const last = this.#last.get(place);
    // Equal, so it is of the same shape.
    return last !== undefined && equalData(last, value) ? (last as T) : null;
  }

  /** A value equal to this plain data, which stands at `place` in its object. The result is shared: never write to it. */
  value<T extends object>(place: string, value: T): T {
    const neighbour = this.neighbour<T>(place, value);
    if (neighbour !== null) return neighbour;
    const found = this.#get(`\u0000${JSON.stringify(value)}`, value);
    this.#last.set(place, found);
    return found;
  }

  /**
   * The same for what in a list none but neighbours share, such as the labels of one template's pods: without a key, a
   * tenth of the cost. Changes come in no such order.
   */
  near<T extends object>(place: string, value: T): T {
    if (!this.inOrder) return this.value(place, value);
    const neighbour = this.neighbour<T>(place, value);
    if (neighbour !== null) return neighbour;
    this.#last.set(place, value);
    return value;
  }

  /** Forgets all values (they live on in who holds them): after a list there is little left to meet. */
  clear(): void {
    this.#young = new Map();
    this.#old = new Map();
    this.#last.clear();
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
