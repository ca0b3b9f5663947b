import 'server-only';
import type { ResourceState } from '@/lib/state/change';
import type { Clock } from './clock';
import type { Timing } from './timing';

/** What a watcher reports about itself. `settled`: it has listed once, may not look, or has failed long enough. */
export interface HealthReport {
  readonly state: Exclude<ResourceState, 'on-demand'> | 'pending';
  readonly reason: string;
  readonly settled: boolean;
}

/** Milliseconds; see `Timing`. */
export type HealthWaits = Pick<Timing, 'failingAfter' | 'opensWithin'>;

/** Turns a watcher's ups and downs into coverage: short trouble is not worth a word, long trouble is `failing`. */
export class WatchHealth {
  #report: HealthReport = { state: 'pending', reason: '', settled: false };
  #cancel: (() => void) | null = null;
  #cancelOpening: (() => void) | null = null;
  #trouble = '';
  readonly #clock: Clock;
  readonly #waits: HealthWaits;
  readonly #onReport: (report: HealthReport) => void;

  constructor(clock: Clock, waits: HealthWaits, onReport: (report: HealthReport) => void) {
    this.#clock = clock;
    this.#waits = waits;
    this.#onReport = onReport;
  }

  /** Something is wrong, or is waited for; unless it mends within the time, the resource is failing for this reason. */
  trouble(reason: string): void {
    this.#trouble = reason;
    if (this.#report.state === 'failing') this.#set('failing', reason, true);
    else
      this.#cancel ??= this.#clock.after(this.#waits.failingAfter, () =>
        this.#set('failing', this.#trouble, true),
      );
  }

  /** An answer is awaited. Keeps the reason of a trouble that is known already. */
  awaiting(reason: string): void {
    if (this.#cancel === null && this.#report.state !== 'failing') this.trouble(reason);
  }

  /** A long list goes on: its time starts again. */
  progress(): void {
    if (this.#cancel === null) return;
    this.#disarm();
    this.trouble(this.#trouble);
  }

  /**
   * The list is complete, and the watch about to be opened. As a rule it opens at once: who began before would judge all
   * with a resource that is not known yet, and a moment later once more. A watch that is slow to open holds up nobody.
   */
  listed(): void {
    if (this.#report.settled) return;
    this.#cancelOpening ??= this.#clock.after(this.#waits.opensWithin, () => {
      if (!this.#report.settled) this.#set(this.#report.state, this.#report.reason, true);
    });
  }

  watched(): void {
    this.#disarm();
    this.#set('watched', '', true);
  }

  /** Not to be had for now: `forbidden` or `absent`. */
  withheld(state: 'forbidden' | 'absent', reason: string): void {
    this.#disarm();
    this.#set(state, reason, true);
  }

  stop(): void {
    this.#disarm();
  }

  #disarm(): void {
    this.#cancel?.();
    this.#cancel = null;
    this.#cancelOpening?.();
    this.#cancelOpening = null;
  }

  #set(state: HealthReport['state'], reason: string, settled: boolean): void {
    const { state: oldState, reason: oldReason, settled: oldSettled } = this.#report;
    if (state === oldState && reason === oldReason && settled === oldSettled) return;
    this.#report = { state, reason, settled };
    this.#onReport(this.#report);
  }
}
