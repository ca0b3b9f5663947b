import 'server-only';
import { randomBytes } from 'node:crypto';
import type { Logger } from 'pino';
import { Atlas } from '@/lib/diagnosis/atlas';
import type { BuildConfig } from '@/lib/topology/reads';
import { Access } from './access/access';
import { OPEN, type Viewing } from './access/viewing';
import { contextsOf } from './cluster/access';
import { ClusterLink } from './cluster-link';
import { type Config, ConfigError, loadConfig } from './config';
import { withFix } from './coverage-fix';
import type { HttpContext } from './http/context';
import type { Published } from './hub/options';
import { createLogger } from './log';
import { Marks } from './marks/marks';
import { Metrics } from './metrics';
import { OutageFilter } from './outage-filter';
import { makePictures } from './picture/pictures';
import { type DnsProbes, startDnsProbes } from './probes/dns-probes';
import { Recorder } from './recorder/recorder';
import { readSnapshotFile } from './snapshots/file';
import { Snapshots } from './snapshots/snapshots';
import { StreamServer } from './stream/stream-server';
import { TopologyHub } from './topology-hub';

/** After so long a stop ends the process whatever still runs. */
const STOP_WITHIN_MS = 2500;

/** Everything that runs, composed; it is what the handlers get. */
export class Runtime implements HttpContext {
  readonly config: Config;
  readonly log: Logger;
  readonly hub: TopologyHub;
  readonly streams: StreamServer;
  readonly recorder: Recorder;
  readonly snapshots: Snapshots;
  readonly marks: Marks;
  readonly access: Access;
  /** Who asks, and what he may see. */
  readonly viewing: Viewing;
  readonly #atlas: Atlas;
  readonly #outage = new OutageFilter((changes) => this.hub.change(changes));
  readonly #cluster: ClusterLink;
  readonly #probes: DnsProbes | null;
  readonly #metrics: Metrics;
  #isRecording = false;

  /** `build`: what else the engine is told; for who runs it without a dashboard. */
  constructor(config: Config, build: Partial<BuildConfig> = {}, viewing: Viewing = OPEN) {
    // First: where it is none, nothing else should have begun.
    const file = config.snapshotFile === '' ? null : readSnapshotFile(config.snapshotFile);
    this.config = config;
    this.log = createLogger(config);
    const onError = (error: unknown) => this.report(error);
    this.#atlas = new Atlas({
      knownAddresses: config.knownAddresses,
      limitedView: config.namespaces.length > 0,
      dns: config.dns,
      ...build,
    });
    this.recorder = new Recorder({
      url: file ? 'off:a file is shown, not a cluster' : config.database,
      retention: config.retention,
      cluster: config.contexts[0] ?? 'default',
      log: this.log,
    });
    this.#cluster = new ClusterLink({
      config,
      onChange: (changes) => this.#outage.change(changes),
      onCluster: (cluster) => {
        this.log.info({ connection: cluster.connection, reason: cluster.reason }, `cluster ${cluster.name}`);
        this.#outage.connection(cluster.connection);
        this.recorder.setCluster(cluster.id);
        this.hub.setCluster(cluster);
      },
      onReady: () => this.hub.markReady(),
      onError,
    });
    this.hub = new TopologyHub({
      engine: this.#atlas,
      epoch: `${Date.now().toString(36)}${randomBytes(4).toString('hex')}`,
      cluster: this.#cluster.info,
      coverageOf: (coverage) => withFix(coverage, config.secrets),
      onPublished: (published) => this.#published(published),
      onRun: () => this.#tellWanted(),
      onError,
    });
    this.marks = new Marks({
      store: this.recorder.marks,
      isFinding: (id) => this.#atlas.graph.findings.has(id),
    });
    this.snapshots = new Snapshots({
      store: this.recorder.snapshots,
      sources: {
        freeze: async (filters) => (this.hub.synced ? await this.hub.frozen(filters) : null),
        at: (time, filters) => this.recorder.at(time, filters),
      },
      cluster: () => this.hub.head.cluster.id,
      pictures: makePictures,
      ...(file ? { file } : {}),
    });
    this.streams = new StreamServer({ hub: this.hub, onError });
    this.viewing = viewing;
    this.access = new Access(this, { onError });
    this.#probes = config.dns
      ? startDnsProbes({
          servers: config.dnsServers,
          onFact: (name, fact) => this.hub.change([{ type: 'dns', name, fact }]),
        })
      : null;
    this.#metrics = this.#measure();
  }

  /** Begins to watch. */
  start(): void {
    // What is shown is a moment of the past: no cluster is asked.
    if (this.snapshots.isFile) return;
    this.#cluster.start();
  }

  get fetchObject(): HttpContext['fetchObject'] {
    return this.#cluster.fetchObject;
  }

  get limitedView(): boolean {
    return this.config.namespaces.length > 0;
  }

  metrics(): ReturnType<Metrics['text']> {
    return this.#metrics.text();
  }

  /** Logs and counts what should not have happened. */
  report(error: unknown): void {
    this.#metrics.error();
    this.log.error({ err: error }, 'unexpected error');
  }

  /** Says goodbye to the streams and lets go of everything. */
  async stop(): Promise<void> {
    this.streams.stop('the dashboard is stopping');
    this.access.stop('the dashboard is stopping');
    this.#outage.stop();
    this.hub.stop();
    this.#probes?.stop();
    this.#metrics.stop();
    await Promise.all([this.#cluster.stop(), this.recorder.stop()]);
  }

  #published({ lagMs, head, delta }: Published): void {
    if (lagMs !== null) this.#metrics.publishLag(lagMs);
    this.recorder.published(head, delta);
    if (this.#isRecording || !this.hub.synced) return;
    this.#isRecording = true;
    this.recorder.start({ freeze: () => this.hub.frozen() });
  }

  #tellWanted(): void {
    const wanted = this.#atlas.wanted();
    this.#probes?.setWanted(wanted.hosts);
    this.#cluster.setWanted(wanted);
  }

  #measure(): Metrics {
    const { hub } = this;
    return new Metrics({
      clients: () => this.streams.clients,
      views: () => hub.views.size,
      version: () => hub.head.version,
      connection: () => hub.head.cluster.connection,
      synced: () => hub.synced,
      findings: () => this.#atlas.graph.findings.values(),
      nodes: () => this.#atlas.graph.nodes.size,
      edges: () => this.#atlas.graph.edges.size,
      clusterStats: () => this.#cluster.stats(),
      buildFailures: () => this.#atlas.failures,
      recorder: () => ({ ...this.recorder.metrics(), ...this.recorder.status }),
    });
  }
}

/**
 * The one global slot. Next gives instrumentation, pages and routes a copy of each module of their own; only what hangs
 * on `globalThis` is shared between them.
 */
const SLOT: unique symbol = Symbol.for('ingress-atlas.runtime');

interface Slots {
  [SLOT]?: Runtime;
}

function slots(): Slots {
  return globalThis as Slots;
}

/** The running runtime; null before `startRuntime`. */
export function currentRuntime(): Runtime | null {
  return slots()[SLOT] ?? null;
}

/** Starts everything once; a wrong setting ends the process with one clear line for each. */
export function startRuntime(env: NodeJS.ProcessEnv = process.env, viewing: Viewing = OPEN): Runtime {
  const running = currentRuntime();
  if (running) return running;
  const config = configOrExit(env);
  const runtime = orExit(() => new Runtime(config, {}, viewing));
  slots()[SLOT] = runtime;
  stopOnSignals(runtime);
  runtime.start();
  return runtime;
}

function configOrExit(env: NodeJS.ProcessEnv): Config {
  return orExit(() => {
    const config = loadConfig(env);
    checkContexts(config);
    return config;
  });
}

function orExit<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    for (const line of error.problems) process.stderr.write(`ingress-atlas: ${line}\n`);
    process.exit(1);
  }
}

/** A context that a kubeconfig does not have is a wrong setting; a kubeconfig that is not there yet may still come. */
function checkContexts({ contexts, kubeconfig }: Config): void {
  if (contexts.length === 0) return;
  let names: readonly string[];
  try {
    names = contextsOf({ kubeconfig, context: contexts[0] ?? '' }).names;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (message.includes('has no context'))
      throw new ConfigError([`ATLAS_CONTEXTS=${contexts.join(',')}: ${message}`]);
    return;
  }
  const wrong = contexts.filter((context) => !names.includes(context));
  if (wrong.length > 0)
    throw new ConfigError([`ATLAS_CONTEXTS=${wrong.join(',')}: allowed: ${names.join(', ')}`]);
}

function stopOnSignals(runtime: Runtime): void {
  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(0), STOP_WITHIN_MS);
    // A moment, so that the goodbyes leave before the sockets close.
    void runtime.stop().finally(() => setTimeout(() => process.exit(0), 250));
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, stop);
}
