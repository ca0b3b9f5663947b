import 'server-only';
import type { Indexed } from '@/lib/topology/view';
import type { ViewFilters } from '@/lib/topology/view-filters';
import { formatFilters } from '@/lib/wire/filters';
import { type Head, SharedView } from './shared-view';

/** Views that nobody holds are kept for so long, for those who reload or reconnect. */
export const IDLE_VIEW_MS = 60_000;
export const MOST_VIEWS = 500;

/** All views are in use. */
export class TooManyViews extends Error {
  override readonly name = 'TooManyViews';
}

/** Runs work on a graph that stands still, as a view with these filters needs it. */
export type Reading = <T>(filters: ViewFilters, work: () => Promise<T>) => Promise<T>;

/** The views that clients hold: one for all who ask for the same. */
export class ViewPool {
  readonly #source: Indexed;
  readonly #reading: Reading;
  readonly #head: () => Head;
  readonly #now: () => number;
  readonly #views = new Map<string, SharedView>();
  readonly #most: number;

  constructor(source: Indexed, reading: Reading, head: () => Head, now: () => number, most = MOST_VIEWS) {
    this.#source = source;
    this.#reading = reading;
    this.#head = head;
    this.#now = now;
    this.#most = most;
  }

  get size(): number {
    return this.#views.size;
  }

  all(): Iterable<SharedView> {
    return this.#views.values();
  }

  /** Whether some view shows what no entry reaches. */
  get showsInternal(): boolean {
    for (const view of this.#views.values()) if (view.scope === 'all') return true;
    return false;
  }

  /** The view if it is held already. */
  existing(key: string): SharedView | undefined {
    return this.#views.get(key);
  }

  /** Holds a view; `release` it once. */
  acquire(filters: ViewFilters): Promise<SharedView> {
    const key = formatFilters(filters);
    const existing = this.#views.get(key);
    if (existing) {
      existing.users++;
      return Promise.resolve(existing);
    }
    return this.#reading(filters, async () => {
      const raced = this.#views.get(key);
      const view = raced ?? (await this.#create(key, filters));
      view.users++;
      return view;
    });
  }

  release(view: SharedView): void {
    view.users--;
    if (view.users === 0) view.idleSince = this.#now();
  }

  /** Forgets views that nobody has held for a while, and what is kept of old changes and snapshots. */
  tidy(): void {
    const now = this.#now();
    for (const [key, view] of this.#views) {
      if (view.users === 0 && now - view.idleSince >= IDLE_VIEW_MS) this.#views.delete(key);
      view.ring.expire(now);
      view.forgetSnapshot();
    }
  }

  async #create(key: string, filters: ViewFilters): Promise<SharedView> {
    this.#makeRoom();
    const view = new SharedView(key, this.#source, filters, this.#head());
    await view.prepare();
    view.idleSince = this.#now();
    this.#views.set(key, view);
    return view;
  }

  #makeRoom(): void {
    if (this.#views.size < this.#most) return;
    const idle = [...this.#views.values()].filter((view) => view.users === 0);
    idle.sort((a, b) => a.idleSince - b.idleSince);
    const oldest = idle[0];
    if (!oldest) throw new TooManyViews(`${this.#most} different views are open`);
    this.#views.delete(oldest.key);
  }
}
