import 'server-only';
import { uptime } from 'node:os';

/** Time as the watchers see it; tests give their own. */
export interface Clock {
  /** Epoch milliseconds, for people; it may jump. */
  now(): number;
  /** Milliseconds that only ever grow, for durations. */
  monotonic(): number;
  /** The same, and it grows while the machine sleeps too; absent where that is not to be told. */
  uptime?(): number;
  /** Calls back once after so many milliseconds; returns its cancellation. */
  after(ms: number, callback: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  uptime: () => uptime() * 1000,
  after: (ms, callback) => {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};

/** Waits; an abort ends the wait early, without an error. */
export function sleep(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      cancel();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const cancel = clock.after(ms, done);
    signal.addEventListener('abort', done);
  });
}
