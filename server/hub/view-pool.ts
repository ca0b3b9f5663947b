import 'server-only';
import type { Indexed } from '@/lib/topology/view';
import type { ViewFilters } from '@/lib/topology/view-filters';
import { formatFilters, isUnfiltered } from '@/lib/wire/filters';
import { type Head, SharedView } from './shared-view';

/** Views that nobody holds are kept for so long, for those who reload or reconnect. */
export const IDLE_VIEW_MS = 60_000;

/** How much views may hold together. */
export interface ViewLimits {
  readonly views: number;
  /** Each view keeps what it shows as a drawing of its own, so that a large one costs as much as many small ones. */
  readonly nodes: number;
}

export const VIEW_LIMITS: ViewLimits = { views: 500, nodes: 300_000 };

/** So many or so large views are in use that one more does not fit. */
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
  readonly #limits: ViewLimits;

  constructor(
    source: Indexed,
    reading: Reading,
    head: () => Head,
    now: () => number,
    limits: ViewLimits = VIEW_LIMITS,
  ) {
    this.#source = source;
    this.#reading = reading;
    this.#head = head;
    this.#now = now;
    this.#limits = limits;
  }

  get size(): number {
    return this.#views.size;
  }

  /** How many nodes all views hold together. */
  get nodes(): number {
    let nodes = 0;
    for (const view of this.#views.values()) nodes += view.nodes;
    return nodes;
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

  /** Views grow with the cluster: where they have become too large idle ones go, then those that came last. */
  shrink(): void {
    let over = this.nodes - this.#limits.nodes;
    if (over <= 0) return;
    const newest = [...this.#views.values()].filter(({ users }) => users > 0).reverse();
    for (const view of [...this.#idle(), ...newest]) {
      if (over <= 0) return;
      if (view.nodes === 0) continue;
      over -= view.nodes;
      this.#views.delete(view.key);
      view.drop();
    }
  }

  async #create(key: string, filters: ViewFilters): Promise<SharedView> {
    // Before the work of drawing, which comes to nothing where not even one node more fits.
    this.#makeRoom(isUnfiltered(filters) ? 0 : 1);
    const view = new SharedView(key, this.#source, filters, this.#head());
    await view.prepare();
    this.#makeRoom(view.nodes);
    view.idleSince = this.#now();
    this.#views.set(key, view);
    return view;
  }

  /** Forgets idle views, the oldest first, until one more with so many nodes fits; if it never will, it forgets none. */
  #makeRoom(nodes: number): void {
    let overViews = this.#views.size + 1 - this.#limits.views;
    let overNodes = nodes === 0 ? 0 : this.nodes + nodes - this.#limits.nodes;
    const going: SharedView[] = [];
    for (const view of this.#idle()) {
      if (overViews <= 0 && (overNodes <= 0 || view.nodes === 0)) continue;
      overViews--;
      overNodes -= view.nodes;
      going.push(view);
    }
    const { views: mostViews, nodes: mostNodes } = this.#limits;
    if (overViews > 0) throw new TooManyViews(`${mostViews} different views are open`);
    if (overNodes > 0)
      throw new TooManyViews(`the open views leave no room for this one (${mostNodes} nodes in all)`);
    for (const { key } of going) this.#views.delete(key);
  }

  /** Views that nobody holds, the longest unused first. */
  #idle(): readonly SharedView[] {
    const idle = [...this.#views.values()].filter(({ users }) => users === 0);
    return idle.sort((a, b) => a.idleSince - b.idleSince);
  }
}
