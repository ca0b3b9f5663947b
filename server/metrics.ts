import 'server-only';
import { AggregatorRegistry, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Finding } from '@/lib/topology/model';
import type { ClusterStats, ResourceStats } from './cluster/stats';
import { WorkMetrics } from './metrics/work';
import type { RecorderMetrics } from './recorder/recorder';
import type { RecorderStatus } from './recorder/types';

/** What is asked for when somebody scrapes. */
export interface MetricSources {
  clients(): number;
  views(): number;
  version(): number;
  connection(): string;
  synced(): boolean;
  findings(): Iterable<Finding>;
  /** Hosts by status. */
  hosts(): Readonly<Partial<Record<string, number>>>;
  nodes(): number;
  edges(): number;
  clusterStats(): ClusterStats | null;
  buildFailures(): number;
  readonly recorder: () => RecorderMetrics & Pick<RecorderStatus, 'state' | 'bytes'>;
}

const CONNECTIONS = ['connecting', 'live', 'stale', 'unauthorized', 'unreachable'];
const HOST_STATUSES = ['ok', 'warning', 'degraded', 'broken', 'unknown', 'pending'];
const RECORDER_STATES = ['off', 'starting', 'recording', 'following', 'behind', 'down'];
const BUCKETS = [5, 10, 25, 50, 75, 100, 150, 250, 500, 1000, 2500, 5000];

export interface MetricsText {
  readonly contentType: string;
  readonly body: string;
}

/** All metrics of a cluster. They are read from their sources when scraped; only lags and times are recorded. */
export class Metrics {
  readonly registry = new Registry();
  readonly #publishLag: Histogram;
  readonly #work: WorkMetrics;

  /**
   * `cluster`: its id, as a label; null where it is the only one: then who scrapes may label it as he likes, and no label
   * of ours stands in the way.
   */
  constructor(sources: MetricSources, cluster: string | null = null) {
    if (cluster !== null) this.registry.setDefaultLabels({ cluster });
    this.#publishLag = new Histogram({
      name: 'atlas_publish_lag_milliseconds',
      help: 'From the first change in a publish until clients could be told.',
      buckets: BUCKETS,
      registers: [this.registry],
    });
    this.#work = new WorkMetrics(this.registry);
    this.#topology(sources);
    this.#cluster(sources);
    this.#recorder(sources);
  }

  publishLag(ms: number): void {
    this.#publishLag.observe(ms);
  }

  /** The engine has judged what changed. */
  run(ms: number): void {
    this.#work.run(ms);
  }

  /** A DNS server has been asked. */
  asked(outcome: string, ms: number): void {
    this.#work.asked(outcome, ms);
  }

  #gauge(name: string, help: string, value: () => number): void {
    const gauge: Gauge = new Gauge({
      name,
      help,
      registers: [this.registry],
      collect: () => gauge.set(value()),
    });
  }

  #topology(sources: MetricSources): void {
    this.#gauge('atlas_stream_clients', 'Connected clients of the stream.', () => sources.clients());
    this.#gauge('atlas_views', 'Different views held.', () => sources.views());
    this.#gauge('atlas_version', 'Published versions since the start.', () => sources.version());
    this.#gauge('atlas_nodes', 'Nodes of the topology.', () => sources.nodes());
    this.#gauge('atlas_edges', 'Edges of the topology.', () => sources.edges());
    this.#gauge('atlas_synced', '1 once a first topology has been published.', () =>
      Number(sources.synced()),
    );
    this.#gauge('atlas_build_failures', 'Checks that threw since the start.', () => sources.buildFailures());
    this.#hosts(sources);
    const findings: Gauge = new Gauge({
      name: 'atlas_findings',
      help: 'Open findings by code and severity, settled ones only.',
      labelNames: ['code', 'severity', 'impact'],
      registers: [this.registry],
      collect: () => {
        findings.reset();
        for (const { code, severity, impact, settled, state } of sources.findings()) {
          if (settled && state === 'open') findings.inc({ code, severity, impact });
        }
      },
    });
  }

  #hosts(sources: MetricSources): void {
    const hosts: Gauge = new Gauge({
      name: 'atlas_hosts',
      help: 'Host names by status: broken is no part of its traffic served, degraded not all of it.',
      labelNames: ['status'],
      registers: [this.registry],
      collect: () => {
        hosts.reset();
        const now = sources.hosts();
        for (const status of HOST_STATUSES) hosts.set({ status }, now[status] ?? 0);
      },
    });
  }

  #cluster(sources: MetricSources): void {
    const connection: Gauge = new Gauge({
      name: 'atlas_cluster_connection',
      help: 'How we stand with the API server: 1 for the present state.',
      labelNames: ['state'],
      registers: [this.registry],
      collect: () => {
        for (const state of CONNECTIONS) connection.set({ state }, Number(state === sources.connection()));
      },
    });
    this.#perResource(sources);
  }

  #recorder({ recorder }: MetricSources): void {
    const state: Gauge = new Gauge({
      name: 'atlas_recorder_state',
      help: 'How the recording stands: 1 for the present state.',
      labelNames: ['state'],
      registers: [this.registry],
      collect: () => {
        for (const name of RECORDER_STATES) state.set({ state: name }, Number(name === recorder().state));
      },
    });
    const gauge = (name: string, help: string, value: () => number) =>
      this.#gauge(`atlas_recorder_${name}`, help, value);
    gauge('queue_bytes', 'Published and not yet written, about.', () => recorder().queueBytes);
    gauge('lag_milliseconds', 'For how long the oldest change waits to be written.', () => recorder().lagMs);
    gauge('database_bytes', 'What the database takes.', () => recorder().bytes);
    gauge('frames', 'Batches written since this process leads.', () => recorder().frames);
    gauge('cpu_milliseconds', "CPU time of the recorder's thread.", () => recorder().cpuMs);
    gauge('gaps', 'Times within the retention of which nothing is known.', () => recorder().gaps);
  }

  #perResource(sources: MetricSources): void {
    const all = () => Object.entries(sources.clusterStats()?.resources ?? {});
    const gauge = (name: string, help: string, value: (stats: Readonly<ResourceStats>) => number | null) => {
      const metric: Gauge = new Gauge({
        name,
        help,
        labelNames: ['resource'],
        registers: [this.registry],
        collect: () => {
          metric.reset();
          for (const [resource, stats] of all()) {
            const now = value(stats);
            if (now !== null) metric.set({ resource }, now);
          }
        },
      });
    };
    const total = (name: string, help: string, value: (stats: Readonly<ResourceStats>) => number) => {
      const metric: Counter = new Counter({
        name,
        help,
        labelNames: ['resource'],
        registers: [this.registry],
        collect: () => {
          metric.reset();
          for (const [resource, stats] of all()) metric.inc({ resource }, value(stats));
        },
      });
    };
    gauge('atlas_cached_objects', 'Objects held.', (stats) => stats.objects);
    gauge('atlas_last_event_timestamp_seconds', 'Last event or bookmark.', (stats) =>
      stats.lastEventAt === null ? null : stats.lastEventAt / 1000,
    );
    total('atlas_watch_events_total', 'Watch events.', (stats) => stats.events);
    total('atlas_watch_bookmarks_total', 'Bookmarks.', (stats) => stats.bookmarks);
    total('atlas_lists_total', 'Lists.', (stats) => stats.lists);
    total(
      'atlas_relists_total',
      'Lists made again because a watch could not go on.',
      (stats) => stats.relists,
    );
    total('atlas_watch_reconnects_total', 'Watches opened after the first.', (stats) => stats.reconnects);
    total('atlas_watch_errors_total', 'Failed requests.', (stats) => stats.errors);
  }
}

/** The metrics of the process and of all its clusters as Prometheus reads them. */
export async function metricsText(process: Registry, clusters: readonly Metrics[]): Promise<MetricsText> {
  const [only] = clusters;
  const all =
    clusters.length === 1 && only
      ? only.registry
      : AggregatorRegistry.aggregate(
          await Promise.all(clusters.map(({ registry }) => registry.getMetricsAsJSON())),
        );
  const texts = [await process.metrics(), await all.metrics()];
  return { contentType: process.contentType, body: `${texts.map((text) => text.trimEnd()).join('\n')}\n` };
}
