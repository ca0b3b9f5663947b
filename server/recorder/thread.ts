import 'server-only';
import type { Worker } from 'node:worker_threads';
import type { FromWorker, ToThread, ToWorker, WorkerOptions } from './messages';
import { spawnWorker } from './spawn';

const RESTART_MS = 1000;

/** One cluster's recorder, as the thread meets it. */
export interface Channel {
  /** What its part of the thread is given at its start, and when it starts again. */
  readonly options: () => WorkerOptions;
  readonly onMessage: (message: FromWorker) => void;
  /** The thread has ended by itself, and is started again. */
  readonly onDeath: (reason: string) => void;
}

/**
 * The thread of all recorders of the process: one connection to the database writes, whatever many clusters are recorded.
 * It begins with the first channel and ends with the last.
 */
export class RecorderThread {
  readonly #channels = new Map<number, Channel>();
  #worker: Worker | null = null;
  #opened = 0;
  #restart: NodeJS.Timeout | undefined;
  #error = '';

  /** Begins a channel; its number. */
  open(channel: Channel): number {
    const id = ++this.#opened;
    this.#channels.set(id, channel);
    if (this.#worker) this.#begin(id, channel);
    else if (this.#channels.size === 1) this.#spawn();
    return id;
  }

  /** `transfer`: what is handed over instead of copied. */
  post(channel: number, message: ToWorker, transfer: readonly ArrayBuffer[] = []): void {
    this.#worker?.postMessage({ channel, message } satisfies ToThread, transfer);
  }

  /** Ends a channel: nothing is heard of it any more. */
  async close(channel: number): Promise<void> {
    this.#channels.delete(channel);
    if (this.#channels.size > 0) return;
    clearTimeout(this.#restart);
    const worker = this.#worker;
    this.#worker = null;
    await worker?.terminate();
  }

  #begin(channel: number, { options }: Channel): void {
    this.#worker?.postMessage({ channel, open: options() } satisfies ToThread);
  }

  #spawn(): void {
    const worker = spawnWorker();
    this.#worker = worker;
    worker.on('message', ({ channel, message }: { channel: number; message: FromWorker }) =>
      this.#channels.get(channel)?.onMessage(message),
    );
    worker.on('error', (error) => {
      this.#error = error instanceof Error ? error.message : String(error);
    });
    worker.on('exit', () => this.#exited(worker));
    for (const [id, channel] of this.#channels) this.#begin(id, channel);
  }

  #exited(worker: Worker): void {
    if (this.#worker !== worker) return;
    this.#worker = null;
    const reason = `the recorder's thread ended${this.#error ? `: ${this.#error}` : ''}`;
    this.#error = '';
    for (const { onDeath } of this.#channels.values()) onDeath(reason);
    this.#restart = setTimeout(() => {
      if (!this.#worker && this.#channels.size > 0) this.#spawn();
    }, RESTART_MS);
  }
}
