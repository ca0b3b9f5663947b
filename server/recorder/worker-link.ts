import 'server-only';
import type { Worker } from 'node:worker_threads';
import type { Asks, FromWorker, Method, ToWorker, WorkerOptions } from './messages';
import { spawnWorker } from './spawn';

const RESTART_MS = 1000;
const STOP_WITHIN_MS = 2000;

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** The worker thread, started again when it ends by itself, and the questions that it has not answered yet. */
export class WorkerLink {
  readonly #options: () => WorkerOptions;
  readonly #onMessage: (message: FromWorker) => void;
  readonly #onDeath: (reason: string) => void;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker;
  #asked = 0;
  #stopped = false;
  #restart: NodeJS.Timeout | undefined;
  #error = '';

  constructor(
    options: () => WorkerOptions,
    onMessage: (message: FromWorker) => void,
    onDeath: (reason: string) => void,
  ) {
    this.#options = options;
    this.#onMessage = onMessage;
    this.#onDeath = onDeath;
    this.#worker = this.#spawn();
  }

  /** How many questions wait for their answer. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** `transfer`: what is handed over instead of copied. */
  post(message: ToWorker, transfer: readonly ArrayBuffer[] = []): void {
    this.#worker.postMessage(message, transfer);
  }

  /** Asks; fails with the worker's reason where it cannot answer. */
  ask<M extends Method>(method: M, args: Parameters<Asks[M]>[0]): Promise<ReturnType<Asks[M]>> {
    const id = ++this.#asked;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#waiting.set(id, { resolve, reject });
    this.post({ type: 'ask', id, method, args });
    return promise as Promise<ReturnType<Asks[M]>>;
  }

  /** Lets it write what it has, and ends it. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#restart);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#worker.once('exit', () => resolve());
    this.#worker.on('message', (message: FromWorker) => {
      if (message.type === 'stopped') resolve();
    });
    this.post({ type: 'stop' });
    const timer = setTimeout(resolve, STOP_WITHIN_MS);
    await promise;
    clearTimeout(timer);
    await this.#worker.terminate();
    this.#rejectAll('the recorder is stopping');
  }

  #spawn(): Worker {
    const worker = spawnWorker(this.#options());
    worker.on('message', (message: FromWorker) => this.#take(message));
    worker.on('error', (error) => {
      this.#error = error instanceof Error ? error.message : String(error);
    });
    worker.on('exit', () => this.#exited());
    return worker;
  }

  #take(message: FromWorker): void {
    if (message.type !== 'answer') {
      this.#onMessage(message);
      return;
    }
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.error === undefined) waiting?.resolve(message.value);
    else waiting?.reject(new Error(message.error));
  }

  #exited(): void {
    if (this.#stopped) return;
    const reason = `the recorder's thread ended${this.#error ? `: ${this.#error}` : ''}`;
    this.#error = '';
    this.#rejectAll(reason);
    this.#onDeath(reason);
    this.#restart = setTimeout(() => {
      this.#worker = this.#spawn();
    }, RESTART_MS);
  }

  #rejectAll(reason: string): void {
    for (const waiting of this.#waiting.values()) waiting.reject(new Error(reason));
    this.#waiting.clear();
  }
}
