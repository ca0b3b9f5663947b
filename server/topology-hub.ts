import 'server-only';
import type { Change } from '@/lib/state/change';
import { share } from '@/lib/state/share';
import type { Touched } from '@/lib/topology/chain-index';
import { isEmpty } from '@/lib/topology/drawn-diff';
import type { ClusterInfo, TopologyDelta } from '@/lib/topology/model';
import { type Indexed, indexed, View } from '@/lib/topology/view';
import { NO_FILTERS, type ViewFilters } from '@/lib/topology/view-filters';
import { formatFilters, isUnfiltered } from '@/lib/wire/filters';
import { type Frozen, SharedChunks, topologyChunks } from './hub/chunks';
import { type Follower, Followers } from './hub/follower';
import { InternalPart } from './hub/internal-part';
import type { HubOptions } from './hub/options';
import { PUBLISH_TIMING, PublishTimer } from './hub/publish-timer';
import {
  changesOf,
  type DeltaHead,
  type Head,
  NOTHING,
  type SharedView,
  type Snapshot,
} from './hub/shared-view';
import { inTurns, Serial, workTime, yieldTurn } from './hub/turns';
import { type Reading, ViewPool } from './hub/view-pool';

/** The engine may work so long before others run. */
const RUN_BUDGET_MS = 10;
const TIDY_MS = 5000;
const UNTOUCHED: Touched = { pivots: new Set(), shared: false };

/** The one writer of versions: takes changes, has them judged, publishes deltas to views. */
export class TopologyHub {
  readonly #options: HubOptions;
  readonly #now: () => number;
  readonly #source: Indexed;
  /** Held while the inputs move: only who shows the internal part, which is made from them, waits for it. */
  readonly #inputs = new Serial();
  readonly #serial = new Serial();
  readonly #internal: InternalPart;
  readonly #timer: PublishTimer;
  readonly #tidy: NodeJS.Timeout;
  readonly #listeners = new Set<() => void>();
  readonly #followers = new Followers();
  readonly #connectionListeners = new Set<(cluster: ClusterInfo) => void>();
  readonly views: ViewPool;
  #head: Head;
  #cluster: ClusterInfo;
  #ready = false;
  #synced = false;
  #isAhead = false;
  #isStopped = false;
  /** Until somebody looks, nobody asks for chains: a start need not wait for them. */
  #hasChains = false;

  constructor(options: HubOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#cluster = options.cluster;
    const { engine, epoch, cluster } = options;
    const takenAt = new Date(this.#now()).toISOString();
    this.#head = { epoch, version: 0, takenAt, cluster, coverage: [], summary: engine.summary };
    this.#internal = new InternalPart(engine);
    this.#source = { ...indexed(engine.graph), internal: () => this.#internal.present() };
    const reading: Reading = (filters, work) => this.#reading(filters, work);
    this.views = new ViewPool(this.#source, reading, () => this.#head, this.#now, options.viewLimits);
    const timing = options.timing ?? PUBLISH_TIMING;
    this.#timer = new PublishTimer(this.#now, (changedAt) => this.#cycle(changedAt), timing);
    this.#tidy = setInterval(() => this.#tidyUp(), TIDY_MS);
    this.#tidy.unref();
  }

  get head(): Head {
    return this.#head;
  }

  /** Whether a topology has been published: before, there is only the cluster's connection to tell. */
  get synced(): boolean {
    return this.#synced;
  }

  /** Takes changes of the inputs; before `markReady` they wait. */
  change(changes: readonly Change[]): void {
    if (changes.length === 0) return;
    this.#options.engine.change(changes);
    if (this.#ready) this.#timer.changed();
    else void this.#goAhead();
  }

  /** Every permitted resource has been listed or is known to fail: from now on there is something to say. */
  markReady(): void {
    this.#ready = true;
    this.#timer.atOnce();
  }

  /** Tells a change of the cluster's connection: at once to who listens, and in the next delta. */
  setCluster(cluster: ClusterInfo): void {
    const shared = share(this.#cluster, cluster);
    if (shared === this.#cluster) return;
    this.#cluster = shared;
    for (const listener of this.#connectionListeners) listener(cluster);
    this.#timer.changed();
  }

  /** Calls back after each publish. */
  onVersion(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  onConnection(listener: (cluster: ClusterInfo) => void): () => void {
    this.#connectionListeners.add(listener);
    return () => this.#connectionListeners.delete(listener);
  }

  /** Reads the graph while it stands still. */
  read<T>(work: (source: Indexed, head: Head) => T | Promise<T>): Promise<T> {
    return this.#look(async () => await work(this.#source, this.#head));
  }

  /** The same with what no entry reaches made ready. */
  readInternal<T>(work: (source: Indexed) => Promise<T>): Promise<T> {
    return this.#reading({ ...NO_FILTERS, scope: 'all' }, () => work(this.#source));
  }

  /** Tells each version from now on while the graph stands still; `start` sees the graph that the first one changes. */
  follow(follower: Follower, start: (source: Indexed, head: Head) => Promise<void>): Promise<() => void> {
    return this.#serial.run(async () => {
      await start(this.#source, this.#head);
      return this.#followers.add(follower);
    });
  }

  /** How many Services and pods there are in a namespace, drawn or not. */
  objectsIn(namespace: string): { readonly services: number; readonly pods: number } {
    return this.#options.engine.objectsIn(namespace);
  }

  /** The version that a view with these filters has now. */
  version(filters: ViewFilters): Promise<number> {
    if (filters.scope === 'entry') return Promise.resolve(this.#head.version);
    return this.#reading(filters, () => Promise.resolve(this.#head.version));
  }

  /** The topology's JSON in pieces, without holding a view for it. */
  snapshot(filters: ViewFilters): Promise<Snapshot> {
    return this.#reading(filters, async () => {
      const held = this.views.existing(formatFilters(filters));
      if (held) return held.snapshot();
      const frozen = await this.#freeze(filters);
      return { version: frozen.version, chunks: new SharedChunks(topologyChunks(frozen)) };
    });
  }

  /** The topology of a view at one version, by default the whole one; its items are never changed. */
  frozen(filters: ViewFilters = NO_FILTERS): Promise<Frozen> {
    const freeze = () => this.#freeze(filters);
    return isUnfiltered(filters) ? this.#serial.run(freeze) : this.#reading(filters, freeze);
  }

  /** The same of a view that is held: one serialisation for all who ask at the same version. */
  snapshotOf(view: SharedView): Promise<Snapshot> {
    return this.read(() => view.snapshot());
  }

  stop(): void {
    this.#isStopped = true;
    this.#timer.stop();
    clearInterval(this.#tidy);
  }

  /** While lists are read there is time between their pieces. */
  async #goAhead(): Promise<void> {
    if (this.#isAhead) return;
    this.#isAhead = true;
    try {
      while (!(this.#ready || this.#isStopped) && !this.#options.engine.ahead(this.#now(), RUN_BUDGET_MS))
        await yieldTurn();
    } catch (error) {
      this.#options.onError(error);
    }
    this.#isAhead = false;
  }

  get #showsInternal(): boolean {
    return this.views.showsInternal || this.#followers.showsInternal;
  }

  #reading<T>(filters: ViewFilters, work: () => Promise<T>): Promise<T> {
    if (filters.scope === 'entry') return this.#look(work);
    return this.#inputs.run(async () => {
      await this.#options.prepareInternal?.();
      return await this.#look(async () => {
        await this.#prepareInternal();
        const result = await work();
        if (this.#ready) this.#timer.wakeAt(this.#nextWake());
        return result;
      });
    });
  }

  #look<T>(work: () => Promise<T>): Promise<T> {
    return this.#serial.run(async () => {
      if (!this.#hasChains) await inTurns(this.#source.chains.fill());
      this.#hasChains = true;
      return work();
    });
  }

  async #prepareInternal(): Promise<void> {
    const now = this.#now();
    const { version } = this.#head;
    if (this.#internal.prepare(now, version))
      await this.#tell(NOTHING, {
        ...this.#head,
        version: version + 1,
        takenAt: new Date(now).toISOString(),
      });
    this.#internal.shown(this.#head.version);
  }

  #tidyUp(): void {
    this.views.tidy();
    if (!this.#showsInternal) this.#internal.forget();
  }

  async #freeze(filters: ViewFilters): Promise<Frozen> {
    const { graph } = this.#source;
    const drawn = isUnfiltered(filters) ? graph : await inTurns(new View(this.#source, filters).draw());
    return {
      ...this.#head,
      nodes: [...drawn.nodes.values()],
      edges: [...drawn.edges.values()],
      findings: [...drawn.findings.values()],
    };
  }

  async #cycle(changedAt: number | null): Promise<void> {
    try {
      await this.#inputs.run(() => this.#runAndPublish(changedAt));
    } catch (error) {
      this.#options.onError(error);
    }
    this.#timer.wakeAt(this.#ready ? this.#nextWake() : null);
  }

  async #runAndPublish(changedAt: number | null): Promise<void> {
    const { engine, onRun } = this.#options;
    if (this.#ready) {
      const now = this.#now();
      const ms = await workTime(() => engine.run(now, RUN_BUDGET_MS));
      onRun?.(ms);
    }
    await this.#serial.run(() => this.#publish(changedAt));
  }

  #nextWake(): number | null {
    const times = [this.#options.engine.nextWake, this.#showsInternal ? this.#internal.wakeAt : null];
    const known = times.filter((time) => time !== null);
    return known.length === 0 ? null : Math.min(...known);
  }

  async #publish(changedAt: number | null): Promise<void> {
    const { engine } = this.#options;
    const now = this.#now();
    const delta = this.#ready ? await inTurns(engine.publishing(now)) : NOTHING;
    const before = this.#head;
    const coverage = share(before.coverage, engine.coverage.map(this.#options.coverageOf));
    const summary = share(before.summary, engine.summary);
    const cluster = share(before.cluster, this.#cluster);
    const same = coverage === before.coverage && summary === before.summary && cluster === before.cluster;
    const first = this.#ready && !this.#synced;
    const changed = !isEmpty(delta);
    const internal = await inTurns(this.#internal.update(now, changed, this.#showsInternal));
    if (same && !changed && !internal && !first) return;
    this.#synced ||= this.#ready;
    const head: Head = {
      ...before,
      version: before.version + 1,
      takenAt: new Date(now).toISOString(),
      coverage,
      summary,
      cluster,
    };
    await this.#tell(delta, head);
    this.#options.onPublished?.({ lagMs: changedAt === null ? null : this.#now() - changedAt, head, delta });
  }

  /** Makes a version known. */
  async #tell(delta: TopologyDelta, head: Head): Promise<void> {
    const touched = this.#hasChains ? await inTurns(this.#source.chains.update(delta)) : UNTOUCHED;
    this.#source.findings.apply(delta);
    const changed = changesOf(this.#head, head);
    await this.#updateViews(head, delta, touched, changed);
    await this.#followers.tell(this.#source, { head, delta }, this.#options.onError);
    this.#head = head;
    if (this.#showsInternal) this.#internal.shown(head.version);
    for (const listener of this.#listeners) listener();
  }

  async #updateViews(head: Head, delta: TopologyDelta, touched: Touched, changed: DeltaHead): Promise<void> {
    for (const view of this.views.all()) {
      await view.update(head, delta, touched, changed, this.#now());
      this.views.shrink();
      await yieldTurn();
    }
  }
}
