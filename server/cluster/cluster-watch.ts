import 'server-only';
import type { Wanted } from '@/lib/diagnosis/wanted';
import type { KindName, Kinds } from '@/lib/kube/objects';
import { type Projection, project } from '@/lib/kube/project/project';
import { RESOURCES, type Resource } from '@/lib/kube/resources';
import type { Change, ResourceCoverage } from '@/lib/state/change';
import type { Config } from '@/server/config';
import type { KubeAccess } from './access';
import { ChangeBatch } from './change-batch';
import { type Clock, systemClock } from './clock';
import { type Connection, ConnectionTracker } from './connection';
import { CoverageBoard } from './coverage-board';
import { type FetchedObject, fetchObject, type ObjectAddress } from './fetch-object';
import { runHeartbeat } from './heartbeat';
import { KubeClient } from './kube-client';
import { Limiter } from './limiter';
import { ListThread } from './list-thread/list-thread';
import { LogReader } from './log-reader';
import { NamedGetter, type NamedKind } from './named-getter';
import { Reflector } from './reflector';
import type { ReflectorContext } from './reflector-options';
import { projectSecret } from './secret-facts';
import { runServerFacts } from './server-facts';
import { type ClusterStats, emptyStats, type ResourceStats } from './stats';
import { TIMING, type Timing } from './timing';
import { Turns } from './turns';

export interface ClusterWatchOptions {
  readonly config: Pick<Config, 'namespaces' | 'secrets'>;
  readonly kube: KubeAccess;
  /** Objects first, then facts and coverage; the last of each thing only. An exception is counted and stops nothing. */
  readonly onChange: (changes: readonly Change[]) => void;
  readonly onConnection: (connection: Connection) => void;
  /** Exceptions of the two above. */
  readonly onError?: (error: unknown) => void;
  /** For tests. */
  readonly clock?: Clock;
  readonly random?: () => number;
  readonly timing?: Partial<Timing>;
  readonly resources?: readonly Resource[];
}

export interface ClusterWanted extends Partial<Pick<Wanted, 'logs' | 'crashes'>> {
  readonly secrets?: Iterable<string>;
  readonly configmaps?: Iterable<string>;
}

export interface ClusterWatch {
  /** Every permitted resource has listed once or has been failing for 10 s; all changes so far are handed on. */
  readonly ready: Promise<void>;
  readonly connection: Connection;
  readonly coverage: readonly ResourceCoverage[];
  /**
   * What to read by name (Secrets only with `ATLAS_SECRETS=get`), and whose logs. What is left out stays as it is.
   */
  setWanted(wanted: ClusterWanted): void;
  fetchObject(address: ObjectAddress): Promise<FetchedObject>;
  stats(): ClusterStats;
  stop(): Promise<void>;
}

const LISTS_AT_ONCE = 4;

function projectionOf<K extends KindName>(kind: K): Projection<K> {
  // The compiler cannot follow K through the comparison: with 'secrets' both sides are the same type.
  if (kind === 'secrets') return projectSecret as Projection<KindName> as Projection<K>;
  return (raw, interner) => project(kind as Exclude<KindName, 'secrets'>, raw, interner) as Kinds[K] | null;
}

class RunningWatch implements ClusterWatch {
  readonly ready: Promise<void>;
  readonly #options: ClusterWatchOptions;
  readonly #clock: Clock;
  readonly #timing: Timing;
  readonly #stop = new AbortController();
  readonly #client: KubeClient;
  readonly #batch: ChangeBatch;
  readonly #board: CoverageBoard;
  readonly #tracker: ConnectionTracker;
  readonly #reflectors: { wake(cut: boolean): void; run(): Promise<void> }[] = [];
  readonly #stats: Partial<Record<KindName, ResourceStats>> = {};
  readonly #secrets: NamedGetter | null = null;
  readonly #configMaps: NamedGetter | null = null;
  readonly #logs: LogReader;
  readonly #running: Promise<void>[] = [];
  readonly #turns = new Turns();
  readonly #listThread: ListThread;
  #isReady: () => void = () => undefined;

  constructor(options: ClusterWatchOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#timing = { ...TIMING, ...options.timing };
    const onError = options.onError ?? (() => undefined);
    this.#batch = new ChangeBatch({
      clock: this.#clock,
      delay: this.#timing.batch,
      onChange: options.onChange,
      onError,
    });
    this.#board = new CoverageBoard((coverage) =>
      this.#batch.other(`coverage/${coverage.resource}`, { type: 'coverage', coverage }),
    );
    this.#tracker = new ConnectionTracker(this.#clock, (connection) => {
      try {
        options.onConnection(connection);
      } catch (error) {
        onError(error);
      }
    });
    this.#listThread = new ListThread(this.#turns, options.kube);
    this.#client = new KubeClient(options.kube, this.#clock);
    this.#client.onContact = () => this.#tracker.heard();
    this.ready = new Promise((resolve) => {
      this.#isReady = resolve;
    });
    this.#addReflectors();
    if (options.config.secrets === 'get') this.#secrets = this.#makeGetter('secrets');
    if (options.config.secrets === 'off')
      this.#board.publish({ resource: 'secrets', state: 'forbidden', reason: 'ATLAS_SECRETS=off' });
    const { resources = RESOURCES } = options;
    if (resources.some(({ id }) => id === 'configmaps')) this.#configMaps = this.#makeGetter('configmaps');
    this.#logs = this.#makeLogs();
    this.#run();
  }

  get connection(): Connection {
    return this.#tracker.current;
  }

  get coverage(): readonly ResourceCoverage[] {
    return this.#board.all();
  }

  setWanted({ secrets, configmaps, logs, crashes }: ClusterWanted): void {
    if (secrets) this.#secrets?.setWanted(secrets);
    if (configmaps) this.#configMaps?.setWanted(configmaps);
    if (logs && crashes) this.#logs.setWanted(logs, crashes);
  }

  fetchObject(address: ObjectAddress): Promise<FetchedObject> {
    const { config } = this.#options;
    return fetchObject(address, {
      client: this.#client,
      config,
      signal: this.#stop.signal,
      answerWithin: this.#timing.heartbeatWithin,
    });
  }

  stats(): ClusterStats {
    return { resources: this.#stats, handlerErrors: this.#batch.handlerErrors };
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    this.#batch.stop();
    await Promise.all([...this.#running, this.#listThread.stop()]);
  }

  #addReflectors(): void {
    const { config, resources = RESOURCES, random = Math.random } = this.#options;
    const context: ReflectorContext = {
      client: this.#client,
      clock: this.#clock,
      timing: this.#timing,
      random,
      turns: this.#turns,
      listThread: this.#listThread,
      lists: new Limiter(LISTS_AT_ONCE),
      signal: this.#stop.signal,
    };
    for (const resource of resources) {
      if (resource.id === 'secrets' && config.secrets !== 'watch') continue;
      if (resource.id === 'configmaps') continue;
      const namespaces = resource.namespaced && config.namespaces.length > 0 ? config.namespaces : [''];
      for (const namespace of namespaces) this.#addReflector(context, resource, namespace);
    }
  }

  #addReflector(context: ReflectorContext, resource: Resource, namespace: string): void {
    const who = `${resource.id}/${namespace}`;
    const stats = this.#statsOf(resource.id);
    this.#board.expect(resource.id, namespace);
    this.#reflectors.push(
      new Reflector(context, {
        resource,
        namespace,
        projection: projectionOf(resource.id),
        stats,
        onChange: (change) => this.#batch.object(change),
        onHealth: (report) => {
          this.#board.report(resource.id, namespace, report);
          this.#checkReady();
        },
        onReached: (at) => this.#reached(resource.id, namespace, at),
        onContact: (contact, reason) => this.#tracker.report(who, contact, reason),
      }),
    );
  }

  /** Where the last list of the start has come to. */
  #reached(resource: KindName, namespace: string, at: string): void {
    if (namespace === '' && this.#board.isOnlyMissing(resource))
      this.#batch.other(`listing/${resource}`, { type: 'listing', resource, at });
  }

  #makeGetter(kind: NamedKind): NamedGetter {
    return new NamedGetter({
      kind,
      ...this.#common(),
      stats: this.#statsOf(kind),
      onObject: (change) => this.#batch.object(change),
      onFact: (key, fact) =>
        this.#batch.other(
          `${kind}/${key}`,
          kind === 'secrets'
            ? { type: 'secret', key, fact }
            : { type: 'fact', source: 'configmap', key, fact },
        ),
      onCoverage: (coverage) => this.#board.publish(coverage),
    });
  }

  #makeLogs(): LogReader {
    return new LogReader({
      ...this.#common(),
      onLog: (key, fact) => this.#batch.other(`log/${key}`, { type: 'fact', source: 'log', key, fact }),
      onCrash: (key, fact) => this.#batch.other(`crash/${key}`, { type: 'fact', source: 'crash', key, fact }),
    });
  }

  #common() {
    return {
      client: this.#client,
      clock: this.#clock,
      timing: this.#timing,
      random: this.#options.random ?? Math.random,
      signal: this.#stop.signal,
      namespaces: this.#options.config.namespaces,
    };
  }

  #statsOf(kind: KindName): ResourceStats {
    const stats = this.#stats[kind] ?? emptyStats();
    this.#stats[kind] = stats;
    return stats;
  }

  #checkReady(): void {
    if (!this.#board.settled) return;
    this.#batch.flush();
    this.#isReady();
  }

  #run(): void {
    const { signal } = this.#stop;
    for (const reflector of this.#reflectors) this.#running.push(reflector.run());
    if (this.#secrets !== null) this.#running.push(this.#secrets.run());
    if (this.#configMaps !== null) this.#running.push(this.#configMaps.run());
    this.#running.push(this.#logs.run());
    this.#running.push(
      runServerFacts({
        ...this.#common(),
        onFact: (fact) => this.#batch.other('server', { type: 'fact', source: 'server', key: '', fact }),
      }),
    );
    const onBack = (cut: boolean): void => {
      for (const reflector of this.#reflectors) reflector.wake(cut);
    };
    this.#running.push(
      runHeartbeat({
        client: this.#client,
        clock: this.#clock,
        timing: this.#timing,
        tracker: this.#tracker,
        signal,
        onBack,
      }),
    );
  }
}

/** Starts watching a cluster, and never stops by itself whatever the cluster does. */
export function startClusterWatch(options: ClusterWatchOptions): ClusterWatch {
  return new RunningWatch(options);
}
