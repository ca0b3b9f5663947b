import 'server-only';
import { randomBytes } from 'node:crypto';
import type { Logger } from 'pino';
import { Atlas } from '@/lib/diagnosis/atlas';
import type { BuildConfig } from '@/lib/topology/reads';
import type { SnapshotDocument } from '@/lib/wire/snapshot';
import { Access } from './access/access';
import type { Auth } from './auth/auth';
import type { RightsCache } from './auth/rights';
import { ClusterLink } from './cluster-link';
import type { Config } from './config';
import { withFix } from './coverage-fix';
import type { HttpContext } from './http/context';
import type { Published } from './hub/options';
import { Marks } from './marks/marks';
import { Metrics } from './metrics';
import { OutageFilter } from './outage-filter';
import { makePictures } from './picture/pictures';
import { type DnsProbes, startDnsProbes } from './probes/dns-probes';
import { Recorder } from './recorder/recorder';
import type { RecorderThread } from './recorder/thread';
import type { SnapshotGates } from './snapshots/gates';
import { Snapshots } from './snapshots/snapshots';
import type { Seats } from './stream/seats';
import { StreamServer } from './stream/stream-server';
import { TopologyHub } from './topology-hub';

/** What the clusters of a process share. */
export interface Shared {
  readonly auth: Auth;
  readonly config: Config;
  readonly log: Logger;
  readonly seats: Seats;
  readonly gates: SnapshotGates;
  readonly thread: RecorderThread;
  /** An exported snapshot that is shown in place of a cluster. */
  readonly file: SnapshotDocument | null;
  /** Whether there are several: then what is measured is labelled. */
  readonly several: boolean;
  /** What else the engine is told; for who runs it without a dashboard. */
  readonly build: Partial<BuildConfig>;
  readonly onError: (error: unknown) => void;
  readonly metrics: HttpContext['metrics'];
}

/** All that runs for one cluster, composed; it is what the handlers get. What befalls it befalls no other. */
export class ClusterRuntime implements HttpContext {
  readonly config: Config;
  readonly hub: TopologyHub;
  readonly streams: StreamServer;
  readonly recorder: Recorder;
  readonly snapshots: Snapshots;
  readonly marks: Marks;
  readonly auth: Auth;
  readonly audit: HttpContext['audit'];
  /** What its RBAC lets people see. */
  readonly rights: RightsCache;
  readonly access: Access;
  readonly measured: Metrics;
  readonly #shared: Shared;
  readonly #atlas: Atlas;
  readonly #outage = new OutageFilter((changes) => this.hub.change(changes));
  readonly #cluster: ClusterLink;
  readonly #probes: DnsProbes | null;
  #isRecording = false;

  /** `context`: of the kubeconfig; empty: the current one. */
  constructor(shared: Shared, context: string) {
    const { config, onError } = shared;
    this.config = config;
    this.#shared = shared;
    this.auth = shared.auth;
    this.audit = shared.auth.audit;
    this.rights = shared.auth.rightsIn(context);
    this.#atlas = new Atlas({
      knownAddresses: config.knownAddresses,
      limitedView: this.limitedView,
      dns: config.dns,
      ownHost: URL.parse(config.publicUrl)?.hostname ?? '',
      ownPod: config.pod,
      ...shared.build,
    });
    this.recorder = this.#makeRecorder(context);
    this.#cluster = this.#makeLink(context);
    this.hub = new TopologyHub({
      engine: this.#atlas,
      epoch: `${Date.now().toString(36)}${randomBytes(4).toString('hex')}`,
      cluster: this.#cluster.info,
      coverageOf: (coverage) => withFix(coverage, config.secrets),
      onPublished: (published) => this.#published(published),
      onRun: (ms) => {
        this.measured.run(ms);
        this.#tellWanted();
      },
      onError,
    });
    this.marks = new Marks({
      store: this.recorder.marks,
      isFinding: (id) => this.#atlas.graph.findings.has(id),
    });
    this.snapshots = this.#makeSnapshots();
    this.streams = new StreamServer({ hub: this.hub, seats: shared.seats, onError });
    this.access = new Access(this, { seats: shared.seats, onError });
    this.#probes = config.dns
      ? startDnsProbes({
          servers: config.dnsServers,
          onFact: (name, fact) => this.hub.change([{ type: 'dns', name, fact }]),
          onAsked: (outcome, ms) => this.measured.asked(outcome, ms),
        })
      : null;
    this.measured = this.#measure(shared.several ? context : null);
  }

  /** Of the cluster: the same after each start. */
  get id(): string {
    return this.hub.head.cluster.id;
  }

  /** Names of the namespaces that are known of. */
  get namespaces(): readonly string[] {
    return this.#atlas.namespaces;
  }

  /** Begins to watch. */
  start(): void {
    // What is shown is a moment of the past: no cluster is asked.
    if (!this.snapshots.isFile) this.#cluster.start();
  }

  get fetchObject(): HttpContext['fetchObject'] {
    return this.#cluster.fetchObject;
  }

  get limitedView(): boolean {
    return this.config.namespaces.length > 0;
  }

  callerOf(headers: Pick<Headers, 'get'>): string {
    return this.auth.peers.callerOf(headers);
  }

  metrics(): ReturnType<HttpContext['metrics']> {
    return this.#shared.metrics();
  }

  /** Says goodbye to the streams and lets go of everything. */
  async stop(): Promise<void> {
    this.streams.stop('the dashboard is stopping');
    this.access.stop('the dashboard is stopping');
    this.#outage.stop();
    this.hub.stop();
    this.#probes?.stop();
    await Promise.all([this.#cluster.stop(), this.recorder.stop()]);
  }

  #makeRecorder(context: string): Recorder {
    const { config, file, log, thread } = this.#shared;
    return new Recorder({
      url: file ? 'off:a file is shown, not a cluster' : config.database,
      retention: config.retention,
      cluster: context || 'default',
      log: this.#shared.several ? log.child({ cluster: context }) : log,
      thread,
    });
  }

  #makeLink(context: string): ClusterLink {
    const { config, log, onError } = this.#shared;
    return new ClusterLink({
      config,
      context,
      onChange: (changes) => this.#outage.change(changes),
      onCluster: (cluster) => {
        log.info({ connection: cluster.connection, reason: cluster.reason }, `cluster ${cluster.name}`);
        this.#outage.connection(cluster.connection);
        this.recorder.setCluster(cluster.id);
        this.hub.setCluster(cluster);
      },
      onReady: () => this.hub.markReady(),
      onError,
    });
  }

  #makeSnapshots(): Snapshots {
    const { file, gates } = this.#shared;
    return new Snapshots({
      store: this.recorder.snapshots,
      sources: {
        freeze: async (filters) => (this.hub.synced ? await this.hub.frozen(filters) : null),
        at: (time, filters) => this.recorder.at(time, filters),
      },
      cluster: () => this.id,
      pictures: makePictures,
      gates,
      ...(file ? { file } : {}),
    });
  }

  #published({ lagMs, head, delta }: Published): void {
    if (lagMs !== null) this.measured.publishLag(lagMs);
    this.recorder.published(head, delta, this.#atlas.before);
    if (this.#isRecording || !this.hub.synced) return;
    this.#isRecording = true;
    this.recorder.start({ freeze: () => this.hub.frozen() });
  }

  #tellWanted(): void {
    const wanted = this.#atlas.wanted();
    this.#probes?.setWanted(wanted.hosts);
    this.#cluster.setWanted(wanted);
  }

  #measure(cluster: string | null): Metrics {
    const { hub } = this;
    const sources = {
      clients: () => this.streams.clients + this.access.clients,
      views: () => hub.views.size,
      version: () => hub.head.version,
      connection: () => hub.head.cluster.connection,
      synced: () => hub.synced,
      findings: () => this.#atlas.graph.findings.values(),
      hosts: () => hub.head.summary.hosts,
      nodes: () => this.#atlas.graph.nodes.size,
      edges: () => this.#atlas.graph.edges.size,
      clusterStats: () => this.#cluster.stats(),
      buildFailures: () => this.#atlas.failures,
      recorder: () => ({ ...this.recorder.metrics(), ...this.recorder.status }),
    };
    return new Metrics(sources, cluster);
  }
}
