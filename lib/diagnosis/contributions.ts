import { sliced } from '@/lib/topology/slices';

interface Contribution<T> {
  readonly unit: string;
  readonly value: T;
}

/** Nearly every id has one contributor: it is kept without a list around it. */
type Parts<T> = Contribution<T> | readonly Contribution<T>[];

const NOTHING: readonly never[] = [];

/** Values by id, each made of the contributions of one or more units. Merging waits until the changes are taken. */
export class Contributions<T extends { readonly id: string }> {
  readonly #byId = new Map<string, Parts<T>>();
  /** Null until they are first taken: then all are. */
  #dirty: Set<string> | null = null;
  readonly #merge: (parts: readonly T[]) => T;

  constructor(merge: (parts: readonly T[]) => T) {
    this.#merge = merge;
  }

  /** A unit contributes `after` where it contributed `before`. */
  replace(unit: string, before: readonly T[] = NOTHING, after: readonly T[] = NOTHING): void {
    if (before === after) return;
    if (before.length === 0) {
      for (const value of after) this.#add(value, unit);
      return;
    }
    const now = new Map<string, T>();
    // One unit may name an id twice (two rules to one missing Service): its parts are merged like everybody's.
    for (const value of after) {
      const twin = now.get(value.id);
      now.set(value.id, twin ? this.#merge([twin, value]) : value);
    }
    for (const { id } of before) if (!now.has(id)) this.#set(id, unit, null);
    for (const [id, value] of now) this.#set(id, unit, value);
  }

  /** Tells ids whose contributions changed, with their merged value, in slices; null where none is left. */
  *taking(each: (id: string, value: T | null) => void): Generator<void> {
    const dirty = this.#dirty;
    this.#dirty = new Set();
    if (dirty === null)
      yield* sliced(this.#byId.values(), (parts) => {
        const value = this.#merged(parts);
        each(value.id, value);
      });
    else
      yield* sliced(dirty, (id) => {
        const parts = this.#byId.get(id);
        each(id, parts ? this.#merged(parts) : null);
      });
  }

  #merged(parts: Parts<T>): T {
    return isMany(parts) ? this.#merge(parts.map((part) => part.value)) : parts.value;
  }

  /** Of a unit that contributed nothing before. */
  #add(value: T, unit: string): void {
    const { id } = value;
    const parts = this.#byId.get(id);
    if (parts === undefined) {
      this.#byId.set(id, { unit, value });
      this.#dirty?.add(id);
      return;
    }
    const twin = (isMany(parts) ? parts : [parts]).find((part) => part.unit === unit);
    this.#set(id, unit, twin ? this.#merge([twin.value, value]) : value);
  }

  #set(id: string, unit: string, value: T | null): void {
    const parts = this.#byId.get(id);
    if (parts === undefined) {
      if (value === null) return;
      this.#byId.set(id, { unit, value });
      this.#dirty?.add(id);
      return;
    }
    const list: readonly Contribution<T>[] = isMany(parts) ? parts : [parts];
    const mine = list.find((part) => part.unit === unit);
    if (mine?.value === value || (!mine && value === null)) return;
    const others = mine ? list.filter((part) => part !== mine) : list;
    const next = value === null ? others : insert(others, { unit, value });
    if (next.length === 0) this.#byId.delete(id);
    else this.#byId.set(id, next.length === 1 ? (next[0] as Contribution<T>) : next);
    this.#dirty?.add(id);
  }
}

function isMany<T>(parts: Parts<T>): parts is readonly Contribution<T>[] {
  return Array.isArray(parts);
}

/** Keeps contributions sorted by unit, so that what is merged never depends on the order of events. */
function insert<T>(parts: readonly Contribution<T>[], part: Contribution<T>): readonly Contribution<T>[] {
  if (parts.length === 0) return [part];
  const at = parts.findIndex((other) => other.unit > part.unit);
  return at < 0 ? [...parts, part] : parts.toSpliced(at, 0, part);
}
