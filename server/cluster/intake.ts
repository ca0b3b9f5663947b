import 'server-only';
import type { KindName, Kinds } from '@/lib/kube/objects';
import { unpackPods } from '@/lib/kube/project/pod-rows';
import type { Raw } from '@/lib/kube/project/raw';
import type { ObjectChange } from '@/lib/state/change';
import { ObjectCache } from './object-cache';
import type { ReflectorOptions } from './reflector-options';

/** Where a watcher's objects come in: counts them, and hands on what has changed. */
export class Intake<K extends KindName> {
  readonly #cache: ObjectCache<K>;
  readonly #options: ReflectorOptions<K>;
  #counted = 0;

  constructor(options: ReflectorOptions<K>) {
    this.#options = options;
    this.#cache = new ObjectCache(options.resource.id, options.projection);
  }

  beginList(): void {
    this.#cache.beginList();
  }

  /** What the list did not name has vanished. */
  endList(): void {
    for (const change of this.#cache.endList()) this.#emit(change);
  }

  /** Forgets everything: we may not look any more, so we know nothing. */
  clear(): void {
    for (const change of this.#cache.clear()) this.#emit(change);
  }

  /** A projection never throws; should one do so all the same, one odd object must not stop the others. */
  put(raw: unknown): void {
    let change: ObjectChange | null = null;
    try {
      change = this.#cache.put(raw);
    } catch {
      this.#options.stats.errors += 1;
    }
    this.#emit(change);
  }

  /** Takes objects that the thread of lists has projected. */
  putPacked(text: string): void {
    // Pods are the only kind that is packed.
    const pods = unpackPods(text, this.#cache.interner);
    for (const pod of pods) this.#emit(this.#cache.keep(pod as Kinds[K]));
    const last = pods.at(-1);
    if (last) this.#options.onReached?.(last.namespace);
  }

  /** So many could not be projected. */
  failed(count: number): void {
    this.#options.stats.errors += count;
  }

  remove(raw: Raw): void {
    this.#emit(this.#cache.remove(raw));
  }

  #emit(change: ObjectChange | null): void {
    const { stats, onChange } = this.#options;
    // Several watchers of one resource (one for each namespace) share the counters.
    stats.objects += this.#cache.size - this.#counted;
    this.#counted = this.#cache.size;
    if (change !== null) onChange(change);
  }
}
