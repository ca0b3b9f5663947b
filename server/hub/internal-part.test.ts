import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { Atlas } from '@/lib/diagnosis/atlas';
import { factsOf, readFixture } from '@/lib/diagnosis/testing/fixture';
import { RandomCluster } from '@/lib/diagnosis/testing/random-cluster';
import type { Pod } from '@/lib/kube/objects';
import type { Change } from '@/lib/state/change';
import { podId, serviceId } from '@/lib/topology/ids';
import type { TopologyNode } from '@/lib/topology/model';
import { drain } from '@/lib/topology/slices';
import { indexed, viewOf } from '@/lib/topology/view';
import { NO_FILTERS, type ViewFilters } from '@/lib/topology/view-filters';
import { toTopology } from '@/lib/wire/reduce';
import { topologySchema } from '@/lib/wire/topology';
import { StreamServer } from '@/server/stream/stream-server';
import { testHub } from '@/server/testing/fake-engine';
import { until } from '@/server/testing/open-stream';
import { StreamClient } from '@/server/testing/stream-client';
import type { TopologyHub } from '@/server/topology-hub';

const FIXTURE = readFixture(join(import.meta.dirname, '../../lib/diagnosis/fixtures/base/internal.yaml'));
const START = Date.parse('2026-01-01T12:00:00Z');
const all = (more: Partial<ViewFilters> = {}): ViewFilters => ({ ...NO_FILTERS, scope: 'all', ...more });

const byId = <T extends { id: string }>(items: Iterable<T>) =>
  [...items].sort((a, b) => (a.id < b.id ? -1 : 1));
const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

async function topologyOf(hub: TopologyHub, filters: ViewFilters) {
  const { chunks } = await hub.snapshot(filters);
  const reader = chunks.reader();
  const pieces: Uint8Array[] = [];
  for (let piece = reader?.next(); piece; piece = reader?.next()) pieces.push(piece);
  const { nodes, edges, findings, ...rest } = topologySchema.parse(
    JSON.parse(Buffer.concat(pieces).toString()),
  );
  return { ...rest, nodes: byId(nodes), edges: byId(edges), findings: byId(findings) };
}

let stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops) stop();
  stops = [];
});

/** A hub that has taken the fixture, at a time that the test moves. */
async function started() {
  const clock = { now: START };
  const atlas = new Atlas();
  const hub = testHub(atlas, { now: () => clock.now, timing: { quietMs: 0, windowMs: 0 } });
  const streams = new StreamServer({ hub, onError: (error) => expect(error).toBeNull() });
  stops.push(() => {
    streams.stop('end');
    hub.stop();
  });
  hub.change(FIXTURE.objects.map((change): Change => ({ type: 'object', change })));
  hub.change(factsOf(FIXTURE.expect));
  hub.markReady();
  while (!hub.synced) await pause(1);
  return { hub, atlas, clock, streams };
}

function connect(streams: StreamServer, views: Readonly<Record<string, ViewFilters>>): StreamClient {
  const client = new StreamClient();
  const named = Object.entries(views).map(([name, filters]) => ({ name, filters }));
  const connection = streams.connect(named, null, new AbortController().signal);
  if (!connection) throw new Error('refused');
  void client.read(connection.body);
  return client;
}

function podChange(name: string, change: Partial<Pod>): Change {
  const found = FIXTURE.objects.find(({ key }) => key === name)?.object as Pod;
  const object = { ...found, ...change };
  return { type: 'object', change: { kind: 'pods', key: `${object.namespace}/${object.name}`, object } };
}

const nodeIn = (topology: { nodes: readonly TopologyNode[] }, id: string) =>
  topology.nodes.find((node) => node.id === id);

describe('views with scope=all', () => {
  const VIEWS: Readonly<Record<string, ViewFilters>> = {
    entries: NO_FILTERS,
    all: all(),
    folded: all({ budget: 12 }),
    web: all({ q: 'web' }),
    broken: all({ namespace: ['a'], status: ['broken', 'pending'] }),
    focus: all({ focus: serviceId('a', 'api') }),
  };

  test.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'have after snapshot and deltas what a GET returns, and what is so from scratch (seed %i)',
    async (seed) => {
      const cluster = new RandomCluster(seed + 9000);
      const atlas = new Atlas();
      const hub = testHub(atlas, { now: () => cluster.now, timing: { quietMs: 0, windowMs: 0 } });
      const streams = new StreamServer({ hub, onError: (error) => expect(error).toBeNull() });
      stops.push(() => {
        streams.stop('end');
        hub.stop();
      });
      hub.markReady();
      const client = connect(streams, VIEWS);
      for (let round = 0; round < 25; round++) {
        hub.change(Array.from({ length: 1 + cluster.below(4) }, () => cluster.next()));
        await pause(cluster.below(6));
      }
      for (const [name, filters] of Object.entries(VIEWS)) {
        const told = () => {
          const state = client.states.get(name);
          return state && toTopology(state);
        };
        // What was told last may still be on its way.
        await vi.waitFor(async () => expect(told()).toEqual(await topologyOf(hub, filters)));
        const got = await topologyOf(hub, filters);
        const scratch = viewOf(
          { ...indexed(atlas.graph), internal: () => atlas.internal(cluster.now) },
          filters,
        );
        expect(got.nodes).toEqual(byId(scratch.nodes.values()));
        expect(got.edges).toEqual(byId(scratch.edges.values()));
      }
      expect(client.resyncs).toEqual([]);
    },
  );

  test('a pod goes out of scope and comes back', async () => {
    const { hub, streams } = await started();
    const client = connect(streams, { all: all() });
    const wear = podId('shop', 'wear-5d8-a');
    const slice = FIXTURE.objects.find(({ key }) => key === 'shop/wear-abc');
    if (slice?.kind !== 'endpointslices' || !slice.object) throw new Error('no slice');
    const [, other] = slice.object.endpoints;
    const without = { ...slice.object, endpoints: other ? [other] : [] };
    const shown = () => client.states.get('all')?.nodes.get(wear);
    await until('the pod is shown', () => shown() !== undefined);
    expect(shown()?.detail.internal).toBeUndefined();
    hub.change([{ type: 'object', change: { ...slice, object: without } }]);
    await until('it is internal', () => shown()?.detail.internal === true);
    hub.change([{ type: 'object', change: slice }]);
    await until('it is back', () => shown() !== undefined && shown()?.detail.internal === undefined);
  });

  test('what only time changes is told when it is due', async () => {
    const { hub, clock, streams } = await started();
    const client = connect(streams, { all: all() });
    const status = () => client.states.get('all')?.nodes.get(podId('data', 'backup-2'))?.status;
    await until('it is pending', () => status() === 'pending');
    clock.now = START + 61_000;
    hub.change([podChange('data/backup-1', { name: 'backup-9' })]);
    await until('it is broken', () => status() === 'broken');
  });
});

describe('a version means one thing', () => {
  const failed = (): Change => podChange('data/mysql-0', { phase: 'Failed' });

  test('what only scope=all shows makes a version when somebody asks, not before', async () => {
    const { hub } = await started();
    const before = await topologyOf(hub, all());
    const { version } = hub.head;
    expect(before.version).toBe(version);
    expect(await hub.version(all())).toBe(version);
    hub.change([failed()]);
    await pause(20);
    expect(hub.head.version).toBe(version);
    expect(await hub.version(all())).toBe(version + 1);
    const after = await topologyOf(hub, all());
    expect(after.version).toBe(version + 1);
    expect(nodeIn(before, podId('data', 'mysql-0'))?.status).toBe('ok');
    expect(nodeIn(after, podId('data', 'mysql-0'))?.status).toBe('broken');
  });

  test('time alone makes one too', async () => {
    const { hub, clock } = await started();
    const before = await topologyOf(hub, all());
    clock.now = START + 30_000;
    expect(await hub.version(all())).toBe(before.version);
    clock.now = START + 61_000;
    const after = await topologyOf(hub, all());
    expect(after.version).toBe(before.version + 1);
    expect(nodeIn(after, podId('data', 'backup-2'))?.status).toBe('broken');
  });

  test('views without it are told an empty delta at most', async () => {
    const { hub, streams } = await started();
    const client = connect(streams, { entries: NO_FILTERS });
    await until('the view is shown', () => client.states.has('entries'));
    await topologyOf(hub, all());
    hub.change([failed()]);
    await pause(20);
    expect(client.events.filter(({ name }) => name === 'delta')).toEqual([]);
    await topologyOf(hub, all());
    const deltas = () =>
      client.events.filter(({ name }) => name === 'delta').map(({ data }) => JSON.parse(data));
    await until('a delta is told', () => deltas().length > 0);
    expect(deltas()).toMatchObject([
      { nodes: { upsert: [], remove: [] }, edges: { upsert: [], remove: [] } },
    ]);
  });

  test('while a view shows it, a change makes a version of itself; one that changes nothing there does not', async () => {
    const { hub, streams } = await started();
    const client = connect(streams, { all: all() });
    await until('the view is shown', () => client.states.has('all'));
    const { version } = hub.head;
    hub.change([podChange('data/mysql-0', { annotations: { seen: 'now' } })]);
    await pause(20);
    expect(hub.head.version).toBe(version);
    hub.change([failed()]);
    const status = () => client.states.get('all')?.nodes.get(podId('data', 'mysql-0'))?.status;
    await until('it is broken', () => status() === 'broken');
    expect(hub.head.version).toBe(version + 1);
  });

  test('the engine alone says the same', async () => {
    const { hub, atlas } = await started();
    const { nodes } = drain(atlas.internal(START));
    const got = await topologyOf(hub, all());
    for (const node of nodes) expect(nodeIn(got, node.id)).toEqual(node);
  });
});
