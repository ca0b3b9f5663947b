import 'server-only';
import type { Ended } from './sessions';

/** After so long a replica knows who has signed out at another. */
const EVERY_MS = 5000;

export interface SignedOutOptions {
  /** What all replicas write to and read; it may fail. */
  readonly store: {
    readonly list: () => Promise<readonly Ended[]>;
    readonly put: (ended: Ended) => Promise<unknown>;
  };
  readonly learn: (ended: readonly Ended[]) => void;
  /** Told of an end that could not be written down. */
  readonly onError: (error: unknown) => void;
  readonly everyMs?: number;
}

/** Tells other replicas, and the next process, who has signed out. What cannot be written is tried again. */
export class SignedOut {
  readonly #options: SignedOutOptions;
  readonly #unwritten = new Map<string, Ended>();
  #timer: NodeJS.Timeout | null = null;
  #stopped = false;

  constructor(options: SignedOutOptions) {
    this.#options = options;
  }

  start(): void {
    const again = () => {
      if (this.#stopped) return;
      this.#timer = setTimeout(() => void this.#sync().finally(again), this.#options.everyMs ?? EVERY_MS);
      this.#timer.unref();
    };
    void this.#sync().finally(again);
  }

  stop(): void {
    this.#stopped = true;
    if (this.#timer) clearTimeout(this.#timer);
  }

  /** Ends when it was tried to write it down. */
  async add(ended: Ended): Promise<void> {
    this.#unwritten.set(ended.idHash, ended);
    await this.#write(ended);
  }

  async #write(ended: Ended): Promise<void> {
    try {
      await this.#options.store.put(ended);
      this.#unwritten.delete(ended.idHash);
    } catch (error) {
      this.#options.onError(error);
    }
  }

  async #sync(): Promise<void> {
    const now = Date.now();
    for (const ended of [...this.#unwritten.values()]) {
      if (ended.until <= now) this.#unwritten.delete(ended.idHash);
      else await this.#write(ended);
    }
    try {
      this.#options.learn(await this.#options.store.list());
    } catch {
      // The recorder says by itself that its database is away.
    }
  }
}
