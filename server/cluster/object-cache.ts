import 'server-only';
import type { KindName, Kinds } from '@/lib/kube/objects';
import { Interner } from '@/lib/kube/project/interner';
import type { Projection } from '@/lib/kube/project/project';
import { type Raw, record, text } from '@/lib/kube/project/raw';
import { share } from '@/lib/kube/project/share';
import { type ObjectKey, objectKey } from '@/lib/kube/refs';
import type { ObjectChange } from '@/lib/state/change';

/** Type-safe maker of changes: within one cache kind and object belong together. */
function change<K extends KindName>(kind: K, key: ObjectKey, object: Kinds[K] | null): ObjectChange {
  return { kind, key, object } as ObjectChange;
}

/**
 * What one watcher has told so far, as the very objects that the store holds. It finds what vanished when a list comes
 * again, swallows events that change nothing in the narrow shape, and lets unchanged parts keep their reference.
 */
export class ObjectCache<K extends KindName> {
  readonly #kind: K;
  readonly #projection: Projection<K>;
  readonly #interner = new Interner();
  readonly #known = new Map<ObjectKey, Kinds[K]>();
  readonly #prefixes = new Map<string, string>();
  #listed: Set<ObjectKey> | null = null;

  constructor(kind: K, projection: Projection<K>) {
    this.#kind = kind;
    this.#projection = projection;
  }

  get size(): number {
    return this.#known.size;
  }

  /** Takes an object of a list or of an ADDED or MODIFIED event; null: nothing that we keep has changed. */
  put(raw: unknown): ObjectChange | null {
    const next = this.#projection(record(raw), this.#interner);
    return next === null ? null : this.keep(next);
  }

  /** What objects that were projected elsewhere are to share their parts by. */
  get interner(): Interner {
    return this.#interner;
  }

  /** Takes an object that is projected already. */
  keep(next: Kinds[K]): ObjectChange | null {
    const key = this.#keyOf(next.namespace, next.name);
    this.#listed?.add(key);
    const previous = this.#known.get(key);
    const object = previous === undefined ? next : share(previous, next);
    if (object === previous) return null;
    this.#known.set(key, object);
    return change(this.#kind, key, object);
  }

  /** As {@link objectKey}; joined from a shared prefix and the object's own name, it costs a third of the memory. */
  #keyOf(namespace: string, name: string): ObjectKey {
    let prefix = this.#prefixes.get(namespace);
    if (prefix === undefined) {
      prefix = objectKey(namespace, '');
      this.#prefixes.set(namespace, prefix);
    }
    return prefix + name;
  }

  /** Takes the last state of a deleted object. One that has been made anew under its name meanwhile stays. */
  remove(raw: Raw): ObjectChange | null {
    const { namespace, name, uid } = record(raw.metadata);
    const key = objectKey(text(namespace), text(name));
    const known = this.#known.get(key);
    if (known === undefined) return null;
    if (known.uid !== '' && text(uid) !== '' && known.uid !== text(uid)) return null;
    this.#known.delete(key);
    return change(this.#kind, key, null);
  }

  /** A list begins: what it does not name until {@link endList} has vanished. From the first one nothing can have. */
  beginList(): void {
    this.#listed = this.#known.size === 0 ? null : new Set();
    this.#interner.inOrder = true;
  }

  endList(): ObjectChange[] {
    const listed = this.#listed;
    this.#listed = null;
    this.#interner.clear();
    this.#interner.inOrder = false;
    return listed === null ? [] : this.#drop((key) => !listed.has(key));
  }

  /** Forgets everything: we may not look any more, so we know nothing. */
  clear(): ObjectChange[] {
    return this.#drop(() => true);
  }

  #drop(isGone: (key: ObjectKey) => boolean): ObjectChange[] {
    const gone: ObjectChange[] = [];
    for (const key of this.#known.keys()) {
      if (!isGone(key)) continue;
      this.#known.delete(key);
      gone.push(change(this.#kind, key, null));
    }
    return gone;
  }
}
