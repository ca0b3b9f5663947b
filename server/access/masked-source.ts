import 'server-only';
import { maskInternal } from '@/lib/access/mask-internal';
import { MaskedGraph, type MaskOptions } from '@/lib/access/masked-graph';
import type { NameIndex } from '@/lib/access/name-index';
import type { Internal } from '@/lib/topology/internal';
import type { ClusterInfo, Coverage, TopologyDelta } from '@/lib/topology/model';
import type { Indexed } from '@/lib/topology/view';
import type { Head } from '@/server/hub/shared-view';
import { inTurns } from '@/server/hub/turns';
import type { ViewLimits } from '@/server/hub/view-pool';
import type { Seats } from '@/server/stream/seats';
import { StreamServer } from '@/server/stream/stream-server';
import { TopologyHub } from '@/server/topology-hub';
import { MaskedEngine } from './masked-engine';

/** What changes in the whole was gathered there already: here nothing waits for more. */
const AT_ONCE = { quietMs: 0, windowMs: 0 };
/** Together they may hold no more than a few times what the whole does. */
const LIMITS: ViewLimits = { views: 100, nodes: 100_000 };

export interface MaskedSourceOptions {
  readonly whole: TopologyHub;
  readonly mask: Omit<MaskOptions, 'names'>;
  /** What the viewers are told of the limits of what they see. */
  readonly limited: NonNullable<ClusterInfo['limited']>;
  /** Of this source alone: versions of others mean nothing here. */
  readonly epoch: string;
  readonly seats: Seats;
  readonly onError: (error: unknown) => void;
}

/** Why a resource is not read tells of the dashboard's account, which is not for everybody. */
const REASONS: Readonly<Record<Coverage['state'], string>> = {
  watched: '',
  'on-demand': '',
  absent: 'not installed in this cluster',
  forbidden: 'the dashboard may not read it',
  failing: 'it cannot be read at the moment',
};

/** A hub of what some viewers may see, kept in step with the whole one. */
export class MaskedSource {
  readonly hub: TopologyHub;
  readonly streams: StreamServer;
  /** Epoch ms of the last request. */
  usedAt = 0;
  #graph: MaskedGraph | null = null;
  readonly #options: MaskedSourceOptions;
  readonly #engine = new MaskedEngine();
  readonly #unlisten: () => void;
  #internal: Internal | null = null;
  #failed = false;

  constructor(options: MaskedSourceOptions) {
    this.#options = options;
    const { whole, epoch, limited, seats, onError } = options;
    this.hub = new TopologyHub({
      engine: this.#engine,
      epoch,
      cluster: told(whole.head.cluster, limited),
      coverageOf: ({ resource, state }) => ({ resource, state, reason: REASONS[state], fix: '' }),
      prepareInternal: () => this.#prepareInternal(),
      onError,
      timing: AT_ONCE,
      viewLimits: LIMITS,
    });
    this.streams = new StreamServer({ hub: this.hub, seats, onError });
    this.#unlisten = whole.onConnection((cluster) => this.hub.setCluster(told(cluster, limited)));
  }

  /** Whether it could not be kept in step: it must not be used any more. */
  get failed(): boolean {
    return this.#failed;
  }

  get showsInternal(): boolean {
    return this.hub.views.showsInternal;
  }

  /** What findings and texts are to these viewers; null before the first version. */
  get graph(): MaskedGraph | null {
    return this.#graph;
  }

  /** Begins with all that there is; the source must stand still. */
  async begin(source: Indexed, head: Head, names: NameIndex): Promise<void> {
    this.#graph = new MaskedGraph(source.graph, { ...this.#options.mask, names });
    await this.#take(head, await inTurns(this.#graph.fill()));
  }

  /** Takes over a version; the source must stand still. `words`: whose owners have changed with it. */
  async told(source: Indexed, head: Head, delta: TopologyDelta, words: ReadonlySet<string>): Promise<void> {
    if (!this.#graph) return;
    const own = await inTurns(this.#graph.follow(delta, words));
    if (this.showsInternal) await this.#takeInternal(source);
    await this.#take(head, own);
  }

  /** It could not be kept in step. */
  fail(): void {
    this.#failed = true;
    this.stop('what you see could not be kept in step');
  }

  stop(reason: string): void {
    this.#unlisten();
    this.streams.stop(reason);
    this.hub.stop();
  }

  async #take(head: Head, delta: TopologyDelta): Promise<void> {
    this.#engine.give(delta);
    this.#engine.tell(this.#counts(), head.coverage);
    if (!this.#options.whole.synced) return;
    if (this.hub.synced) this.hub.change([WAKE]);
    else this.hub.markReady();
  }

  #counts() {
    let services = 0;
    let pods = 0;
    for (const namespace of this.#options.mask.namespaces) {
      const here = this.#options.whole.objectsIn(namespace);
      services += here.services;
      pods += here.pods;
    }
    return { services, pods };
  }

  #prepareInternal(): Promise<void> {
    return this.#options.whole.readInternal((source) => this.#takeInternal(source));
  }

  async #takeInternal(source: Indexed): Promise<void> {
    const whole = source.internal && (await inTurns(source.internal()));
    if (!whole || whole === this.#internal || !this.#graph) return;
    this.#internal = whole;
    const { namespaces } = this.#options.mask;
    this.#engine.giveInternal(
      await inTurns(maskInternal(whole, { namespaces, isClean: this.#graph.isClean })),
    );
  }
}

/** Says nothing: it only asks for a publish. */
const WAKE = { type: 'dns', name: '', fact: null } as const;

/** Why the cluster cannot be read tells of the dashboard's own account and address. */
export function told(whole: ClusterInfo, limited: ClusterInfo['limited']): ClusterInfo {
  const cluster: { -readonly [K in keyof ClusterInfo]: ClusterInfo[K] } = { ...whole };
  delete cluster.reason;
  return limited ? { ...cluster, limited } : cluster;
}
