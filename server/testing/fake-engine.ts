import type { Change, ResourceCoverage } from '@/lib/state/change';
import type { Internal } from '@/lib/topology/internal';
import type { ClusterInfo, Summary, TopologyDelta } from '@/lib/topology/model';
import { RandomCluster } from '@/lib/topology/testing/random-cluster';
import type { Engine } from '@/server/hub/engine';
import { TopologyHub } from '@/server/topology-hub';

const EMPTY: Summary = {
  hosts: { ok: 0, warning: 0, degraded: 0, broken: 0, unknown: 0, pending: 0 },
  findings: { broken: 0, degraded: 0, warning: 0, info: 0 },
  outOfScope: { services: 0, pods: 0 },
};

export const CLUSTER: ClusterInfo = {
  id: 'test',
  name: 'test',
  connection: 'live',
  since: '2026-01-01T00:00:00.000Z',
};

/** A change that means nothing: it makes the hub ask the engine. */
export const POKE: Change = { type: 'dns', name: 'x', fact: null };

/** An engine whose topology changes at random (so many steps a publish), or by what a test queues. */
export class FakeEngine implements Engine {
  readonly cluster: RandomCluster;
  summary = EMPTY;
  coverage: readonly ResourceCoverage[] = [];
  nextWake: number | null = null;
  /** Runs that say "not yet" before one says "done". */
  slices = 0;
  stepsPerPublish: number;
  readonly queued: TopologyDelta[] = [];
  runs = 0;
  internalRevision = 0;

  constructor(seed = 1, stepsPerPublish = 5) {
    this.cluster = new RandomCluster(seed);
    this.stepsPerPublish = stepsPerPublish;
  }

  get graph() {
    return this.cluster.graph;
  }

  objectsIn() {
    return { services: 0, pods: 0 };
  }

  change(): void {
    // What changes is decided at the publish.
  }

  ahead(): boolean {
    return true;
  }

  run(): boolean {
    this.runs++;
    return this.slices-- <= 0;
  }

  *publishing(): Generator<void, TopologyDelta> {
    const delta = this.publish();
    yield;
    return delta;
  }

  *internal(): Generator<void, Internal> {
    yield;
    return { nodes: [], edges: [], wakeAt: null };
  }

  publish(): TopologyDelta {
    const queued = this.queued.shift();
    if (queued) {
      this.graph.apply(queued);
      return queued;
    }
    const delta = this.cluster.step(this.stepsPerPublish);
    // There is always something to publish, so that tests need not guess.
    this.summary = { ...EMPTY, outOfScope: { services: this.summary.outOfScope.services + 1, pods: 0 } };
    return delta;
  }
}

/** A hub on a fake engine, quick enough for tests with real time. */
export function testHub(
  engine: Engine,
  options: Partial<ConstructorParameters<typeof TopologyHub>[0]> = {},
): TopologyHub {
  return new TopologyHub({
    engine,
    epoch: 'epoch1',
    cluster: CLUSTER,
    coverageOf: (coverage) => ({ ...coverage, fix: '' }),
    onError: (error) => {
      throw error;
    },
    timing: { quietMs: 1, windowMs: 1 },
    ...options,
  });
}

/** Makes the hub publish once and waits for it. */
export function published(hub: TopologyHub): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const stop = hub.onVersion(() => {
    stop();
    resolve();
  });
  hub.change([POKE]);
  return promise;
}
