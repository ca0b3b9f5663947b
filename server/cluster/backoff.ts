import 'server-only';
import type { Timing } from './timing';

/** Exponential backoff with full jitter: many clients that fail together come back apart. */
export class Backoff {
  #failures = 0;
  readonly #timing: Pick<Timing, 'backoffFirst' | 'backoffMost'>;
  readonly #random: () => number;

  constructor(timing: Pick<Timing, 'backoffFirst' | 'backoffMost'>, random: () => number) {
    this.#timing = timing;
    this.#random = random;
  }

  /** Milliseconds to wait before the next try; at least `least`, as a server asked by Retry-After, and then up to a fifth more. */
  next(least = 0): number {
    const ceiling = Math.min(
      this.#timing.backoffMost,
      this.#timing.backoffFirst * 2 ** Math.min(this.#failures, 20),
    );
    this.#failures += 1;
    return Math.max(this.#random() * ceiling, least * (1 + this.#random() / 5));
  }

  reset(): void {
    this.#failures = 0;
  }
}
