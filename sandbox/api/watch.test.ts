import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { at } from './json';
import { pod, startTestServer, type TestServer, until } from './test-server';

const PODS = '/api/v1/namespaces/default/pods';
let server: TestServer;
beforeEach(async () => {
  server = await startTestServer({ bookmarkMs: 40, watchHistory: 5, maxWatchBufferBytes: 2_000_000 });
});
afterEach(() => server.close());

const version = (): string => String(server.storage.resourceVersion);

describe('watches', () => {
  it('resume after a version, in order', async () => {
    server.storage.create('pods', pod('a'));
    const from = version();
    server.storage.create('pods', pod('b'));
    const watch = server.watch(`${PODS}?watch=true&resourceVersion=${from}`);
    await until(() => watch.events.length === 1);
    server.storage.update('pods', { ...pod('b'), spec: { nodeName: 'n' } });
    server.storage.remove('pods', 'default', 'a');
    await until(() => watch.events.length === 3);
    expect(watch.summary()).toEqual(['ADDED b', 'MODIFIED b', 'DELETED a']);
    expect(watch.events[2]?.object.metadata.resourceVersion).toBe(version());
    watch.stop();
  });

  it('send everything first when no version is given', async () => {
    for (const name of ['c', 'a', 'b']) server.storage.create('pods', pod(name));
    const watch = server.watch(`${PODS}?watch=1`);
    await until(() => watch.events.length === 3);
    expect(watch.summary()).toEqual(['ADDED a', 'ADDED b', 'ADDED c']);
    watch.stop();
  });

  it('mark the end of the initial events when asked to', async () => {
    server.storage.create('pods', pod('a'));
    const watch = server.watch(
      `${PODS}?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true`,
    );
    await until(() => watch.events.length >= 2);
    expect(watch.events[1]?.object.metadata.annotations).toEqual({ 'k8s.io/initial-events-end': 'true' });
    watch.stop();
  });

  it('tell that a version is too old with an ERROR event', async () => {
    const from = version();
    for (let i = 0; i < 7; i += 1) server.storage.create('pods', pod(`p${i}`));
    const watch = server.watch(`${PODS}?watch=1&resourceVersion=${from}`);
    await until(() => watch.isEnded);
    expect(watch.events.map((event) => [event.type, event.object.code, event.object.reason])).toEqual([
      ['ERROR', 410, 'Expired'],
    ]);
  });

  it('send bookmarks with the version of the storage', async () => {
    const watch = server.watch(`${PODS}?watch=1&resourceVersion=${version()}&allowWatchBookmarks=true`);
    server.storage.create('nodes', { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n' } });
    await until(() =>
      watch.events.some(
        (event) => event.type === 'BOOKMARK' && event.object.metadata.resourceVersion === version(),
      ),
    );
    expect(watch.events[0]?.object.kind).toBe('Pod');
    watch.stop();
  });

  it('see an object come and go as it begins and ceases to match a selector', async () => {
    const watch = server.watch(`${PODS}?watch=1&resourceVersion=${version()}&labelSelector=app%3Dweb`);
    server.storage.create('pods', pod('a', { app: 'db' }));
    server.storage.update('pods', pod('a', { app: 'web' }));
    server.storage.update('pods', { ...pod('a', { app: 'web' }), spec: {} });
    server.storage.update('pods', { ...pod('a', { app: 'db' }), spec: {} });
    await until(() => watch.events.length === 3);
    expect(watch.summary()).toEqual(['ADDED a', 'MODIFIED a', 'DELETED a']);
    watch.stop();
  });

  it('end at their timeout, without an error', async () => {
    const watch = server.watch(`${PODS}?watch=1&resourceVersion=${version()}&timeoutSeconds=1`);
    await until(() => watch.isEnded);
    expect(watch.failure).toBeUndefined();
  });

  it('come as tables', async () => {
    server.storage.create('pods', pod('a'));
    const watch = server.watch(`${PODS}?watch=1`, {
      headers: { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' },
    });
    await until(() => watch.events.length === 1);
    expect(watch.events[0]?.object.kind).toBe('Table');
    server.storage.create('pods', pod('b'));
    await until(() => watch.events.length === 2);
    expect(at(watch.events[1]?.object, 'columnDefinitions')).toEqual([]);
    watch.stop();
  });

  it('cut off a reader that never reads', async () => {
    const { connect } = await import('node:net');
    const socket = connect(server.api.port, '127.0.0.1');
    socket.pause();
    socket.write(`GET ${PODS}?watch=1 HTTP/1.1\r\nHost: x\r\n\r\n`);
    const open = async (): Promise<number> =>
      ((await server.call('GET', '/sandbox/status')).body.watches as unknown[]).length;
    while ((await open()) === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    const big = 'x'.repeat(100_000);
    for (let i = 0; i < 200 && (await open()) > 0; i += 1)
      server.storage.create('pods', pod(`p${i}`, { big }));
    expect(await open()).toBe(0);
    socket.destroy();
  });
});
