import 'server-only';

/** A partition whose changes outweigh its key so many times is keyed again. */
const OUTWEIGHED = 2;
/** However small its key: so many characters are read in no time. */
const LEAST = 1024 * 1024;
/** So many changes take some tenths of a second to apply. */
const MOST_LINES = 10_000;
/**
 * A picture of everything reads what came after the keys of all partitions: one that is no burden by itself is keyed anew
 * too from so many characters on, the heaviest first, and seldom enough to cost nothing.
 */
const EARLY = 64 * 1024;
const EARLY_EVERY_MS = 10_000;

interface Weight {
  readonly key: number;
  deltas: number;
  lines: number;
}

/** What each partition of a run weighs, in characters; what stands in the log does not count yet. */
export class Weights {
  readonly #weights = new Map<string, Weight>();
  #earlyAt = Number.NEGATIVE_INFINITY;

  get parts(): Iterable<string> {
    return this.#weights.keys();
  }

  has(part: string): boolean {
    return this.#weights.has(part);
  }

  /** It has a key of so many characters; 0: none. */
  keyed(part: string, size: number): void {
    this.#weights.set(part, { key: size, deltas: 0, lines: 0 });
  }

  add(part: string, deltas: number, lines: number): void {
    const weight = this.#weights.get(part) ?? { key: 0, deltas: 0, lines: 0 };
    weight.deltas += deltas;
    weight.lines += lines;
    this.#weights.set(part, weight);
  }

  /** A partition that should be keyed again; null when all are light enough. `now`: ms that only ever grow. */
  heaviest(now: number): string | null {
    let early: string | null = null;
    let most = EARLY;
    for (const [part, { key, deltas, lines }] of this.#weights) {
      if (lines > MOST_LINES || deltas > Math.max(key * OUTWEIGHED, LEAST)) return part;
      if (deltas <= most) continue;
      most = deltas;
      early = part;
    }
    if (early === null || now - this.#earlyAt < EARLY_EVERY_MS) return null;
    this.#earlyAt = now;
    return early;
  }
}
