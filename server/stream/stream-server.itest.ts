import { createServer, get, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { TopologyDelta, TopologyNode } from '@/lib/topology/model';
import { parseFilters } from '@/lib/wire/filters';
import { toTopology } from '@/lib/wire/reduce';
import { getStream } from '@/server/http/stream';
import { VIEW_LIMITS } from '@/server/hub/view-pool';
import { offRecorder } from '@/server/recorder/testing/off';
import { noSnapshots } from '@/server/snapshots/testing/memory-store';
import { FakeEngine, published, testHub } from '@/server/testing/fake-engine';
import { StreamClient } from '@/server/testing/stream-client';
import { ANYBODY } from '@/server/testing/viewers';
import type { TopologyHub } from '@/server/topology-hub';
import { StreamServer } from './stream-server';

/** Serves the stream as Next does: the body is piped to the socket, with backpressure; a lost socket aborts the request. */
function serve(hub: TopologyHub, streams: StreamServer): Promise<Server> {
  const context = {
    hub,
    streams,
    fetchObject: null,
    limitedView: false,
    ...noSnapshots(),
    recorder: offRecorder(),
    metrics: () => Promise.reject(new Error('none')),
  };
  const server = createServer((request, response) => {
    const abort = new AbortController();
    response.on('close', () => abort.abort());
    const answer = getStream(
      new Request(`http://x${request.url}`, { signal: abort.signal }),
      context,
      ANYBODY,
    );
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    response.flushHeaders();
    if (!answer.body) return response.end();
    return void pipeline(Readable.fromWeb(answer.body as never), response).catch(() => undefined);
  });
  return new Promise((done) => server.listen(0, '127.0.0.1', () => done(server)));
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const wait = (ms: number) => new Promise((done) => setTimeout(done, ms));

async function until(condition: () => boolean, ms = 10_000): Promise<void> {
  const end = Date.now() + ms;
  while (!condition()) {
    if (Date.now() > end) throw new Error('waited in vain');
    await wait(5);
  }
}

function bigNodes(round: number, n = 400): TopologyDelta {
  const detail = { text: `${round} `.repeat(500) };
  const upsert = Array.from(
    { length: n },
    (_, i): TopologyNode => ({
      id: `pod:a/p${i}`,
      kind: 'pod',
      name: `p${i}`,
      namespace: 'a',
      status: 'ok',
      findings: [],
      detail,
    }),
  );
  const none = { upsert: [], remove: [] };
  return { nodes: { upsert, remove: [] }, edges: none, findings: none };
}

describe('over a real socket', () => {
  let engine: FakeEngine;
  let hub: TopologyHub;
  let streams: StreamServer;
  let errors: unknown[];
  let server: Server;

  beforeEach(async () => {
    engine = new FakeEngine(4);
    hub = testHub(engine);
    errors = [];
    streams = new StreamServer({ hub, onError: (error) => errors.push(error), mostClients: 5 });
    server = await serve(hub, streams);
    hub.markReady();
    await until(() => hub.synced);
  });

  afterEach(async () => {
    streams.stop('end of the test');
    hub.stop();
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  });

  function open(path = '/api/v1/stream'): Promise<IncomingMessage> {
    const { port } = server.address() as AddressInfo;
    return new Promise((done, fail) =>
      get({ host: '127.0.0.1', port, path, agent: false }, done).on('error', fail),
    );
  }

  test('headers, preamble and snapshot come at once', async () => {
    const response = await open();
    expect(response.statusCode).toBe(200);
    expect(response.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
      'x-content-type-options': 'nosniff',
    });
    const client = new StreamClient();
    response.on('data', (bytes: Buffer) => client.feed(bytes));
    await until(() => client.count('snapshot') === 1);
    expect(client.text.startsWith('retry: 2000\n: ')).toBe(true);
    response.destroy();
    await until(() => streams.clients === 0);
    expect([...hub.views.all()].map(({ users }) => users)).toEqual([0]);
  });

  test('a slow reader costs bounded memory, does not delay others, and gets one snapshot instead of a queue', async () => {
    const slow = await open();
    const fast = await open();
    const slowClient = new StreamClient(false);
    const fastClient = new StreamClient(false);
    slow.pause();
    fast.on('data', (bytes: Buffer) => fastClient.feed(bytes));
    await until(() => fastClient.states.has('main'));
    collect();
    const before = process.memoryUsage();
    let worst = 0;
    for (let round = 0; round < 150; round++) {
      engine.queued.push(bigNodes(round));
      await published(hub);
      const { version } = hub.head;
      const start = Date.now();
      await until(() => fastClient.states.get('main')?.version === version);
      worst = Math.max(worst, Date.now() - start);
    }
    await wait(200);
    collect();
    await wait(200);
    const { heapUsed, external, arrayBuffers } = process.memoryUsage();
    const grown =
      heapUsed + external + arrayBuffers - before.heapUsed - before.external - before.arrayBuffers;
    // About 120 MB were published; the ring of the view keeps 8 MB of it, whoever reads.
    expect(fastClient.events.length).toBeGreaterThan(149);
    expect(grown).toBeLessThan(40 * 1024 * 1024);
    expect(worst).toBeLessThan(1000);
    slow.on('data', (bytes: Buffer) => slowClient.feed(bytes));
    slow.resume();
    await until(() => slowClient.states.get('main')?.version === hub.head.version);
    expect(slowClient.events.length).toBeLessThan(20);
    const [a, b] = [slowClient.states.get('main'), fastClient.states.get('main')];
    expect(a && toTopology(a).nodes).toEqual(b && toTopology(b).nodes);
    slow.destroy();
    fast.destroy();
  });

  test('more clients than allowed: 503 with Retry-After; a place that becomes free is given again', async () => {
    const open5 = await Promise.all([1, 2, 3, 4, 5].map(() => open()));
    const refused = await open();
    expect(refused.statusCode).toBe(503);
    expect(refused.headers['retry-after']).toBe('10');
    expect(refused.headers['content-type']).toBe('application/problem+json');
    refused.resume();
    open5[0]?.destroy();
    await until(() => streams.clients === 4);
    const again = await open();
    expect(again.statusCode).toBe(200);
    for (const response of [...open5, again]) response.destroy();
  });

  test('wrong filters and wrong views are told, with what is allowed', async () => {
    for (const query of ['?status=red', '?budget=-1', '?view=a:status%3Dred', '?cluster=other']) {
      const response = await open(`/api/v1/stream${query}`);
      expect(response.statusCode).toBe(400);
      let text = '';
      for await (const piece of response) text += piece;
      expect(JSON.parse(text)).toMatchObject({ status: 400, errors: [{ value: expect.any(String) }] });
    }
  });

  test('two views on one connection, resumed by Last-Event-ID position', async () => {
    const views = `view=${encodeURIComponent('one:namespace=a')}&view=${encodeURIComponent('two:')}`;
    const first = await open(`/api/v1/stream?${views}`);
    const client = new StreamClient();
    first.on('data', (bytes: Buffer) => client.feed(bytes));
    await until(() => client.states.size === 2);
    first.destroy();
    await published(hub);
    client.reconnect();
    const second = await open(`/api/v1/stream?${views}&since=${client.lastId}`);
    second.on('data', (bytes: Buffer) => client.feed(bytes));
    await until(
      () =>
        client.states.get('two')?.version === hub.head.version &&
        client.states.get('one')?.version === hub.head.version,
    );
    expect(client.count('snapshot')).toBe(2);
    expect(client.resyncs).toEqual([]);
    second.destroy();
  });

  test('one view too many is told, not logged as a fault', async () => {
    for (let i = 0; i < VIEW_LIMITS.views; i++) {
      const filters = parseFilters(new URLSearchParams({ q: `q${i}` }));
      if (filters.ok) await hub.views.acquire(filters.value);
    }
    const response = await open();
    const client = new StreamClient();
    response.on('data', (bytes: Buffer) => client.feed(bytes));
    await new Promise((done) => response.on('end', done));
    expect(client.events.map(({ name }) => name)).toEqual(['bye']);
    expect(client.text).toContain(`${VIEW_LIMITS.views} different views are open`);
    expect(errors).toEqual([]);
  });

  test('a stop says goodbye and ends the answer', async () => {
    const response = await open();
    const client = new StreamClient();
    response.on('data', (bytes: Buffer) => client.feed(bytes));
    await until(() => client.states.size === 1);
    const ended = new Promise((done) => response.on('end', done));
    streams.stop('bye now');
    await ended;
    expect(client.events.at(-1)).toMatchObject({ name: 'bye', data: '{"reason":"bye now"}' });
    expect((await open()).statusCode).toBe(503);
  });
});
