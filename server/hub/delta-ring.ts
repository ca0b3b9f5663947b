import 'server-only';

/** One published change of a view, serialised once for all its clients; `view`, `epoch` and `from` go in front per client. */
export interface Entry {
  readonly version: number;
  /** The message's JSON without its first fields: `"version":…}`. */
  readonly body: string;
  readonly at: number;
}

export interface RingLimits {
  readonly count: number;
  readonly bytes: number;
  readonly ageMs: number;
}

export const RING_LIMITS: RingLimits = { count: 2000, bytes: 8 * 1024 * 1024, ageMs: 60_000 };

/** The last changes of a view, for those who were away for a moment. Bounded by number, size and age. */
export class DeltaRing {
  readonly #limits: RingLimits;
  /** Forgotten ones are null until the list is cut: they must not hold their text. */
  #entries: (Entry | null)[] = [];
  #start = 0;
  #bytes = 0;
  #floor: number;

  /** @param floor the version from which on every change is kept. */
  constructor(floor: number, limits: RingLimits = RING_LIMITS) {
    this.#floor = floor;
    this.#limits = limits;
  }

  get floor(): number {
    return this.#floor;
  }

  push(entry: Entry): void {
    this.#entries.push(entry);
    this.#bytes += entry.body.length;
    const { count, bytes } = this.#limits;
    while (this.#entries.length - this.#start > count || this.#bytes > bytes) this.#shift();
    this.expire(entry.at);
  }

  /** Forgets all: whoever is behind this version needs a snapshot. */
  reset(version: number): void {
    this.#entries = [];
    this.#start = 0;
    this.#bytes = 0;
    this.#floor = version;
  }

  expire(now: number): void {
    for (;;) {
      const oldest = this.#entries[this.#start];
      if (!oldest || now - oldest.at <= this.#limits.ageMs) break;
      this.#shift();
    }
  }

  /** The first change after a version; `gone`: some are no longer kept; null: there is none. */
  after(version: number): Entry | 'gone' | null {
    if (version < this.#floor) return 'gone';
    const at = this.#firstAfter(version);
    return this.#entries[at] ?? null;
  }

  /** Number and bytes of the changes after a version. */
  backlog(version: number): { readonly count: number; readonly bytes: number } {
    const at = this.#firstAfter(version);
    let bytes = 0;
    for (let i = at; i < this.#entries.length; i++) bytes += this.#entries[i]?.body.length ?? 0;
    return { count: this.#entries.length - at, bytes };
  }

  #firstAfter(version: number): number {
    let low = this.#start;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#entries[middle]?.version ?? 0) > version) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #shift(): void {
    const oldest = this.#entries[this.#start];
    if (!oldest) return;
    this.#floor = oldest.version;
    this.#bytes -= oldest.body.length;
    this.#entries[this.#start++] = null;
    if (this.#start < 1024 && this.#start < this.#entries.length) return;
    this.#entries = this.#entries.slice(this.#start);
    this.#start = 0;
  }
}
