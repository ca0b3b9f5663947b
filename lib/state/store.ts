import type { KindName, Kinds } from '@/lib/kube/objects';
import type { ObjectKey } from '@/lib/kube/refs';
import type { ObjectChange } from './change';

/** A named function from an object to the index keys it stands under. */
export interface Index {
  readonly kind: KindName;
  readonly keys: (object: Kinds[KindName]) => readonly string[];
}

export type IndexTable = Readonly<Record<string, readonly Index[]>>;

/** What the store tells its one listener while it takes a change. */
export interface StoreListener {
  objectChanged(kind: KindName, key: ObjectKey): void;
  indexChanged(index: string, key: string): void;
  /** A kind's key or an index' key came into being or ceased. */
  keyAppeared(source: string, key: string): void;
  keyVanished(source: string, key: string): void;
}

/** Keys under one index key: a few are kept in order, many in a set that is sorted when it is read. */
type Members = readonly ObjectKey[] | Crowd;

interface Crowd {
  readonly set: Set<ObjectKey>;
  sorted: readonly ObjectKey[] | null;
}

/** To copy so many at a write costs less memory than a set, and hardly more time: a namespace has a hundred pods. */
const FEW = 256;

/** An index as one kind feeds it. */
interface KindIndex {
  readonly name: string;
  readonly index: Index;
  readonly spans: boolean;
}

const NONE: readonly string[] = [];

/**
 * Objects by kind and key, with named indexes kept in step on every write. What it returns is read-only.
 * An update that changes no index key moves no index; delete-and-recreate under one name is an update.
 */
export class ObjectStore {
  readonly #kinds = new Map<KindName, Map<ObjectKey, Kinds[KindName]>>();
  readonly #indexes = new Map<string, Map<string, Members>>();
  readonly #indexesOfKind = new Map<KindName, KindIndex[]>();
  readonly #listener: StoreListener;

  constructor(table: IndexTable, listener: StoreListener) {
    this.#listener = listener;
    for (const [name, indexes] of Object.entries(table)) {
      this.#indexes.set(name, new Map());
      for (const index of indexes) {
        const list = this.#indexesOfKind.get(index.kind) ?? [];
        // Keys of several kinds may meet under one index key, so there members carry their kind.
        list.push({ name, index, spans: indexes.length > 1 });
        this.#indexesOfKind.set(index.kind, list);
      }
    }
  }

  /** The object under a key. */
  get<K extends KindName>(kind: K, key: ObjectKey): Kinds[K] | undefined {
    return this.#kinds.get(kind)?.get(key) as Kinds[K] | undefined;
  }

  /** Number of objects of a kind. */
  count(kind: KindName): number {
    return this.#kinds.get(kind)?.size ?? 0;
  }

  /** Keys of the objects under an index key, sorted: the order of events never shows. */
  index(name: string, key: string): readonly ObjectKey[] {
    const members = this.#indexes.get(name)?.get(key);
    if (!members) return NONE;
    if (isFew(members)) return members;
    members.sorted ??= [...members.set].sort();
    return members.sorted;
  }

  /** All keys of an index that have members, in no order. */
  indexKeys(name: string): IterableIterator<string> {
    return (this.#indexes.get(name) ?? new Map<string, Members>()).keys();
  }

  /** Takes one change. */
  apply({ kind, key, object }: ObjectChange): void {
    const objects = this.#objects(kind);
    const before = objects.get(key);
    if (object === null) {
      if (!before) return;
      objects.delete(key);
    } else objects.set(key, object);
    for (const entry of this.#indexesOfKind.get(kind) ?? [])
      this.#reindex(entry, key, before, object ?? undefined);
    this.#listener.objectChanged(kind, key);
    if (!before) this.#listener.keyAppeared(kind, key);
    if (object === null) this.#listener.keyVanished(kind, key);
  }

  /** All objects of a kind by key, as they are at any time. */
  objects(kind: KindName): ReadonlyMap<ObjectKey, Kinds[KindName]> {
    return this.#objects(kind);
  }

  #objects(kind: KindName): Map<ObjectKey, Kinds[KindName]> {
    let objects = this.#kinds.get(kind);
    if (!objects) {
      objects = new Map();
      this.#kinds.set(kind, objects);
    }
    return objects;
  }

  #reindex(entry: KindIndex, key: ObjectKey, before?: Kinds[KindName], after?: Kinds[KindName]): void {
    const { name, index, spans } = entry;
    const old = before ? index.keys(before) : NONE;
    const now = after ? index.keys(after) : NONE;
    const member = spans ? [index.kind, key].join(' ') : key;
    for (const indexKey of now) if (!old.includes(indexKey)) this.#add(name, indexKey, member);
    for (const indexKey of old) if (!now.includes(indexKey)) this.#remove(name, indexKey, member);
  }

  #add(name: string, indexKey: string, member: string): void {
    const index = this.#indexes.get(name);
    if (!index) return;
    const members = index.get(indexKey);
    const after = withMember(members, member);
    if (after !== members) index.set(indexKey, after);
    if (!members) this.#listener.keyAppeared(name, indexKey);
    this.#listener.indexChanged(name, indexKey);
  }

  #remove(name: string, indexKey: string, member: string): void {
    const index = this.#indexes.get(name);
    const members = index?.get(indexKey);
    if (!index || !members) return;
    const after = withoutMember(members, member);
    if (sizeOf(after) > 0) index.set(indexKey, after);
    else {
      index.delete(indexKey);
      this.#listener.keyVanished(name, indexKey);
    }
    this.#listener.indexChanged(name, indexKey);
  }
}

function isFew(members: Members): members is readonly ObjectKey[] {
  return Array.isArray(members);
}

function sizeOf(members: Members): number {
  return isFew(members) ? members.length : members.set.size;
}

function withMember(members: Members | undefined, member: ObjectKey): Members {
  if (!members) return [member];
  if (!isFew(members)) {
    members.set.add(member);
    members.sorted = null;
    return members;
  }
  // Lists come in order: what is greater than the last is none of them, which spares looking at all.
  const isLast = (members.at(-1) ?? '') < member;
  if (!isLast && members.includes(member)) return members;
  if (members.length >= FEW) return { set: new Set(members).add(member), sorted: null };
  // Copied, since readers keep what they were given; `concat` reserves no room to grow.
  const after = members.concat(member);
  return isLast ? after : after.sort();
}

function withoutMember(members: Members, member: ObjectKey): Members {
  if (isFew(members)) return members.filter((other) => other !== member);
  members.set.delete(member);
  members.sorted = null;
  return members;
}

/** Splits a member of an index that spans kinds: `KIND NS/NAME` (kinds have no spaces). */
export function splitMember(member: string): { kind: KindName; key: ObjectKey } {
  const space = member.indexOf(' ');
  return { kind: member.slice(0, space) as KindName, key: member.slice(space + 1) };
}
