import 'server-only';
import type { Asks, FromWorker, Method, ToWorker, WorkerOptions } from './messages';
import { RecorderThread } from './thread';

const STOP_WITHIN_MS = 2000;

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** A recorder's line to the thread that writes, and the questions that it has not answered yet. */
export class WorkerLink {
  readonly #thread: RecorderThread;
  readonly #channel: number;
  readonly #onMessage: (message: FromWorker) => void;
  readonly #waiting = new Map<number, Waiting>();
  #asked = 0;
  #onStopped: () => void = () => undefined;

  /** `thread`: of all recorders of the process; without one it has its own. */
  constructor(
    options: () => WorkerOptions,
    onMessage: (message: FromWorker) => void,
    onDeath: (reason: string) => void,
    thread = new RecorderThread(),
  ) {
    this.#onMessage = onMessage;
    this.#thread = thread;
    this.#channel = thread.open({
      options,
      onMessage: (message) => this.#take(message),
      onDeath: (reason) => {
        this.#rejectAll(reason);
        onDeath(reason);
        // What is gone cannot say that it has stopped.
        this.#onStopped();
      },
    });
  }

  /** How many questions wait for their answer. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** `transfer`: what is handed over instead of copied. */
  post(message: ToWorker, transfer: readonly ArrayBuffer[] = []): void {
    this.#thread.post(this.#channel, message, transfer);
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
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#onStopped = resolve;
    this.post({ type: 'stop' });
    const timer = setTimeout(resolve, STOP_WITHIN_MS);
    await promise;
    clearTimeout(timer);
    await this.#thread.close(this.#channel);
    this.#rejectAll('the recorder is stopping');
  }

  #take(message: FromWorker): void {
    if (message.type === 'stopped') this.#onStopped();
    if (message.type !== 'answer') {
      this.#onMessage(message);
      return;
    }
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.error === undefined) waiting?.resolve(message.value);
    else waiting?.reject(new Error(message.error));
  }

  #rejectAll(reason: string): void {
    for (const waiting of this.#waiting.values()) waiting.reject(new Error(reason));
    this.#waiting.clear();
  }
}
