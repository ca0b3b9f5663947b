import 'server-only';
import { availableParallelism } from 'node:os';
import type { Worker } from 'node:worker_threads';
import type { KubeAccess } from '@/server/cluster/access';
import { ApiError, asApiError, noCredentials } from '@/server/cluster/api-error';
import type { Turns } from '@/server/cluster/turns';
import type { FromListThread, ThreadKind, ThreadRequest, ToListThread } from './messages';
import { fromPlain, plainError } from './plain-error';
import { spawnListWorker } from './spawn';

/** Unused so long (ms) it ends: after the first lists there is nothing for it to do. */
const IDLE_MS = 1_000;
/** Having died so often, it is not tried again. */
const MOST_DEATHS = 2;

/** Where the objects of a list go. */
export interface Receiver {
  /** Takes objects as their kind packs them. */
  readonly onObjects: (text: string) => void;
  /** How many the thread could not project. */
  readonly onFailed: (count: number) => void;
  /** Bytes have come, though they make no object yet. */
  readonly onProgress: () => void;
  readonly signal: AbortSignal;
}

interface Reading extends Receiver {
  readonly end: PromiseWithResolvers<string>;
}

type ListTold = Exclude<FromListThread, { readonly ask: number }>;

/**
 * A thread that reads long lists while this one does the rest: reading 50,000 pods takes longer than all else of a start.
 * It begins when it is needed, and ends when it has been idle.
 */
export class ListThread {
  readonly #turns: Turns;
  readonly #access: KubeAccess;
  readonly #readings = new Map<number, Reading>();
  readonly #arrived: ListTold[] = [];
  #worker: Worker | null = null;
  #idle: NodeJS.Timeout | undefined;
  #lists = 0;
  #deaths = 0;
  #taking = false;

  constructor(turns: Turns, access: KubeAccess) {
    this.#turns = turns;
    this.#access = access;
  }

  /** Whether it is of use here: with one processor it would only add its own cost. */
  get isOfUse(): boolean {
    return this.#deaths < MOST_DEATHS && availableParallelism() > 1;
  }

  /** Reads a list as `listAll` does; returns its resourceVersion. */
  async list(kind: ThreadKind, request: ThreadRequest, receiver: Receiver): Promise<string> {
    if (receiver.signal.aborted) throw new ApiError('stopped', 'stopped');
    clearTimeout(this.#idle);
    this.#worker ??= this.#begin();
    const list = ++this.#lists;
    const end = Promise.withResolvers<string>();
    this.#readings.set(list, { ...receiver, end });
    this.#post({ list, kind, request });
    const cancel = () => this.#settle(list, new ApiError('stopped', 'stopped'));
    receiver.signal.addEventListener('abort', cancel, { once: true });
    return end.promise.finally(() => receiver.signal.removeEventListener('abort', cancel));
  }

  /** Ends the thread; what is under way fails. */
  async stop(): Promise<void> {
    clearTimeout(this.#idle);
    const worker = this.#worker;
    this.#worker = null;
    for (const list of [...this.#readings.keys()]) this.#settle(list, new ApiError('stopped', 'stopped'));
    await worker?.terminate();
  }

  #post(message: ToListThread): void {
    this.#worker?.postMessage(message);
  }

  /** A machine may have no thread left to give. */
  #begin(): Worker {
    try {
      return this.#spawn();
    } catch (error) {
      this.#deaths += 1;
      throw error;
    }
  }

  #spawn(): Worker {
    const worker = spawnListWorker();
    let reason = '';
    worker.on('message', (message: FromListThread) => {
      if ('ask' in message) return void this.#answer(message.ask);
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
      for (const list of [...this.#readings.keys()]) this.#settle(list, error);
    });
    // It keeps nobody alive.
    worker.unref();
    return worker;
  }

  async #answer(asked: number): Promise<void> {
    try {
      this.#post({ asked, way: await this.#access.way() });
    } catch (error) {
      this.#post({ asked, error: plainError(noCredentials(error)) });
    }
  }

  /** In the watchers' own turns, so that what the thread has read does not hold up everybody else. */
  async #takeAll(): Promise<void> {
    this.#taking = true;
    for (let next = this.#arrived.shift(); next; next = this.#arrived.shift()) {
      if (this.#turns.spent) await this.#turns.next();
      try {
        this.#take(next);
      } catch (error) {
        this.#settle(next.list, asApiError(error));
      }
    }
    this.#taking = false;
  }

  #take(told: ListTold): void {
    const { list } = told;
    const reading = this.#readings.get(list);
    if (!reading) return;
    if ('progress' in told) reading.onProgress();
    else if ('end' in told) this.#settle(list, told.end);
    else if ('error' in told) this.#settle(list, fromPlain(told.error));
    else {
      reading.onObjects(told.objects);
      if (told.failed > 0) reading.onFailed(told.failed);
      this.#post({ list, taken: true });
    }
  }

  #settle(list: number, end: string | ApiError): void {
    const reading = this.#readings.get(list);
    if (!reading) return;
    this.#readings.delete(list);
    if (typeof end === 'string') reading.end.resolve(end);
    else {
      this.#post({ list, cancel: true });
      reading.end.reject(end);
    }
    if (this.#readings.size === 0) this.#idle = setTimeout(() => void this.stop(), IDLE_MS).unref();
  }
}
