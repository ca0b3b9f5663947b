import 'server-only';
import type { Change, ResourceCoverage } from '@/lib/state/change';
import { share } from '@/lib/state/share';
import type { Touched } from '@/lib/topology/chain-index';
import { isEmpty } from '@/lib/topology/drawn-diff';
import type { ClusterInfo, Coverage, TopologyDelta } from '@/lib/topology/model';
import { type Indexed, indexed, View } from '@/lib/topology/view';
import type { ViewFilters } from '@/lib/topology/view-filters';
import { formatFilters, isUnfiltered } from '@/lib/wire/filters';
import { type Frozen, SharedChunks, topologyChunks } from './hub/chunks';
import type { Engine } from './hub/engine';
import { PUBLISH_TIMING, PublishTimer, type PublishTiming } from './hub/publish-timer';
import type { DeltaHead, Head, SharedView, Snapshot } from './hub/shared-view';
import { inTurns, Serial, yieldTurn } from './hub/turns';
import { ViewPool } from './hub/view-pool';

/** The engine may work so long before others run. */
const RUN_BUDGET_MS = 10;
const TIDY_MS = 5000;

export interface Published {
  /** From the oldest change in it until clients could be told; null on a mere wake. */
  readonly lagMs: number | null;
  readonly delta: TopologyDelta;
}

export interface HubOptions {
  readonly engine: Engine;
  /** Of this process; without dots. */
  readonly epoch: string;
  readonly cluster: ClusterInfo;
  /** How to grant what a resource lacks. */
  readonly coverageOf: (coverage: ResourceCoverage) => Coverage;
  readonly onPublished?: (published: Published) => void;
  /** After the engine has run: what it wants to know may have changed. */
  readonly onRun?: () => void;
  readonly onError: (error: unknown) => void;
  readonly now?: () => number;
  readonly timing?: PublishTiming;
  readonly mostViews?: number;
}

/** The one writer of versions: takes changes, has them judged, publishes deltas to views. */
export class TopologyHub {
  readonly #options: HubOptions;
  readonly #now: () => number;
  readonly #source: Indexed;
  readonly #serial = new Serial();
  readonly #timer: PublishTimer;
  readonly #tidy: NodeJS.Timeout;
  readonly #listeners = new Set<() => void>();
  readonly #connectionListeners = new Set<(cluster: ClusterInfo) => void>();
  readonly views: ViewPool;
  #head: Head;
  #cluster: ClusterInfo;
  #ready = false;
  #synced = false;

  constructor(options: HubOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#cluster = options.cluster;
    const { engine, epoch, cluster } = options;
    const takenAt = new Date(this.#now()).toISOString();
    this.#head = { epoch, version: 0, takenAt, cluster, coverage: [], summary: engine.summary };
    this.#source = indexed(engine.graph);
    this.views = new ViewPool(this.#source, this.#serial, () => this.#head, this.#now, options.mostViews);
    const timing = options.timing ?? PUBLISH_TIMING;
    this.#timer = new PublishTimer(this.#now, (changedAt) => this.#cycle(changedAt), timing);
    this.#tidy = setInterval(() => this.views.tidy(), TIDY_MS);
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
  }

  /** Every permitted resource has been listed or is known to fail: from now on there is something to say. */
  markReady(): void {
    this.#ready = true;
    this.#timer.changed();
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
    return this.#serial.run(async () => await work(this.#source, this.#head));
  }

  /** The topology's JSON in pieces, without holding a view for it. */
  snapshot(filters: ViewFilters): Promise<Snapshot> {
    return this.read(async () => {
      const held = this.views.existing(formatFilters(filters));
      if (held) return held.snapshot();
      const frozen = await this.#freeze(filters);
      return { version: frozen.version, chunks: new SharedChunks(topologyChunks(frozen)) };
    });
  }

  /** The same of a view that is held: one serialisation for all who ask at the same version. */
  snapshotOf(view: SharedView): Promise<Snapshot> {
    return this.read(() => view.snapshot());
  }

  stop(): void {
    this.#timer.stop();
    clearInterval(this.#tidy);
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
    const { engine, onError, onRun } = this.#options;
    try {
      if (this.#ready) {
        const now = this.#now();
        while (!engine.run(now, RUN_BUDGET_MS)) await yieldTurn();
        onRun?.();
      }
      await this.#serial.run(() => this.#publish(changedAt));
    } catch (error) {
      onError(error);
    }
    this.#timer.wakeAt(this.#ready ? engine.nextWake : null);
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
    if (same && isEmpty(delta) && !first) return;
    this.#synced ||= this.#ready;
    const touched = await inTurns(this.#source.chains.update(delta));
    this.#source.findings.apply(delta);
    const head: Head = {
      ...before,
      version: before.version + 1,
      takenAt: new Date(now).toISOString(),
      coverage,
      summary,
      cluster,
    };
    await this.#updateViews(head, delta, touched, changesOf(before, head));
    this.#head = head;
    for (const listener of this.#listeners) listener();
    this.#options.onPublished?.({ lagMs: changedAt === null ? null : this.#now() - changedAt, delta });
  }

  async #updateViews(head: Head, delta: TopologyDelta, touched: Touched, changed: DeltaHead): Promise<void> {
    for (const view of this.views.all()) {
      await view.update(head, delta, touched, changed, this.#now());
      await yieldTurn();
    }
  }
}

const NOTHING: TopologyDelta = {
  nodes: { upsert: [], remove: [] },
  edges: { upsert: [], remove: [] },
  findings: { upsert: [], remove: [] },
};

function changesOf(before: Head, now: Head): DeltaHead {
  return {
    version: now.version,
    takenAt: now.takenAt,
    summary: now.summary,
    ...(now.coverage === before.coverage ? {} : { coverage: now.coverage }),
    ...(now.cluster === before.cluster ? {} : { cluster: now.cluster }),
  };
}
