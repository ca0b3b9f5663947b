import 'server-only';

export interface PublishTiming {
  /** Wait after the first change in a quiet time, so that what belongs together goes out together. */
  readonly quietMs: number;
  /** Least time between two publishes. */
  readonly windowMs: number;
}

export const PUBLISH_TIMING: PublishTiming = { quietMs: 50, windowMs: 100 };

const LONGEST_REST = 500;

/** Longest wait that Node's timers take. */
const LONGEST = 2 ** 31 - 1;

/**
 * Decides when to publish: soon after the first change, together with what follows at once, never more often than once
 * a window, never two at a time; and at a time asked for although nothing changed.
 */
export class PublishTimer {
  readonly #now: () => number;
  readonly #timing: PublishTiming;
  readonly #work: (changedAt: number | null) => Promise<void>;
  #changedAt: number | null = null;
  /** No earlier than this: a window after the last start, and as long a rest as the last work took. */
  #notBefore = 0;
  #running = false;
  #stopped = false;
  #timer: NodeJS.Timeout | undefined;
  #wakeAt: number | null = null;

  /** @param work publishes; it is told when the oldest change came, null on a mere wake. It must not throw. */
  constructor(now: () => number, work: (changedAt: number | null) => Promise<void>, timing: PublishTiming) {
    this.#now = now;
    this.#work = work;
    this.#timing = timing;
  }

  /** Something changed now. */
  changed(): void {
    if (this.#changedAt !== null) return;
    this.#changedAt = this.#now();
    this.#arm();
  }

  /** Everything is there at last: there is nothing to wait for. */
  atOnce(): void {
    this.#changedAt = this.#now() - this.#timing.quietMs;
    this.#notBefore = 0;
    this.#arm();
  }

  /** Works at this time (epoch ms) whether or not anything changes until then. */
  wakeAt(time: number | null): void {
    this.#wakeAt = time;
    this.#arm();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #arm(): void {
    clearTimeout(this.#timer);
    if (this.#running || this.#stopped) return;
    const soon = this.#changedAt === null ? null : this.#changedAt + this.#timing.quietMs;
    const times = [soon, this.#wakeAt].filter((time) => time !== null);
    if (times.length === 0) return;
    const due = Math.max(Math.min(...times), this.#notBefore);
    this.#timer = setTimeout(() => void this.#run(), Math.min(Math.max(0, due - this.#now()), LONGEST));
  }

  async #run(): Promise<void> {
    const now = this.#now();
    if (this.#changedAt === null && (this.#wakeAt === null || this.#wakeAt > now)) return this.#arm();
    const changedAt = this.#changedAt;
    this.#changedAt = null;
    if (this.#wakeAt !== null && this.#wakeAt <= now) this.#wakeAt = null;
    this.#running = true;
    await this.#work(changedAt);
    this.#running = false;
    const end = this.#now();
    this.#notBefore = Math.max(now + this.#timing.windowMs, end + Math.min(end - now, LONGEST_REST));
    this.#arm();
  }
}
