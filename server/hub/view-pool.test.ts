import { afterEach, expect, test } from 'vitest';
import type { TopologyDelta, TopologyNode } from '@/lib/topology/model';
import { NO_FILTERS, type ViewFilters } from '@/lib/topology/view-filters';
import { StreamServer } from '@/server/stream/stream-server';
import { FakeEngine, published, testHub } from '@/server/testing/fake-engine';
import { StreamClient } from '@/server/testing/stream-client';
import type { TopologyHub } from '@/server/topology-hub';
import { TooManyViews } from './view-pool';

let hub: TopologyHub;
let engine: FakeEngine;
let now = 1000;
afterEach(() => hub.stop());

/** A hub whose graph has so many nodes, and room for so many in views. */
async function hubWith(nodes: number, limits: { readonly views?: number; readonly nodes: number }) {
  engine = new FakeEngine(1, 0);
  hub = testHub(engine, { now: () => now, viewLimits: { views: 500, ...limits } });
  engine.queued.push(podsFrom(0, nodes));
  hub.markReady();
  while (!hub.synced) await settle();
}

function podsFrom(first: number, count: number): TopologyDelta {
  const upsert = Array.from({ length: count }, (_, i): TopologyNode => {
    const name = `p${first + i}`;
    return {
      id: `pod:a/${name}`,
      kind: 'pod',
      name,
      namespace: 'a',
      status: 'ok',
      findings: [],
      detail: {},
    };
  });
  const none = { upsert: [], remove: [] };
  return { nodes: { upsert, remove: [] }, edges: none, findings: none };
}

const settle = () => new Promise((done) => setTimeout(done, 10));

/** Every one a different view with a drawing of its own of the whole graph. */
const whole = (i: number): ViewFilters => ({ ...NO_FILTERS, budget: 10_000 + i });

const keys = () => [...hub.views.all()].map(({ key }) => key);

test('idle views make room for nodes, the oldest first, and only as many as must', async () => {
  await hubWith(100, { nodes: 300 });
  const views = [await hub.views.acquire(whole(0)), await hub.views.acquire(whole(1))];
  const [first, second] = views;
  const third = await hub.views.acquire(whole(2));
  expect(hub.views.nodes).toBe(300);
  for (const view of [second, first, third]) {
    now += 10;
    if (view) hub.views.release(view);
  }
  const fourth = await hub.views.acquire(whole(3));
  expect(keys()).toEqual([first?.key, third.key, fourth.key]);
  expect(hub.views.nodes).toBe(300);
});

test('where views in use leave no room it is refused, and idle ones stay that would not help', async () => {
  await hubWith(100, { nodes: 250 });
  await hub.views.acquire(whole(0));
  const idle = await hub.views.acquire({ ...NO_FILTERS, namespace: ['nowhere'] });
  hub.views.release(idle);
  await hub.views.acquire(whole(1));
  await expect(hub.views.acquire(whole(2))).rejects.toThrow(TooManyViews);
  await expect(hub.views.acquire(whole(2))).rejects.toThrow('no room for this one (250 nodes in all)');
  expect(keys()).toContain(idle.key);
  expect(hub.views.nodes).toBe(200);
});

test('the whole graph without filters, and a view that is open already, cost nothing', async () => {
  await hubWith(100, { nodes: 100 });
  const view = await hub.views.acquire(whole(0));
  expect(await hub.views.acquire(whole(0))).toBe(view);
  const all = await hub.views.acquire(NO_FILTERS);
  expect(all.nodes).toBe(0);
  await expect(hub.views.acquire(whole(1))).rejects.toThrow(TooManyViews);
});

test('the number of views is limited as before', async () => {
  await hubWith(10, { views: 2, nodes: 1000 });
  const first = await hub.views.acquire(whole(0));
  await hub.views.acquire(whole(1));
  await expect(hub.views.acquire(whole(2))).rejects.toThrow(TooManyViews);
  hub.views.release(first);
  const third = await hub.views.acquire(whole(2));
  expect(keys()).toContain(third.key);
  expect(hub.views.size).toBe(2);
});

test('whoever asks for too much is told so and ended; what it held is idle and goes for the next one', async () => {
  await hubWith(100, { nodes: 300 });
  const errors: unknown[] = [];
  const streams = new StreamServer({ hub, onError: (error) => errors.push(error) });
  const views = [0, 1, 2, 3].map((i) => ({ name: `v${i}`, filters: whole(i) }));
  const connection = streams.connect(views, null, new AbortController().signal);
  const client = new StreamClient();
  if (connection) await client.read(connection.body);
  expect(client.events.map(({ name }) => name)).toEqual(['bye']);
  expect(streams.clients).toBe(0);
  expect([...hub.views.all()].every(({ users }) => users === 0)).toBe(true);
  await hub.views.acquire(whole(9));
  expect(hub.views.nodes).toBe(300);
  expect(errors).toEqual([]);
  streams.stop('end');
});

test('views taken while the graph was small do not outgrow the limit: who came last must go, read or not', async () => {
  await hubWith(0, { nodes: 250 });
  const streams = new StreamServer({ hub, onError: (error) => expect(error).toBeNull() });
  const clients = [0, 1, 2, 3].map((i) => {
    const views = [{ name: 'main', filters: whole(i) }];
    const connection = streams.connect(views, null, new AbortController().signal);
    const client = new StreamClient();
    // The last one never reads.
    if (connection && i < 3) void client.read(connection.body);
    return client;
  });
  await settle();
  expect(hub.views.size).toBe(4);
  engine.queued.push(podsFrom(0, 100));
  await published(hub);
  await settle();
  expect(hub.views.nodes).toBe(200);
  expect(hub.views.size).toBe(2);
  expect(streams.clients).toBe(2);
  expect(clients.map(({ events }) => events.at(-1)?.name)).toEqual(['delta', 'delta', 'bye', undefined]);
  expect(clients[0]?.states.get('main')?.nodes.size).toBe(100);
  streams.stop('end');
});
