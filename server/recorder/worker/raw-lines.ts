import 'server-only';

/** Numbers that are kept of a line: time, start, length. */
const EACH = 3;
/** Bytes before and after a line's JSON: two numbers that are whole and below 2⁵³, and what stands around them. */
const MOST_BEFORE = 48;
const LINE_FEED = 10;

/**
 * Lines as places in the bodies that they came in: thousands a second need no object each, which would live just long
 * enough to be costly to collect.
 */
export class RawLines {
  readonly #bodies: Buffer[] = [];
  readonly #places: number[] = [];
  /** Of all JSON. */
  bytes = 0;

  get count(): number {
    return this.#bodies.length;
  }

  /** Adds a line, whose JSON is so many bytes of a body from `start` on. The body must not change any more. */
  add(at: number, body: Buffer, start = 0, length = body.length): void {
    this.#bodies.push(body);
    this.#places.push(at, start, length);
    this.bytes += length;
  }

  /** Raises all times that are earlier than this one. */
  raise(least: number): void {
    for (let i = 0; i < this.#places.length; i += EACH)
      this.#places[i] = Math.max(this.#places[i] ?? 0, least);
  }

  /**
   * All of them as one body: time, tab, JSON, line feed. `idOf`: each is an object, and gets the id of its number as
   * its first field.
   */
  joined(idOf?: (n: number) => number): Buffer {
    const all = Buffer.allocUnsafe(this.bytes + this.count * MOST_BEFORE);
    const skipped = idOf ? 1 : 0;
    let end = 0;
    let n = 0;
    for (const body of this.#bodies) {
      const at = n * EACH;
      const start = this.#places[at + 1] ?? 0;
      const length = this.#places[at + 2] ?? 0;
      const id = idOf ? `{"id":${idOf(n)},` : '';
      end += all.write(`${this.#places[at]}\t${id}`, end, 'latin1');
      end += body.copy(all, end, start + skipped, start + length);
      all[end++] = LINE_FEED;
      n++;
    }
    return all.subarray(0, end);
  }
}
