import 'server-only';
import { TokenBucket, TokenBuckets } from '@/server/snapshots/token-bucket';

/** Of one address: a team behind one can come in at once after a restart, a guesser gets twenty a minute. */
const ONE = { burst: 20, everyMs: 3000 };
/** Of everybody: so many the API server or the provider is asked at most. */
const ALL = { burst: 100, everyMs: 200 };

/** Bounds how often anybody may try to sign in; in memory, each replica for itself. */
export class SignInLimits {
  readonly #one = new TokenBuckets(ONE);
  readonly #all: TokenBucket;
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
    this.#all = new TokenBucket(ALL, now());
  }

  /** Counts a try; answers 0, or the milliseconds to wait. */
  take(address: string): number {
    const now = this.#now();
    // Who has no more tries of his own takes none of everybody's.
    return this.#one.take(address, now) || this.#all.take(now);
  }

  /** Milliseconds until an address may try again; nothing is counted. */
  wait(address: string): number {
    const now = this.#now();
    return this.#one.wait(address, now) || this.#all.wait(now);
  }
}
