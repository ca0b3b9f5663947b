/** What a publish changes: contributions against what is published. */
import { share } from '@/lib/state/share';
import type { Patch } from '@/lib/topology/model';
import type { Contributions } from './contributions';

/** Gathers what differs from the present values. */
export class Patching<T> {
  readonly #upsert: T[] = [];
  readonly #remove: string[] = [];
  readonly #current: ReadonlyMap<string, T>;
  readonly #changed: Map<string, T>;

  /** What a change replaces or removes is put into `changed`. */
  constructor(current: ReadonlyMap<string, T>, changed: Map<string, T>) {
    this.#current = current;
    this.#changed = changed;
  }

  add(id: string, value: T | null): void {
    const before = this.#current.get(id);
    if (value === null) {
      if (before === undefined) return;
      this.#changed.set(id, before);
      this.#remove.push(id);
      return;
    }
    const shared = before === undefined ? value : share(before, value);
    if (shared === before) return;
    if (before !== undefined) this.#changed.set(id, before);
    this.#upsert.push(shared);
  }

  get patch(): Patch<T> {
    return { upsert: this.#upsert, remove: this.#remove };
  }
}

/** What contributions change of the present values, in slices; what is replaced or removed is put into `before`. */
export function* patched<T extends { readonly id: string }>(
  values: Contributions<T>,
  current: ReadonlyMap<string, T>,
  before: Map<string, T>,
): Generator<void, Patch<T>> {
  const changes = new Patching(current, before);
  yield* values.taking((id, value) => changes.add(id, value));
  return changes.patch;
}
