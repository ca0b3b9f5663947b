import 'server-only';
import { MOST_MARKS } from '@/lib/wire/marks';
import { Serial } from '@/server/hub/turns';
import type { Recorder } from '@/server/recorder/recorder';
import type { Mark } from '@/server/recorder/types';
import { type BucketSize, TokenBucket } from '@/server/snapshots/token-bucket';

export interface MarksOptions {
  readonly store: Recorder['marks'];
  /** Whether there is a finding with this id now. */
  readonly isFinding: (id: string) => boolean;
  readonly now?: () => number;
  readonly limits?: { readonly count: number; readonly changing: BucketSize };
}

/** A mark is set by hand: more than this is a program. */
const LIMITS = { count: MOST_MARKS, changing: { burst: 30, everyMs: 2000 } };

export type Put =
  | { readonly mark: Mark }
  | { readonly refused: 'too-often'; readonly waitMs: number }
  | { readonly refused: 'no-finding' | 'full' };

/** Marks of findings, kept for everybody. What fails for the database's sake throws RecorderUnavailable. */
export class Marks {
  readonly #options: MarksOptions;
  readonly #now: () => number;
  readonly #count: number;
  readonly #changing: TokenBucket;
  /** One is set at a time: the quota is then counted right. */
  readonly #serial = new Serial();

  constructor(options: MarksOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    const { count, changing } = options.limits ?? LIMITS;
    this.#count = count;
    this.#changing = new TokenBucket(changing, this.#now());
  }

  /** Those whose time is not over, by finding. */
  async list(): Promise<readonly Mark[]> {
    const now = this.#now();
    return (await this.#options.store.list()).filter(({ until }) => until === null || until > now);
  }

  /** Sets the mark of a finding in place of the one before. */
  async put(mark: Omit<Mark, 'at'>): Promise<Put> {
    const waitMs = this.#changing.take(this.#now());
    if (waitMs > 0) return { refused: 'too-often', waitMs };
    return await this.#serial.run(() => this.#put({ ...mark, at: this.#now() }));
  }

  /** Removes the mark of a finding; answers how long to wait where too much is changed. */
  async remove(finding: string): Promise<number> {
    const waitMs = this.#changing.take(this.#now());
    if (waitMs === 0) await this.#options.store.remove(finding);
    return waitMs;
  }

  async #put(mark: Mark): Promise<Put> {
    const { store, isFinding } = this.#options;
    const all = await store.list();
    const isKnown = all.some(({ finding }) => finding === mark.finding);
    // One that has just been mended can still be told what it was.
    if (!isKnown && !isFinding(mark.finding)) return { refused: 'no-finding' };
    const over = all.filter(({ until }) => until !== null && until <= mark.at);
    if (!isKnown && all.length - over.length >= this.#count) return { refused: 'full' };
    // The place of one whose time is over is taken; the others stay, as a note of what was.
    if (!isKnown && all.length >= this.#count) for (const { finding } of over) await store.remove(finding);
    await store.put(mark);
    return { mark };
  }
}
