import 'server-only';

export interface BucketSize {
  /** So many at once. */
  readonly burst: number;
  /** And one more after each. */
  readonly everyMs: number;
}

/** Lets so much through, and says how long to wait for more. In memory: each replica counts for itself. */
export class TokenBucket {
  readonly #size: BucketSize;
  #level: number;
  #at: number;

  constructor(size: BucketSize, now: number) {
    this.#size = size;
    this.#level = size.burst;
    this.#at = now;
  }

  /** Takes one; answers 0, or the milliseconds until there is one to take. */
  take(now: number): number {
    const wait = this.wait(now);
    if (wait === 0) this.#level -= 1;
    return wait;
  }

  /** What `take` would answer. */
  wait(now: number): number {
    const { burst, everyMs } = this.#size;
    // A clock that was set back gives nothing.
    const passed = Math.max(0, now - this.#at);
    this.#level = Math.min(burst, this.#level + passed / everyMs);
    this.#at = now;
    return this.#level >= 1 ? 0 : Math.ceil((1 - this.#level) * everyMs);
  }

  isFull(now: number): boolean {
    this.wait(now);
    return this.#level >= this.#size.burst;
  }
}

const MOST_KEYS = 10_000;

/** A bucket for each key, as many as are worth remembering. */
export class TokenBuckets {
  readonly #size: BucketSize;
  readonly #buckets = new Map<string, TokenBucket>();

  constructor(size: BucketSize) {
    this.#size = size;
  }

  take(key: string, now: number): number {
    const known = this.#buckets.get(key);
    if (known) return known.take(now);
    if (this.#buckets.size >= MOST_KEYS) this.#forget(now);
    const bucket = new TokenBucket(this.#size, now);
    this.#buckets.set(key, bucket);
    return bucket.take(now);
  }

  /** How long a key has to wait; nothing is taken. */
  wait(key: string, now: number): number {
    return this.#buckets.get(key)?.wait(now) ?? 0;
  }

  /** Forgets those that are as good as new; if that is none, the oldest half. */
  #forget(now: number): void {
    for (const [key, bucket] of this.#buckets) if (bucket.isFull(now)) this.#buckets.delete(key);
    if (this.#buckets.size < MOST_KEYS) return;
    for (const key of [...this.#buckets.keys()].slice(0, MOST_KEYS / 2)) this.#buckets.delete(key);
  }
}
