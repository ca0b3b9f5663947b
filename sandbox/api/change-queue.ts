// Delivers writes to listeners in the order they happened.
import type { Revision } from './revision';
import type { ChangeType, KubeObject } from './types';

/** One write. `object` is the state after it, for DELETED the last state. */
export type StorageEvent = {
  type: ChangeType;
  resource: string;
  object: KubeObject;
  old?: KubeObject;
  revision: Revision;
  oldRevision?: Revision;
};

type Listener = (event: StorageEvent) => void;

function warn(error: unknown): void {
  process.emitWarning(error instanceof Error ? error : String(error));
}

/** A listener that writes must not make others see its write before the one it reacts to: hence a queue. */
export class ChangeQueue {
  readonly #listeners = new Set<Listener>();
  readonly #queue: StorageEvent[] = [];
  readonly #onError: (error: unknown) => void;
  #isEmitting = false;

  constructor(onError: (error: unknown) => void = warn) {
    this.#onError = onError;
  }

  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  emit(event: StorageEvent): void {
    this.#queue.push(event);
    if (this.#isEmitting) return;
    this.#isEmitting = true;
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) this.#deliver(next);
    this.#isEmitting = false;
  }

  #deliver(event: StorageEvent): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(event);
      } catch (error) {
        this.#onError(error);
      }
    }
  }
}
