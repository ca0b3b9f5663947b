import 'server-only';
import { Serial } from '@/server/hub/turns';
import { SNAPSHOT_LIMITS, type SnapshotLimits } from './limits';
import { TokenBucket, TokenBuckets } from './token-bucket';

const MOST_KNOWN = 1000;

/** What bounds the making and the guessing of snapshots: one for the process, however many clusters it watches. */
export class SnapshotGates {
  readonly #creating: TokenBucket;
  readonly #creatingOf: TokenBuckets;
  readonly guessing: TokenBuckets;
  /** One is made at a time: quotas are then counted right, and the cores stay free for the clusters. */
  readonly serial = new Serial();
  /** Hashes of ids that were found of late: no guess, whoever asks. Many may share an address with one who guesses. */
  readonly #known = new Set<string>();

  /** `now` in epoch ms. */
  constructor(limits: SnapshotLimits = SNAPSHOT_LIMITS, now = Date.now()) {
    this.#creating = new TokenBucket(limits.creating, now);
    this.#creatingOf = new TokenBuckets(limits.creatingOfOne);
    this.guessing = new TokenBuckets(limits.guessing);
  }

  /** Counts a snapshot that somebody wants to make; answers 0, or the milliseconds to wait. `author`: empty: nobody is known. */
  creating(author: string, now: number): number {
    // Who has no more of his own takes none of everybody's.
    const own = author === '' ? 0 : this.#creatingOf.take(author, now);
    return own > 0 ? own : this.#creating.take(now);
  }

  isKnown(hash: string): boolean {
    return this.#known.has(hash);
  }

  remember(hash: string): void {
    const [oldest] = this.#known;
    if (this.#known.size >= MOST_KNOWN && oldest !== undefined) this.#known.delete(oldest);
    this.#known.add(hash);
  }

  forget(hash: string): void {
    this.#known.delete(hash);
  }
}
