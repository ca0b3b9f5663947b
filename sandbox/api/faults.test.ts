import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { array, at } from './json';
import { pod, startTestServer, type TestServer, type TestWatch, until } from './test-server';

const PODS = '/api/v1/namespaces/default/pods';
let server: TestServer;
let watch: TestWatch;
beforeEach(async () => {
  server = await startTestServer({ bookmarkMs: 20 });
  server.storage.create('pods', pod('a'));
  watch = server.watch(`${PODS}?watch=1&allowWatchBookmarks=true`);
  await until(() => watch.events.length > 0);
});
afterEach(async () => {
  watch.stop();
  await server.close();
});

const fault = (body: unknown): ReturnType<TestServer['call']> =>
  server.call('POST', '/sandbox/faults', { body });

describe('faults', () => {
  it('cut open watches of one resource, once', async () => {
    const nodes = server.watch('/api/v1/nodes?watch=1');
    await fault({ action: 'cut', match: { resource: 'pods', verb: 'watch' } });
    await until(() => watch.isEnded);
    expect(watch.failure).toBeDefined();
    const again = server.watch(`${PODS}?watch=1`);
    await until(() => again.events.length === 1);
    expect(nodes.isEnded).toBe(false);
    again.stop();
    nodes.stop();
  });

  it('stall a watch without closing it, until they are taken back', async () => {
    await fault({ action: 'stall', match: { resource: 'pods', verb: 'watch' } });
    const seen = watch.events.length;
    server.storage.create('pods', pod('b'));
    await new Promise((resolve) => setTimeout(resolve, 80));
    expect([watch.events.length - seen < 2, watch.isEnded]).toEqual([true, false]);
    expect(watch.summary()).not.toContain('ADDED b');
    await server.call('DELETE', '/sandbox/faults');
    await until(() => watch.isEnded);
    const again = server.watch(`${PODS}?watch=1`);
    await until(() => again.events.length === 2);
    again.stop();
  });

  it('answer a status so many times, with Retry-After', async () => {
    await fault({
      action: 'status',
      code: 429,
      retryAfter: 7,
      times: 2,
      match: { resource: 'pods', verb: 'list' },
    });
    const first = await server.call('GET', PODS);
    expect([first.status, first.headers['retry-after'], first.body.reason]).toEqual([
      429,
      '7',
      'TooManyRequests',
    ]);
    expect((await server.call('GET', `${PODS}/a`)).status).toBe(200);
    expect((await server.call('GET', PODS)).status).toBe(429);
    expect((await server.call('GET', PODS)).status).toBe(200);
  });

  it('are refused with a field that there is not, which would befall all requests', async () => {
    for (const [odd, said] of [
      [{ action: 'slow', ms: 1, path: PODS }, 'a fault has no path: action, match, code'],
      [{ action: 'slow', ms: 1, match: { kind: 'Pod' } }, 'match has no kind: resource, verb, path'],
    ] as const) {
      const answer = await fault(odd);
      expect(answer.status).toBe(400);
      expect(answer.body.message).toContain(said);
    }
  });

  it('end a watch with a 410 event, half a line, or a line of garbage', async () => {
    await fault({ action: 'invalid', match: { resource: 'pods' } });
    await until(() => watch.text.includes('502 Bad Gateway'));
    await fault({ action: 'gone', match: { resource: 'pods' } });
    await until(() => watch.isEnded);
    expect(at(watch.events.at(-1)?.object, 'code')).toBe(410);
    const other = server.watch(`${PODS}?watch=1`);
    await until(() => other.events.length === 1);
    await fault({ action: 'truncate', match: { resource: 'pods', verb: 'watch' } });
    await until(() => other.isEnded);
    expect(other.text.endsWith('"kind":"Po')).toBe(true);
  });

  it('show an old state, for as long as asked', async () => {
    await fault({ action: 'stale', match: { resource: 'pods', verb: 'list' }, forMs: 150 });
    const before = String(server.storage.resourceVersion);
    server.storage.create('pods', pod('b'));
    const stale = await server.call('GET', PODS);
    expect([at(stale.body, 'metadata', 'resourceVersion'), array(stale.body.items).length]).toEqual([
      before,
      1,
    ]);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect((await server.call('GET', PODS)).body.items).toHaveLength(2);
  });

  it('are slow, and are refused when they make no sense', async () => {
    await fault({ action: 'slow', ms: 120, times: 1, match: { path: PODS } });
    const start = Date.now();
    await server.call('GET', PODS);
    expect(Date.now() - start).toBeGreaterThanOrEqual(110);
    expect((await fault({ action: 'explode' })).status).toBe(400);
    const foreign = { origin: 'http://evil.example' };
    expect(
      (await server.call('POST', '/sandbox/faults', { body: { action: 'cut' }, headers: foreign })).status,
    ).toBe(403);
  });

  it('do not hit the controls themselves', async () => {
    await fault({ action: 'status', code: 500 });
    expect((await server.call('GET', '/version')).status).toBe(500);
    expect((await server.call('GET', '/sandbox/faults')).body.faults).toHaveLength(1);
  });
});

describe('routes', () => {
  it('can be added', async () => {
    server.api.addRoute('POST', '/sandbox/things/*', async (request, response) => {
      response.end(JSON.stringify({ path: request.path, body: await request.body() }));
    });
    const { body } = await server.call('POST', '/sandbox/things/x', { body: { a: 1 } });
    expect(body).toEqual({ path: '/sandbox/things/x', body: { a: 1 } });
  });

  it('shrink the watch history so that old versions are gone', async () => {
    const from = server.storage.resourceVersion;
    for (const name of ['b', 'c', 'd']) server.storage.create('pods', pod(name));
    await server.call('POST', '/sandbox/watch-history', { body: { size: 1 } });
    const old = server.watch(`${PODS}?watch=1&resourceVersion=${from}`);
    await until(() => old.isEnded);
    expect(old.events[0]?.type).toBe('ERROR');
  });

  it('serve logs line by line', async () => {
    server.api.setLogSource(async function* (object, { tail, follow }) {
      yield `${object.metadata.name} ${tail} ${follow}`;
    });
    const { text } = await server.call('GET', `${PODS}/a/log?tailLines=5&follow=true`);
    expect(text).toBe('a 5 true\n');
    expect((await server.call('GET', `${PODS}/a/log?container=nope`)).status).toBe(400);
  });
});
