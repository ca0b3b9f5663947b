import 'server-only';
import { share } from '@/lib/state/share';
import type { Internal } from '@/lib/topology/internal';
import { sliced } from '@/lib/topology/slices';
import type { Engine } from './engine';

/**
 * What no entry reaches, made only when a view asks and then kept for all that ask at the same version. It belongs to a
 * state of the engine and a time; whoever finds it stale publishes a version, so that one version never means two things.
 */
export class InternalPart {
  readonly #engine: Engine;
  #revision = -1;
  #now = 0;
  #present: Internal | null = null;
  /** Equal items keep their references from one time to the next. */
  #before: Internal | null = null;
  #wakeAt: number | null = null;
  #shownAt = -1;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** When what was shown changes though nothing else does; null when never. */
  get wakeAt(): number | null {
    return this.#present ? this.#wakeAt : null;
  }

  /** Before it is shown: whether that needs a new version, because at this one something else was shown. */
  prepare(now: number, version: number): boolean {
    if (!this.#isStale(now)) return false;
    this.#renew(now);
    return this.#shownAt === version;
  }

  /** Somebody may have seen it at this version. */
  shown(version: number): void {
    this.#shownAt = version;
  }

  /** Takes over a publish; whether what views show of it has changed. */
  *update(now: number, graphChanged: boolean, inViews: boolean): Generator<void, boolean> {
    if (!graphChanged && !this.#isStale(now)) return false;
    const before = inViews ? this.#present : null;
    // Where nobody looks it stays stale, without a version of its own, until somebody asks.
    if (before || graphChanged) this.#renew(now);
    return before !== null && (yield* this.present()) !== before;
  }

  /** Lets go of what it holds; what it stands for stays the same. */
  forget(): void {
    this.#before = null;
    this.#present = null;
  }

  /** Made now unless that has been done; the same object while nothing in it has changed. */
  *present(): Generator<void, Internal> {
    if (this.#present) return this.#present;
    const made = yield* this.#engine.internal(this.#now);
    this.#wakeAt = made.wakeAt;
    this.#present = this.#before ? yield* shared(this.#before, made) : made;
    this.#before = null;
    return this.#present;
  }

  #isStale(now: number): boolean {
    return this.#revision !== this.#engine.internalRevision || (this.#wakeAt !== null && now >= this.#wakeAt);
  }

  /** From now on it is that of the engine as it is, at this time. */
  #renew(now: number): void {
    this.#revision = this.#engine.internalRevision;
    this.#now = now;
    this.#before = this.#present ?? this.#before;
    this.#present = null;
    this.#wakeAt = null;
  }
}

function* shared(before: Internal, after: Internal): Generator<void, Internal> {
  const nodes = yield* sharedItems(before.nodes, after.nodes);
  const edges = yield* sharedItems(before.edges, after.edges);
  if (nodes === before.nodes && edges === before.edges) return before;
  return { nodes, edges, wakeAt: after.wakeAt };
}

function* sharedItems<T extends { readonly id: string }>(
  before: readonly T[],
  after: readonly T[],
): Generator<void, readonly T[]> {
  const known = new Map<string, T>();
  yield* sliced(before, (item) => known.set(item.id, item));
  const items: T[] = [];
  let same = before.length === after.length;
  yield* sliced(after, (item) => {
    const kept = share(known.get(item.id), item);
    same &&= kept === before[items.length];
    items.push(kept);
  });
  return same ? before : items;
}
