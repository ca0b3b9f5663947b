import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { NO_FILTERS } from '@/lib/topology/view-filters';
import type { HttpContext } from '@/server/http/context';
import { offRecorder } from '@/server/recorder/testing/off';
import { noSnapshots } from '@/server/snapshots/testing/memory-store';
import { Seats } from '@/server/stream/seats';
import { StreamServer } from '@/server/stream/stream-server';
import { FakeEngine, published, testHub } from '@/server/testing/fake-engine';
import { StreamClient } from '@/server/testing/stream-client';
import type { TopologyHub } from '@/server/topology-hub';
import { Access } from './access';
import { isTooManyRights } from './too-many-rights';

const errors: unknown[] = [];
let engine: FakeEngine;
let hub: TopologyHub;
let access: Access;
let whole: HttpContext & { readonly streams: StreamServer };
let now = 0;

const some = (...namespaces: string[]) =>
  ({ all: false, namespaces: new Set(namespaces), reason: '' }) as const;
const everything = { all: true } as const;

beforeEach(async () => {
  errors.length = 0;
  now = Date.parse('2026-01-01T12:00:00Z');
  engine = new FakeEngine(3, 40);
  hub = testHub(engine);
  const seats = new Seats(2);
  whole = {
    hub,
    streams: new StreamServer({ hub, seats, onError: (error) => errors.push(error) }),
    recorder: offRecorder(),
    ...noSnapshots(),
    fetchObject: ({ name }) => Promise.resolve({ status: 200, body: { name }, reason: '' }),
    limitedView: false,
    metrics: () => Promise.resolve({ contentType: 'text/plain', body: 'atlas_nodes 7' }),
  };
  access = new Access(whole, {
    seats,
    onError: (error) => errors.push(error),
    now: () => now,
    mostSources: 3,
  });
  hub.markReady();
  await published(hub);
});

afterEach(() => {
  access.stop('end');
  whole.streams.stop('end');
  hub.stop();
  expect(errors).toEqual([]);
});

const idsOf = async (context: HttpContext) =>
  (await context.hub.frozen(NO_FILTERS)).nodes.map(({ id }) => id).sort();

describe('what viewers are given', () => {
  test('who may see everything is given the whole itself', async () => {
    expect(await access.restrict(everything)).toBe(whole);
    expect(access.sources).toBe(0);
  });

  test('who may see some is given that, in step with the whole', async () => {
    const restricted = await access.restrict(some('a'));
    const { hub: own, limitedView } = restricted;
    for (let n = 0; n < 12; n++) await published(hub);
    const all = (await hub.frozen()).nodes.filter(({ namespace }) => namespace === 'a').map(({ id }) => id);
    expect(all.length).toBeGreaterThan(3);
    const seen = async () =>
      (await own.frozen()).nodes.filter(({ namespace }) => namespace !== '').map(({ id }) => id);
    await expect.poll(async () => (await seen()).sort()).toEqual(all.sort());
    expect(limitedView).toBe(true);
    expect((await restricted.metrics()).body).not.toContain('7');
  });

  test('the same rights share what is made for them, others do not', async () => {
    const [one, same, other] = [
      await access.restrict(some('a', 'b')),
      await access.restrict(some('b', 'a')),
      await access.restrict(some('a')),
    ];
    expect(same.hub).toBe(one.hub);
    expect(other.hub).not.toBe(one.hub);
    expect(new Set([one, other, whole].map((context) => context.hub.head.epoch)).size).toBe(3);
    expect(await idsOf(other)).not.toEqual(await idsOf(one));
  });

  test('why the cluster cannot be read is told only to who may see everything', async () => {
    const { hub: own } = await access.restrict(some('a'));
    hub.setCluster({
      ...hub.head.cluster,
      connection: 'unauthorized',
      reason: 'token of atlas/dashboard expired',
    });
    await published(hub);
    await expect.poll(() => own.head.cluster.connection).toBe('unauthorized');
    expect(JSON.stringify(own.head)).not.toContain('expired');
    expect(own.head.cluster.limited).toEqual({ namespaces: 1, reason: '' });
  });

  test('the empty name gives a right to nothing', async () => {
    const [empty, none] = [await access.restrict(some('')), await access.restrict(some())];
    expect(empty.hub).toBe(none.hub);
    expect(await idsOf(empty)).toEqual([]);
  });

  test('objects of other namespaces and of none are refused alike', async () => {
    const { fetchObject } = await access.restrict(some('a'));
    const address = { group: '', version: 'v1', resource: 'services', name: 's' };
    expect(await fetchObject?.({ ...address, namespace: 'a' })).toMatchObject({ status: 200 });
    const refused = await Promise.all(
      ['b', 'nowhere', ''].map(async (namespace) => await fetchObject?.({ ...address, namespace })),
    );
    expect(refused.map((answer) => JSON.stringify(answer))).toEqual(
      Array(3).fill(JSON.stringify(refused[0])),
    );
    expect(refused[0]).toMatchObject({ status: 403, body: null });
  });
});

describe('streams', () => {
  const views = [{ name: 'main', filters: NO_FILTERS }];
  const { signal } = new AbortController();

  test.each([
    ['some', some('a')],
    ['everything', everything],
  ])('of who may see %s end when that is over', async (_, rights) => {
    const session = new AbortController();
    const { streams } = await access.restrict(rights);
    const connection = streams.connect(views, null, signal, session.signal);
    const client = new StreamClient();
    const reading = connection && client.read(connection.body);
    await expect.poll(() => client.states.has('main')).toBe(true);
    session.abort('what you may see has changed');
    await reading;
    expect(client.events.at(-1)).toMatchObject({
      name: 'bye',
      data: '{"reason":"what you may see has changed"}',
    });
    expect(streams.clients).toBe(0);
  });

  test('are not opened for who has lost the right already', async () => {
    const { streams } = await access.restrict(some('a'));
    const connection = streams.connect(views, null, signal, AbortSignal.abort());
    const client = new StreamClient();
    if (connection) await client.read(connection.body);
    expect(client.states.size).toBe(0);
  });

  test('share their seats, whatever their readers may see', async () => {
    const contexts = [await access.restrict(some('a')), await access.restrict(some('b')), whole];
    const taken = contexts.map(({ streams }) => streams.connect(views, null, signal));
    expect(taken.map((connection) => connection !== null)).toEqual([true, true, false]);
    expect(contexts.map(({ streams }) => streams.allClients)).toEqual([2, 2, 2]);
    expect(access.clients).toBe(2);
    taken[0]?.close();
    expect(whole.streams.connect(views, null, signal)).not.toBeNull();
  });
});

describe('bounds', () => {
  test('more different rights than fit are refused until some are idle', async () => {
    for (const name of ['a', 'b', 'c']) await access.restrict(some(name));
    const refused = await access.restrict(some('d')).catch((error: unknown) => error);
    expect(isTooManyRights(refused)).toBe(true);
    now += 61_000;
    await access.restrict(some('b'));
    await access.tidy();
    expect(access.sources).toBe(1);
    await access.restrict(some('d'));
    expect(access.sources).toBe(2);
  });

  test('what somebody streams is not let go', async () => {
    const { streams } = await access.restrict(some('a'));
    const line = new AbortController();
    const connection = streams.connect([{ name: 'main', filters: NO_FILTERS }], null, line.signal);
    now += 600_000;
    await access.tidy();
    expect(access.sources).toBe(1);
    connection?.close();
    await access.tidy();
    expect(access.sources).toBe(0);
  });

  test('all is let go, and made anew for who comes next', async () => {
    const first = await access.restrict(some('a'));
    now += 61_000;
    await access.tidy();
    const next = await access.restrict(some('a'));
    expect(next.hub).not.toBe(first.hub);
    await published(hub);
    expect((await next.hub.frozen()).nodes.length).toBeGreaterThan(0);
  });
});
