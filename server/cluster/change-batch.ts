import 'server-only';
import type { KindName } from '@/lib/kube/objects';
import type { ObjectKey } from '@/lib/kube/refs';
import type { Change, ObjectChange } from '@/lib/state/change';
import type { Clock } from './clock';

/** Handed on at once when so many have come together: a list of 50,000 must not pile up here as well. */
const MOST = 2_000;

/** Gathers changes for a moment and hands them on together, the last of each thing only. Objects come first. */
export class ChangeBatch {
  #objects = new Map<KindName, Map<ObjectKey, ObjectChange>>();
  #others = new Map<string, Change>();
  #size = 0;
  #cancel: (() => void) | null = null;
  #handlerErrors = 0;
  readonly #clock: Clock;
  readonly #delay: number;
  readonly #onChange: (changes: readonly Change[]) => void;
  readonly #onError: (error: unknown) => void;

  constructor(options: {
    readonly clock: Clock;
    readonly delay: number;
    readonly onChange: (changes: readonly Change[]) => void;
    readonly onError: (error: unknown) => void;
  }) {
    this.#clock = options.clock;
    this.#delay = options.delay;
    this.#onChange = options.onChange;
    this.#onError = options.onError;
  }

  /** Exceptions of the receiver; they stop nobody. */
  get handlerErrors(): number {
    return this.#handlerErrors;
  }

  object(change: ObjectChange): void {
    let kind = this.#objects.get(change.kind);
    if (kind === undefined) {
      kind = new Map();
      this.#objects.set(change.kind, kind);
    }
    kind.set(change.key, change);
    this.#added();
  }

  /** A fact or coverage; a later one with the same id replaces an earlier one. */
  other(id: string, change: Change): void {
    this.#others.set(id, change);
    this.#added();
  }

  flush(): void {
    this.#cancel?.();
    this.#cancel = null;
    if (this.#size === 0) return;
    const changes: Change[] = [];
    for (const kind of this.#objects.values())
      for (const change of kind.values()) changes.push({ type: 'object', change });
    changes.push(...this.#others.values());
    this.#objects = new Map();
    this.#others = new Map();
    this.#size = 0;
    try {
      this.#onChange(changes);
    } catch (error) {
      this.#handlerErrors += 1;
      this.#onError(error);
    }
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = null;
    this.#size = 0;
    this.#objects.clear();
    this.#others.clear();
  }

  #added(): void {
    this.#size += 1;
    if (this.#size >= MOST) this.flush();
    else this.#cancel ??= this.#clock.after(this.#delay, () => this.flush());
  }
}
