import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { TopologyDelta, TopologyNode } from '@/lib/topology/model';
import { NO_FILTERS, type ViewFilters } from '@/lib/topology/view-filters';
import { deltaSchema, snapshotSchema } from '@/lib/wire/messages';
import { toTopology } from '@/lib/wire/reduce';
import { topologySchema } from '@/lib/wire/topology';
import { type NamedView, type Position, parsePosition } from '@/lib/wire/views';
import type { StreamConnection } from './stream/connection';
import { StreamServer } from './stream/stream-server';
import { CLUSTER, FakeEngine, POKE, published, testHub } from './testing/fake-engine';
import { StreamClient } from './testing/stream-client';
import type { TopologyHub } from './topology-hub';

const NEVER = new AbortController().signal;

async function topologyOf(hub: TopologyHub, filters: ViewFilters) {
  const { chunks } = await hub.snapshot(filters);
  const reader = chunks.reader();
  const pieces: Uint8Array[] = [];
  for (let piece = reader?.next(); piece; piece = reader?.next()) pieces.push(piece);
  const topology = topologySchema.parse(JSON.parse(Buffer.concat(pieces).toString()));
  const byId = <T extends { id: string }>(items: T[]) => items.sort((a, b) => (a.id < b.id ? -1 : 1));
  return {
    ...topology,
    nodes: byId(topology.nodes),
    edges: byId(topology.edges),
    findings: byId(topology.findings),
  };
}

function connected(
  streams: StreamServer,
  views: readonly NamedView[],
  position: Position | null = null,
): StreamConnection {
  const connection = streams.connect(views, position, NEVER);
  if (!connection) throw new Error('refused');
  return connection;
}

const settle = () => new Promise((done) => setTimeout(done, 20));

describe('who comes late', () => {
  test.each([1, 2, 3])('sees what those see who looked all the time (seed %i)', async (seed) => {
    const [early, late] = [testHub(new FakeEngine(seed)), testHub(new FakeEngine(seed))];
    const filters: readonly ViewFilters[] = [
      { ...NO_FILTERS, budget: 15 },
      { ...NO_FILTERS, namespace: ['a'] },
      { ...NO_FILTERS, status: ['broken'], budget: 10 },
    ];
    const same = async () => {
      for (const each of filters) {
        const [{ nodes, edges, findings }, other] = [
          await topologyOf(early, each),
          await topologyOf(late, each),
        ];
        expect({ nodes, edges, findings }).toEqual({
          nodes: other.nodes,
          edges: other.edges,
          findings: other.findings,
        });
      }
    };
    early.markReady();
    late.markReady();
    await topologyOf(early, { ...NO_FILTERS, budget: 15 });
    for (let i = 0; i < 8; i++) {
      await published(early);
      await published(late);
      // On a busy machine two pokes can meet in one publish: each publish is a step, so who is behind takes it alone.
      while (early.head.version !== late.head.version)
        await published(early.head.version < late.head.version ? early : late);
      if (i >= 5) await same();
    }
    early.stop();
    late.stop();
  });
});

describe('a client of the stream', () => {
  const VIEWS: readonly NamedView[] = [
    { name: 'all', filters: NO_FILTERS },
    { name: 'folded', filters: { ...NO_FILTERS, budget: 15 } },
    { name: 'a', filters: { ...NO_FILTERS, namespace: ['a'] } },
    { name: 'broken', filters: { ...NO_FILTERS, status: ['broken'], budget: 10 } },
  ];

  async function expectCurrent(client: StreamClient, hub: TopologyHub): Promise<void> {
    for (const { name, filters } of VIEWS) {
      const state = client.states.get(name);
      expect(state && toTopology(state)).toEqual(await topologyOf(hub, filters));
    }
  }

  test.each([1, 2, 3, 4, 5, 6])(
    'has after snapshot and deltas what a GET returns (seed %i)',
    async (seed) => {
      const engine = new FakeEngine(seed);
      const hub = testHub(engine);
      const streams = new StreamServer({ hub, onError: (error) => expect(error).toBeNull() });
      hub.markReady();
      const client = new StreamClient();
      const reading = client.read(connected(streams, VIEWS).body);
      for (let i = 0; i < 15; i++) {
        engine.stepsPerPublish = i % 5 === 4 ? 0 : 6;
        await published(hub);
        if (i % 3 === 0) await settle();
      }
      await settle();
      await expectCurrent(client, hub);
      expect(client.resyncs).toEqual([]);
      for (const { data } of client.events.filter(({ name }) => name === 'snapshot'))
        snapshotSchema.parse(JSON.parse(data));
      for (const { data } of client.events.filter(({ name }) => name === 'delta'))
        deltaSchema.parse(JSON.parse(data));
      streams.stop('end');
      await reading;
      expect(client.events.at(-1)?.name).toBe('bye');
      expect([...hub.views.all()].every((view) => view.users === 0)).toBe(true);
      hub.stop();
    },
  );

  /** Reads some pieces while things change, then goes away in the middle of whatever comes. */
  async function visit(
    client: StreamClient,
    streams: StreamServer,
    hub: TopologyHub,
    pieces: number,
  ): Promise<void> {
    client.reconnect();
    const reader = connected(streams, VIEWS, parsePosition(client.lastId)).body.getReader();
    for (let i = 0; i < pieces; i++) {
      const { value } = await reader.read();
      if (value) client.feed(value);
      if (i % 4 === 0) await published(hub);
    }
    await reader.cancel();
    await published(hub);
  }

  test('resumes where it was: with several views an id never promises what has not been sent', async () => {
    const hub = testHub(new FakeEngine(9));
    const streams = new StreamServer({ hub, onError: () => undefined });
    hub.markReady();
    await published(hub);
    const client = new StreamClient();
    for (let round = 0; round < 12; round++) await visit(client, streams, hub, 40 + (round % 7));
    client.reconnect();
    void client.read(connected(streams, VIEWS, parsePosition(client.lastId)).body);
    await settle();
    await expectCurrent(client, hub);
    const firstId = client.events.findIndex(({ id }) => id !== undefined);
    const after = client.events.slice(firstId + 1).map(({ name }) => name);
    expect(after).not.toContain('snapshot');
    expect(after.length).toBeGreaterThan(50);
    streams.stop('end');
    hub.stop();
  });

  test.each([
    ['another epoch', { epoch: 'other', version: 1 }],
    ['a version that was never published', { epoch: 'epoch1', version: 999 }],
  ])('%s: a fresh snapshot', async (_, position) => {
    const hub = testHub(new FakeEngine(3));
    const streams = new StreamServer({ hub, onError: () => undefined });
    hub.markReady();
    await published(hub);
    const client = new StreamClient();
    const connection = streams.connect([{ name: 'main', filters: NO_FILTERS }], position, NEVER);
    void (connection && client.read(connection.body));
    await settle();
    expect(client.text.startsWith('retry: 2000\n:')).toBe(true);
    expect(client.events[0]).toMatchObject({ name: 'snapshot', id: `epoch1.${hub.head.version}` });
    streams.stop('end');
    hub.stop();
  });

  test('identical views share one view, and an unused one is let go after a minute', async () => {
    let now = 1000;
    const hub = testHub(new FakeEngine(3), { now: () => now });
    const first = await hub.views.acquire({ ...NO_FILTERS, namespace: ['a', 'b'] });
    const second = await hub.views.acquire({ ...NO_FILTERS, namespace: ['b', 'a'] });
    expect(second).toBe(first);
    hub.views.release(first);
    hub.views.release(second);
    now += 59_000;
    hub.views.tidy();
    expect(hub.views.size).toBe(1);
    now += 2000;
    hub.views.tidy();
    expect(hub.views.size).toBe(0);
    hub.stop();
  });

  test('a very large change is told by a fresh snapshot', async () => {
    const engine = new FakeEngine(3);
    const hub = testHub(engine);
    const streams = new StreamServer({ hub, onError: () => undefined });
    const client = new StreamClient();
    const connection = streams.connect([{ name: 'main', filters: NO_FILTERS }], null, NEVER);
    void (connection && client.read(connection.body));
    await settle();
    engine.queued.push(manyNodes(6000));
    hub.markReady();
    await settle();
    await settle();
    expect(client.events.map(({ name }) => name)).toEqual(['snapshot', 'snapshot']);
    expect(client.states.get('main')?.nodes.size).toBe(6000);
    streams.stop('end');
    hub.stop();
  });
});

describe('publishing', () => {
  beforeEach(() => {
    vi.useFakeTimers({
      toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'],
    });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  async function pass(ms: number): Promise<void> {
    await vi.advanceTimersByTimeAsync(ms);
    for (let i = 0; i < 10; i++) await new Promise((done) => setImmediate(done));
  }

  test('nothing of the graph before it is ready; the connection all the same', async () => {
    const engine = new FakeEngine(1);
    const hub = testHub(engine, { timing: { quietMs: 50, windowMs: 100 } });
    hub.change([POKE]);
    await pass(500);
    expect(hub.head.version).toBe(0);
    hub.setCluster({ ...CLUSTER, connection: 'unreachable', reason: 'refused' });
    await pass(500);
    expect(hub.head).toMatchObject({ version: 1, cluster: { connection: 'unreachable' } });
    expect(engine.runs).toBe(0);
    expect(hub.synced).toBe(false);
    hub.markReady();
    await pass(500);
    expect(hub.synced).toBe(true);
    hub.stop();
  });

  test('the first change after quiet goes out after 50 ms with what follows at once, later ones within 100 ms', async () => {
    const lags: (number | null)[] = [];
    const hub = testHub(new FakeEngine(1), {
      timing: { quietMs: 50, windowMs: 100 },
      onPublished: ({ lagMs }) => lags.push(lagMs),
    });
    hub.markReady();
    await pass(1000);
    lags.length = 0;
    const before = hub.head.version;
    hub.change([POKE]);
    await pass(49);
    expect(hub.head.version).toBe(before);
    await pass(2);
    expect(hub.head.version).toBe(before + 1);
    for (let i = 0; i < 50; i++) {
      hub.change([POKE]);
      await pass(10);
    }
    await pass(200);
    const count = hub.head.version - before;
    expect(count).toBeGreaterThanOrEqual(5);
    expect(count).toBeLessThanOrEqual(8);
    expect(Math.max(...lags.map((lag) => lag ?? 0))).toBeLessThanOrEqual(105);
    hub.stop();
  });

  test('wakes when a hold time falls due though nothing changes', async () => {
    const engine = new FakeEngine(1);
    const hub = testHub(engine);
    hub.markReady();
    engine.nextWake = Date.now() + 30_000;
    await pass(100);
    engine.nextWake = null;
    const { version } = hub.head;
    await pass(29_000);
    expect(hub.head.version).toBe(version);
    await pass(1500);
    expect(hub.head.version).toBe(version + 1);
    hub.stop();
  });

  test('work is sliced: the engine is asked again until it is done', async () => {
    const engine = new FakeEngine(1);
    engine.slices = 20;
    const hub = testHub(engine);
    hub.markReady();
    await pass(100);
    await pass(100);
    await pass(100);
    expect(engine.runs).toBeGreaterThanOrEqual(21);
    expect(hub.head.version).toBe(1);
    hub.stop();
  });

  test('works ahead in turns until it is ready, and no longer', async () => {
    const engine = new FakeEngine(1);
    const errors: unknown[] = [];
    const hub = testHub(engine, { onError: (error) => errors.push(error) });
    let left = 5;
    const ahead = vi.spyOn(engine, 'ahead').mockImplementation(() => --left <= 0);
    hub.change([POKE]);
    hub.change([POKE]);
    await pass(100);
    expect(ahead).toHaveBeenCalledTimes(5);
    ahead.mockImplementationOnce(() => {
      throw new Error('broken index');
    });
    hub.change([POKE]);
    await pass(100);
    expect(errors).toEqual([new Error('broken index')]);
    left = Number.POSITIVE_INFINITY;
    hub.change([POKE]);
    hub.markReady();
    await pass(200);
    const calls = ahead.mock.calls.length;
    hub.change([POKE]);
    await pass(200);
    expect(ahead).toHaveBeenCalledTimes(calls);
    expect(hub.synced).toBe(true);
    hub.stop();
    const other = testHub(engine);
    other.change([POKE]);
    await pass(50);
    other.stop();
    const before = ahead.mock.calls.length;
    await pass(100);
    expect(before).toBeGreaterThan(calls);
    expect(ahead.mock.calls.length - before).toBeLessThan(2);
  });

  test('a publish that throws is reported, and the next one works', async () => {
    const engine = new FakeEngine(1);
    const errors: unknown[] = [];
    const hub = testHub(engine, { onError: (error) => errors.push(error) });
    const publish = vi.spyOn(engine, 'publish').mockImplementationOnce(() => {
      throw new Error('broken check');
    });
    hub.markReady();
    await pass(100);
    expect(errors).toHaveLength(1);
    hub.change([POKE]);
    await pass(500);
    expect(publish).toHaveBeenCalledTimes(2);
    expect(hub.synced).toBe(true);
    hub.stop();
  });
});

function manyNodes(n: number): TopologyDelta {
  const upsert = Array.from(
    { length: n },
    (_, i): TopologyNode => ({
      id: `pod:a/p${i}`,
      kind: 'pod',
      name: `p${i}`,
      namespace: 'a',
      status: 'ok',
      findings: [],
      detail: {},
    }),
  );
  const none = { upsert: [], remove: [] };
  return { nodes: { upsert, remove: [] }, edges: none, findings: none };
}
