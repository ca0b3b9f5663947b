import 'server-only';
import { Serial } from '@/server/hub/turns';
import { DamagedBody } from '@/server/recorder/codec';
import type { Db } from '@/server/recorder/database/db';
import type { DeltaMessage, KeyedMessage, KeyMessage, NewEvent } from '@/server/recorder/messages';
import { Batch } from './batch';
import type { ChapterLimits } from './chapter';
import { packKey } from './counted';
import { type Failure, failureOf, wordsOf } from './errors';
import { Journal, type PackedKey } from './journal';

/** Changes wait so long for others that are written with them. */
export const BATCH_MS = 1000;
/** Or until there are so many bytes of them. */
const BATCH_BYTES = 2 * 1024 * 1024;
/** Packed keys that are written together. */
const KEYS_BYTES = 2 * 1024 * 1024;
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 5000;
/** A clock that jumps back by less is not worth a word. */
const CLOCK_MS = 1000;

export interface WriterHooks {
  readonly now: () => number;
  readonly batchMs: number;
  readonly chapters: ChapterLimits;
  /** Bytes of what was sent are written (`version` is the last of it) or let go (null). */
  done(run: number, bytes: number, version: number | null): void;
  /** The run is over; another may begin. */
  ended(run: number, reason: string): void;
  /** Whether writing works; '' when it does. */
  health(reason: string): void;
  /** What trying again will not mend. */
  failed(failure: Failure, error: unknown): void;
  /** Until when something is known of the time before the first run, epoch ms; null: nothing was ever recorded. */
  known(): Promise<number | null>;
  /** What is kept cannot all be read: in words. */
  damaged(words: string): void;
  /** A run is being recorded from now on. */
  opened(version: number): void;
}

/** Writes what is sent, in order and batch by batch, and goes on trying while the database cannot. */
export class Writer {
  readonly #db: Db;
  readonly #cluster: number;
  readonly #hooks: WriterHooks;
  readonly #serial = new Serial();
  #run = -1;
  #journal: Journal | null = null;
  #isOpen = false;
  #batch = new Batch();
  #timer: NodeJS.Timeout | undefined;
  /** Of the time before the run. */
  #before: { readonly known: number | null } | null = null;
  #keyText: string[] = [];
  #keys: PackedKey[] = [];
  #keysBytes = 0;
  /** The last time that is written; times never go back. */
  #at = 0;
  /** Of the last change that came. */
  #clock = 0;
  #wake: (() => void) | null = null;
  /** What is on its way to the database, in order. */
  #writing: Batch[] = [];
  frames = 0;

  constructor(db: Db, cluster: number, hooks: WriterHooks) {
    this.#db = db;
    this.#cluster = cluster;
    this.#hooks = hooks;
  }

  /** Whether a run is being recorded: what happens is written as it comes. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Until when all that happened is written, epoch ms. */
  knownUntil(): number {
    if (!this.#isOpen) return this.#at;
    const first = this.#writing[0];
    if (first) return first.since - 1;
    return this.#batch.isEmpty ? Math.max(this.#hooks.now(), this.#at) : this.#batch.since - 1;
  }

  /** Begins a run; what is still to be written of others is let go. */
  run(run: number): void {
    this.reset(run);
    this.#task(run, async () => {
      // Asked for once: what is recorded last may be found damaged, and what is asked for then is less.
      this.#before ??= { known: await this.#hooks.known() };
      this.#journal = await Journal.begin(this.#db, this.#cluster, this.#hooks.chapters, {
        known: this.#before.known,
        damaged: (words) => this.#hooks.damaged(words),
      });
    });
  }

  /** Lets go of what is not written; only what comes of this run is taken from now on. */
  reset(run: number): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#batch.bytes > 0) this.#hooks.done(this.#run, this.#batch.bytes, null);
    this.#batch = new Batch();
    this.#writing = [];
    this.#run = run;
    this.#journal = null;
    this.#isOpen = false;
    this.#before = null;
    this.#keyText = [];
    this.#keys = [];
    this.#keysBytes = 0;
    this.#wake?.();
  }

  key(message: KeyMessage): void {
    this.#task(
      message.run,
      async () => {
        this.#keyText.push(message.text);
        if (!message.last) return;
        const text = this.#keyText.join('');
        const body = packKey(text);
        this.#keyText = [];
        this.#keys.push({ part: message.part, body, size: text.length });
        this.#keysBytes += body.length;
      },
      message.bytes,
    );
    if (message.last) this.#task(message.run, () => this.#writeKeys(KEYS_BYTES));
  }

  keyed(message: KeyedMessage): void {
    this.#clock = message.at;
    this.#task(message.run, () => this.#writeKeys(0));
    this.#task(
      message.run,
      async () => {
        const before = this.#before?.known ?? null;
        const at = Math.max(message.at, before ?? 0);
        await this.#journal?.open(message, at, before, message.gap ?? 'no dashboard was recording');
        this.#at = at;
        this.frames++;
        this.#isOpen = true;
        this.#hooks.opened(message.version);
      },
      message.bytes,
      message.version,
    );
  }

  delta(message: DeltaMessage): void {
    if (message.run !== this.#run) {
      this.#hooks.done(message.run, message.bytes, null);
      return;
    }
    const events: NewEvent[] = [];
    if (message.at < this.#clock - CLOCK_MS) events.push(clockEvent(this.#clock, message.at));
    this.#clock = message.at;
    this.#batch.add(message, events);
    if (this.#batch.bytes >= BATCH_BYTES) this.#flush();
    else this.#timer ??= setTimeout(() => this.#flush(), this.#hooks.batchMs);
  }

  /** Ends when all that was sent before is written, or cannot be. */
  async flush(): Promise<void> {
    this.#flush();
    await this.#serial.run(() => Promise.resolve());
  }

  /** Says goodbye, if the database lets us: the gap that follows then has a reason. */
  async stop(reason: string): Promise<void> {
    this.#flush();
    await this.#serial.run(async () => {
      if (!this.#journal || !this.#isOpen) return;
      const event = {
        at: this.knownUntil(),
        type: 'recorder-stopped',
        finding: null,
        detail: reason,
      } as const;
      await this.#journal.note([event]).catch(() => undefined);
    });
    this.reset(-1);
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const batch = this.#batch;
    if (batch.isEmpty) return;
    this.#batch = new Batch();
    this.#writing.push(batch);
    this.#task(this.#run, async () => {
      batch.raise(this.#at);
      await this.#journal?.fold(batch.since);
    });
    this.#task(
      this.#run,
      async () => {
        await this.#journal?.write(batch);
        this.#at = batch.at;
        this.#writing.shift();
        this.frames++;
      },
      batch.bytes,
      batch.version,
    );
    this.#task(this.#run, () => this.#rekey());
  }

  async #writeKeys(atLeast: number): Promise<void> {
    if (this.#keys.length === 0 || this.#keysBytes < atLeast) return;
    await this.#journal?.keys(this.#keys);
    this.#keys = [];
    this.#keysBytes = 0;
  }

  async #rekey(): Promise<void> {
    const part = this.#journal?.heaviest(performance.now());
    if (part === null || part === undefined) return;
    try {
      await this.#journal?.rekey(part);
    } catch (error) {
      // What is kept of it is lost whatever is tried; what comes must be written all the same.
      if (!(error instanceof DamagedBody)) throw error;
      this.#journal?.leave(part);
      this.#hooks.damaged(`the history of partition "${part}" is damaged: ${wordsOf(error)}`);
    }
  }

  /** Does something of a run after all that came before, again and again until it works or the run is over. */
  #task(run: number, work: () => Promise<void>, bytes = 0, version: number | null = null): void {
    void this.#serial.run(async () => {
      let wait = FIRST_WAIT_MS;
      while (run === this.#run) {
        try {
          await work();
          this.#hooks.health('');
          if (bytes > 0) this.#hooks.done(run, bytes, run === this.#run ? version : null);
          return;
        } catch (error) {
          this.#failed(run, error);
          await this.#rest(wait);
          wait = Math.min(wait * 2, LONGEST_WAIT_MS);
        }
      }
      if (bytes > 0) this.#hooks.done(run, bytes, null);
    });
  }

  #failed(run: number, error: unknown): void {
    if (run !== this.#run) return;
    const failure = failureOf(error);
    this.#hooks.health(wordsOf(error));
    if (failure === 'again') return;
    this.reset(-1);
    this.#hooks.ended(run, wordsOf(error));
    this.#hooks.failed(failure, error);
  }

  /** Waits, unless the run ends meanwhile. */
  async #rest(ms: number): Promise<void> {
    if (this.#run === -1) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    this.#wake = resolve;
    await promise;
    clearTimeout(timer);
    this.#wake = null;
  }
}

function clockEvent(latest: number, at: number): NewEvent {
  const [from, to] = [new Date(latest).toISOString(), new Date(at).toISOString()];
  const detail = `the clock was set back from ${from} to ${to}: until it passes ${from} again, times stand still`;
  return { type: 'clock-set-back', finding: null, detail };
}
