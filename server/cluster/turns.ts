import 'server-only';

/**
 * Keeps the event loop free: all watchers of the process share one budget of work per turn of the loop, and who finds
 * it spent waits for a turn of its own. Without it four lists at once would each take "their" slice in the same turn.
 */
export class Turns {
  readonly #budget: number;
  #began = 0;
  #scheduled = false;
  readonly #waiting: (() => void)[] = [];

  /** `budget`: milliseconds of work in one turn. */
  constructor(budget = 8) {
    this.#budget = budget;
  }

  /** Whether the work of this turn is done: then await {@link next}. */
  get spent(): boolean {
    return performance.now() - this.#began > this.#budget;
  }

  /** Waits for a turn of the event loop with a fresh budget. */
  next(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#schedule();
    });
  }

  #schedule(): void {
    if (this.#scheduled || this.#waiting.length === 0) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#began = performance.now();
      this.#waiting.shift()?.();
      this.#schedule();
    });
  }
}
