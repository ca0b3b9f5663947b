import 'server-only';
import { availableParallelism } from 'node:os';
import type { Worker } from 'node:worker_threads';
import { ApiError, asApiError } from '@/server/cluster/api-error';
import type { Turns } from '@/server/cluster/turns';
import type { FromListThread, ThreadKind, ToListThread } from './messages';
import { spawnListWorker } from './spawn';

/** Bytes that may be on their way to the thread and back: more wait in the socket. */
const MOST_UNDER_WAY = 8 * 1024 * 1024;
/** So much keeps the thread busy until the next page comes. */
const ENOUGH = 3 * 1024 * 1024;
/** Unused so long (ms) it ends: after the first lists there is nothing for it to do. */
const IDLE_MS = 10_000;
/** Having died so often, it is not tried again. */
const MOST_DEATHS = 2;

/** Where the objects of one answer go. */
export interface Receiver {
  /** Takes objects as their kind packs them. */
  readonly onObjects: (text: string) => void;
  /** How many the thread could not project. */
  readonly onFailed: (count: number) => void;
}

interface Reading extends Receiver {
  /** Bytes under way. */
  underWay: number;
  readonly end: PromiseWithResolvers<string>;
}

/** The items of one answer that the thread reads. */
export interface ThreadPage {
  /** Hands bytes on; waits while too many are under way. Throws when the thread has failed. */
  push(bytes: Buffer): Promise<void>;
  /** No more bytes: what came after the items, once all objects were received. */
  end(): Promise<string>;
  /** Nobody waits for it any more. */
  cancel(): void;
}

/**
 * A thread that reads long lists while this one does the rest: parsing 50,000 pods takes longer than all else of a start.
 * It begins when it is needed, and ends when it has been idle.
 */
export class ListThread {
  readonly #turns: Turns;
  readonly #readings = new Map<number, Reading>();
  readonly #arrived: FromListThread[] = [];
  readonly #waiting: (() => void)[] = [];
  #worker: Worker | null = null;
  #idle: NodeJS.Timeout | undefined;
  #pages = 0;
  #underWay = 0;
  #deaths = 0;
  #taking = false;

  constructor(turns: Turns) {
    this.#turns = turns;
  }

  /** Whether it is of use here: with one processor it would only add its own cost. */
  get isOfUse(): boolean {
    return this.#deaths < MOST_DEATHS && availableParallelism() > 1;
  }

  /** Whether it has enough to do: who can read something themselves had better. */
  get isBusy(): boolean {
    return this.#underWay > ENOUGH;
  }

  /** Begins an answer of whose items the rest is to come. */
  open(kind: ThreadKind, receiver: Receiver): ThreadPage {
    clearTimeout(this.#idle);
    this.#worker ??= this.#spawn();
    const page = ++this.#pages;
    const reading: Reading = { ...receiver, underWay: 0, end: Promise.withResolvers<string>() };
    // Told to who waits for the end, or to nobody.
    reading.end.promise.catch(() => undefined);
    this.#readings.set(page, reading);
    this.#post(page, { begin: kind });
    return {
      push: (bytes) => this.#push(page, reading, bytes),
      end: () => {
        this.#post(page, 'end');
        return reading.end.promise;
      },
      cancel: () => this.#settle(page, new ApiError('stopped', 'stopped')),
    };
  }

  /** Ends the thread; what is under way fails. */
  async stop(): Promise<void> {
    clearTimeout(this.#idle);
    const worker = this.#worker;
    this.#worker = null;
    for (const page of [...this.#readings.keys()]) this.#settle(page, new ApiError('stopped', 'stopped'));
    await worker?.terminate();
  }

  async #push(page: number, reading: Reading, bytes: Buffer): Promise<void> {
    if (!this.#readings.has(page)) await reading.end.promise;
    // A copy: the bytes of one read from a socket are several pieces' at once, and only whole buffers can be handed over.
    const copy = new Uint8Array(bytes);
    reading.underWay += copy.length;
    this.#underWay += copy.length;
    this.#post(page, { bytes: copy }, [copy.buffer]);
    while (this.#underWay > MOST_UNDER_WAY && this.#readings.has(page))
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  #post(page: number, what: ToListThread['what'], transfer: readonly ArrayBuffer[] = []): void {
    this.#worker?.postMessage({ page, what } satisfies ToListThread, transfer);
  }

  #spawn(): Worker {
    const worker = spawnListWorker();
    let reason = '';
    worker.on('message', (message: FromListThread) => {
      this.#arrived.push(message);
      if (!this.#taking) void this.#takeAll();
    });
    worker.on('error', (error) => {
      reason = `: ${error instanceof Error ? error.message : String(error)}`;
    });
    worker.on('exit', () => {
      if (this.#worker !== worker) return;
      this.#worker = null;
      this.#deaths += 1;
      const error = new ApiError('invalid', `the thread that reads lists has ended${reason}`);
      for (const page of [...this.#readings.keys()]) this.#settle(page, error);
    });
    // It keeps nobody alive.
    worker.unref();
    return worker;
  }

  /** In the watchers' own turns, so that what the thread has read does not hold up everybody else. */
  async #takeAll(): Promise<void> {
    this.#taking = true;
    for (let next = this.#arrived.shift(); next; next = this.#arrived.shift()) {
      if (this.#turns.spent) await this.#turns.next();
      try {
        this.#take(next);
      } catch (error) {
        this.#settle(next.page, asApiError(error));
      }
    }
    this.#taking = false;
  }

  #take({ page, what }: FromListThread): void {
    const reading = this.#readings.get(page);
    if (!reading) return;
    if ('tail' in what) this.#settle(page, what.tail);
    else if ('error' in what) this.#settle(page, new ApiError('invalid', what.error));
    else {
      reading.onObjects(what.objects);
      if (what.failed > 0) reading.onFailed(what.failed);
      reading.underWay -= what.read;
      this.#release(what.read);
    }
  }

  #settle(page: number, end: string | ApiError): void {
    const reading = this.#readings.get(page);
    if (!reading) return;
    this.#readings.delete(page);
    this.#release(reading.underWay);
    if (typeof end === 'string') reading.end.resolve(end);
    else {
      this.#post(page, 'cancel');
      reading.end.reject(end);
    }
    if (this.#readings.size === 0) this.#idle = setTimeout(() => void this.stop(), IDLE_MS).unref();
  }

  #release(bytes: number): void {
    this.#underWay -= bytes;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
