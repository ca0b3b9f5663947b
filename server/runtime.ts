import 'server-only';
import type { Logger } from 'pino';
import { Registry } from 'prom-client';
import type { BuildConfig } from '@/lib/topology/reads';
import type { Audit } from './auth/audit';
import { Auth } from './auth/auth';
import { AccessError, contextsOf } from './cluster/kubeconfig';
import { ClusterRuntime } from './cluster-runtime';
import { type Config, ConfigError, loadConfig } from './config';
import { Admission } from './http/admission';
import { type Answered, logAnswer } from './http/answered';
import { createLogger } from './log';
import { type MetricsText, metricsText } from './metrics';
import { ProcessMetrics } from './process-metrics';
import { RecorderThread } from './recorder/thread';
import { readSnapshotFile } from './snapshots/file';
import { SnapshotGates } from './snapshots/gates';
import { Seats } from './stream/seats';
import { MOST_CLIENTS } from './stream/stream-server';

/** After so long a stop ends the process whatever still runs. */
const STOP_WITHIN_MS = 2500;

/** Everything that runs: the clusters, and what they share. */
export class Runtime {
  readonly config: Config;
  readonly log: Logger;
  readonly auth: Auth;
  readonly audit: Audit;
  /** In the order of the setting: the first is shown where none is named. */
  readonly clusters: readonly ClusterRuntime[];
  readonly first: ClusterRuntime;
  readonly admission = new Admission();
  readonly #registry = new Registry();
  readonly #metrics: ProcessMetrics;

  /** `build`: what else the engine is told; for who runs it without a dashboard. */
  constructor(config: Config, build: Partial<BuildConfig> = {}) {
    // First: where it is none, nothing else should have begun.
    const file = config.snapshotFile === '' ? null : readSnapshotFile(config.snapshotFile);
    this.config = config;
    this.log = createLogger(config);
    this.#metrics = new ProcessMetrics(this.#registry);
    this.auth = new Auth({ config, log: this.log });
    this.audit = this.auth.audit;
    const shared = {
      auth: this.auth,
      config,
      log: this.log,
      seats: new Seats(MOST_CLIENTS),
      gates: new SnapshotGates(),
      thread: new RecorderThread(),
      file,
      several: config.contexts.length > 1 && !file,
      build,
      onError: (error: unknown) => this.report(error),
      metrics: () => this.metrics(),
    };
    const [first = '', ...others] = config.contexts;
    this.first = new ClusterRuntime(shared, first);
    this.clusters = [
      this.first,
      ...(shared.several ? others : []).map((context) => new ClusterRuntime(shared, context)),
    ];
    if (config.database !== 'off' && !file) this.auth.shareEnds(this.first.recorder.signedOut);
  }

  /** The first cluster's, for who knows of one only. */
  get hub(): ClusterRuntime['hub'] {
    return this.first.hub;
  }

  get recorder(): ClusterRuntime['recorder'] {
    return this.first.recorder;
  }

  /** What handlers get for a cluster; empty or null: the first. null: it is not watched here. */
  contextOf(cluster: string | null): ClusterRuntime | null {
    if (cluster === null || cluster === '') return this.first;
    return this.clusters.find(({ id }) => id === cluster) ?? null;
  }

  /** Begins to watch. */
  start(): void {
    this.auth.start();
    for (const cluster of this.clusters) cluster.start();
  }

  metrics(): Promise<MetricsText> {
    return metricsText(
      this.#registry,
      this.clusters.map(({ measured }) => measured),
    );
  }

  /** Logs and counts what should not have happened. `about`: what else the line says. */
  report(error: unknown, about: Readonly<Record<string, string>> = {}): void {
    this.#metrics.error();
    this.log.error({ ...about, err: error }, 'unexpected error');
  }

  /** Logs and counts an answer of the API. */
  answered(answer: Answered): void {
    this.#metrics.answered(answer);
    logAnswer(this.log, answer);
  }

  /** Says goodbye to the streams and lets go of everything. */
  async stop(): Promise<void> {
    this.auth.stop();
    this.#metrics.stop();
    await Promise.all(this.clusters.map((cluster) => cluster.stop()));
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
export function startRuntime(env: NodeJS.ProcessEnv = process.env): Runtime {
  const running = currentRuntime();
  if (running) return running;
  const config = orExit(() => withContexts(loadConfig(env)));
  const runtime = orExit(() => new Runtime(config));
  slots()[SLOT] = runtime;
  stopOnSignals(runtime);
  runtime.start();
  return runtime;
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

/**
 * The contexts that the settings name; `*` names all that there are. One that a kubeconfig does not have is a wrong
 * setting; a kubeconfig that is not there yet may still come, but not where all that it has is asked for.
 */
function withContexts(config: Config): Config {
  const { contexts, kubeconfig } = config;
  if (contexts.length === 0) return config;
  const wrong = (why: string) => new ConfigError([`ATLAS_CONTEXTS=${contexts.join(',')}: ${why}`]);
  let known: ReturnType<typeof contextsOf>;
  try {
    known = contextsOf({ kubeconfig });
  } catch (error) {
    if (!(error instanceof AccessError)) throw error;
    if (contexts.includes('*')) throw wrong(error.message);
    return config;
  }
  const { current, names } = known;
  // The current one first: it is what one sees without a switcher.
  const all = [...names.filter((name) => name === current), ...names.filter((name) => name !== current)];
  const wanted = contexts.flatMap((context) => (context === '*' ? all : [context]));
  const unknown = wanted.filter((context) => !names.includes(context));
  if (unknown.length > 0)
    throw wrong(`the kubeconfig has no context "${unknown.join('", "')}"; allowed: ${names.join(', ')}`);
  return { ...config, contexts: [...new Set(wanted)] };
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
