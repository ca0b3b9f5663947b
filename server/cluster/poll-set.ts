import 'server-only';
import { equalData } from '@/lib/kube/project/share';
import { type Clock, sleep } from './clock';

export interface PollSetOptions<T> {
  readonly clock: Clock;
  readonly random: () => number;
  readonly signal: AbortSignal;
  readonly concurrency: number;
  /** Asks, and says after how many milliseconds to ask again; never rejects. */
  readonly ask: (key: string, value: T) => Promise<number>;
  /** Not wanted any more. */
  readonly onDrop: (key: string) => void;
}

interface Entry<T> {
  value: T;
  /** Monotonic ms. */
  due: number;
  asking: boolean;
}

const TICK = 100;

/** Asks for each of a changing set of things again and again, a few at once, until the signal aborts. */
export class PollSet<T> {
  readonly #options: PollSetOptions<T>;
  readonly #entries = new Map<string, Entry<T>>();
  #running = 0;

  constructor(options: PollSetOptions<T>) {
    this.#options = options;
  }

  /** Replaces the set: what is new or has changed is asked for at once. */
  setWanted(wanted: ReadonlyMap<string, T>): void {
    for (const key of [...this.#entries.keys()]) {
      if (wanted.has(key)) continue;
      this.#entries.delete(key);
      this.#options.onDrop(key);
    }
    for (const [key, value] of wanted) {
      const before = this.#entries.get(key);
      if (!before) this.#entries.set(key, { value, due: 0, asking: false });
      else if (!equalData(before.value, value)) {
        before.value = value;
        before.due = 0;
      }
    }
  }

  /** Whether an answer that was on its way is still wanted. */
  has(key: string): boolean {
    return this.#entries.has(key);
  }

  async run(): Promise<void> {
    const { clock, signal } = this.#options;
    while (!signal.aborted) {
      this.#tick();
      await sleep(clock, TICK, signal);
    }
  }

  #tick(): void {
    const { clock, random, signal, concurrency, ask } = this.#options;
    const now = clock.monotonic();
    for (const [key, entry] of this.#entries) {
      if (this.#running >= concurrency || signal.aborted) return;
      if (entry.asking || entry.due > now) continue;
      entry.asking = true;
      entry.due = Number.POSITIVE_INFINITY;
      this.#running += 1;
      void ask(key, entry.value).then((again) => {
        // Spread by a fifth either way; a value that changed meanwhile is due already.
        if (entry.due === Number.POSITIVE_INFINITY)
          entry.due = clock.monotonic() + again * (0.8 + random() * 0.4);
        entry.asking = false;
        this.#running -= 1;
      });
    }
  }
}
