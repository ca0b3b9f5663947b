import 'server-only';

/** Who has not looked at the past since it was made ready is not made to pay for it again and again. */
const AGAIN_MS = 900_000;

/**
 * When to make the past ready before it is asked for: when a timeline is read, but for one that is merely left open only
 * now and then, for it takes a second of the thread and, for a while, as much memory as the present.
 */
export class Foresight {
  readonly #last = new Map<string, number>();

  /** A timeline is read; whether its past should be made ready now. `now` in epoch ms. */
  asked(cluster: string, now: number): boolean {
    const last = this.#last.get(cluster);
    if (last !== undefined && now >= last && now - last < AGAIN_MS) return false;
    this.#last.set(cluster, now);
    return true;
  }

  /** Somebody has looked at the past: whoever reads the timeline then is likely to again. */
  used(cluster: string): void {
    this.#last.delete(cluster);
  }
}
