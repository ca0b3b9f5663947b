import { setTimeout as delay } from 'node:timers/promises';
import { Graph } from '@/lib/topology/graph';
import type { Topology, TopologyDelta } from '@/lib/topology/model';
import { beforeOf } from '@/lib/topology/testing/before';
import { RandomCluster } from '@/lib/topology/testing/random-cluster';
import { indexed, viewOf } from '@/lib/topology/view';
import type { ViewFilters } from '@/lib/topology/view-filters';
import type { Frozen } from '@/server/hub/chunks';
import type { Head } from '@/server/hub/shared-view';
import { Recorder, type RecorderOptions } from '@/server/recorder/recorder';
import { DEFAULT_RETENTION } from '@/server/recorder/retention';
import type { RecorderStatus } from '@/server/recorder/types';

/** A log that keeps its lines. */
export class Lines {
  readonly lines: string[] = [];
  readonly #add = (...args: unknown[]) => {
    this.lines.push(args.map((arg) => (arg instanceof Error ? arg.message : JSON.stringify(arg))).join(' '));
  };
  readonly info = this.#add;
  readonly warn = this.#add;
  readonly error = this.#add;
}

export interface Moment {
  readonly at: number;
  readonly graph: Graph;
  readonly head: Head;
}

const HEAD: Head = {
  epoch: 'epoch1',
  version: 0,
  takenAt: '',
  cluster: { id: 'test', name: 'test', connection: 'live', since: '2026-01-01T00:00:00.000Z' },
  coverage: [],
  summary: {
    hosts: { ok: 0, warning: 0, degraded: 0, broken: 0, unknown: 0, pending: 0 },
    findings: { broken: 0, degraded: 0, warning: 0, info: 0 },
    outOfScope: { services: 0, pods: 0 },
  },
};

/** A topology that changes at random and is recorded, with what it was at each moment kept beside it. */
export class Recording {
  readonly cluster: RandomCluster;
  readonly log = new Lines();
  readonly moments: Moment[] = [];
  recorder: Recorder;
  now: number;
  head: Head;
  /** All that has been published. */
  readonly #published = new Graph();

  constructor(url: string, seed = 1, options: Partial<RecorderOptions> = {}) {
    this.cluster = new RandomCluster(seed);
    // In the past: a recorder knows of no future.
    this.now = Date.now() - 3_600_000;
    this.head = { ...HEAD, takenAt: new Date(this.now).toISOString() };
    this.recorder = recorderOf(url, this.log, options);
  }

  /** Begins to record, and ends when the recorder says that it does. */
  async start(): Promise<void> {
    this.recorder.start({ freeze: () => Promise.resolve(this.frozen()) });
    await this.reaches('recording');
  }

  /** Publishes some random changes; time goes on. */
  step(changes: number, more: (delta: TopologyDelta) => TopologyDelta = (delta) => delta): void {
    this.now += 1 + this.cluster.below(4000);
    this.publish(more(this.cluster.step(changes)));
  }

  publish(delta: TopologyDelta): void {
    const { version, summary } = this.head;
    this.head = {
      ...this.head,
      version: version + 1,
      takenAt: new Date(this.now).toISOString(),
      summary: { ...summary, outOfScope: { services: version, pods: this.cluster.below(9) } },
    };
    this.recorder.published(this.head, delta, beforeOf(this.#published, delta));
    this.#published.apply(delta);
    this.remember();
  }

  /** Keeps what the topology is now. */
  remember(): void {
    const graph = new Graph();
    const { nodes, edges, findings } = this.frozen();
    graph.apply({
      nodes: { upsert: nodes, remove: [] },
      edges: { upsert: edges, remove: [] },
      findings: { upsert: findings, remove: [] },
    });
    this.moments.push({ at: this.now, graph, head: this.head });
  }

  frozen(): Frozen {
    const { nodes, edges, findings } = this.cluster.graph;
    return {
      ...this.head,
      nodes: [...nodes.values()],
      edges: [...edges.values()],
      findings: [...findings.values()],
    };
  }

  /** The topology as it was at a time, by the definition. */
  expected(time: number, filters: ViewFilters): unknown {
    const moment = this.moments.findLast(({ at }) => at <= time);
    if (!moment) throw new Error('nothing was there then');
    const { nodes, edges, findings } = viewOf(indexed(moment.graph), filters);
    const all = <T>(items: ReadonlyMap<string, T>) => [...items.values()];
    return comparable({ ...moment.head, nodes: all(nodes), edges: all(edges), findings: all(findings) });
  }

  reaches(state: RecorderStatus['state']): Promise<void> {
    return until(
      () => this.recorder.status.state === state,
      () => `${state}, ${this.words()}`,
    );
  }

  words(): string {
    return JSON.stringify(this.recorder.status) + this.log.lines.join('\n');
  }
}

export function recorderOf(url: string, log: Lines, options: Partial<RecorderOptions> = {}): Recorder {
  return new Recorder({ url, retention: DEFAULT_RETENTION, cluster: 'test', log, ...options });
}

/** Waits for something that must come; generous, for a busy machine. */
export async function until(
  check: () => boolean | Promise<boolean>,
  what: () => string = () => 'it did not come',
): Promise<void> {
  const end = Date.now() + 40_000;
  while (!(await check())) {
    if (Date.now() > end) throw new Error(`waited too long for ${what()}`);
    await delay(20);
  }
}

/** Independent of order, as JSON. */
export function comparable(topology: Topology): unknown {
  const sorted = <T extends { readonly id: string }>(items: readonly T[]) =>
    items.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const { nodes, edges, findings } = topology;
  return JSON.parse(
    JSON.stringify({ ...topology, nodes: sorted(nodes), edges: sorted(edges), findings: sorted(findings) }),
  );
}
