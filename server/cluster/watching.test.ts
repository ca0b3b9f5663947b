import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KindName, Pod } from '@/lib/kube/objects';
import { FakeApi, sendStatus } from './testing/fake-api';
import { pause, type Started, start, until } from './testing/harness';

const PODS = '/api/v1/pods';
const pod = (name: string, extra: object = {}, uid = `uid-${name}`) => ({
  metadata: { name, namespace: 'shop', uid },
  ...extra,
});

let api: FakeApi;
let running: Started | null = null;
const go = (kinds: readonly KindName[] = ['pods'], options: Parameters<typeof start>[2] = {}): Started => {
  running = start(api.url, kinds, options);
  return running;
};

beforeEach(async () => {
  api = await new FakeApi().start();
  api.put(PODS, pod('a'));
});
afterEach(async () => {
  await running?.watch.stop();
  running = null;
  await api.stop();
});

describe('watching', () => {
  it('follows added, modified and deleted objects', async () => {
    const { watch, receiver } = go();
    await watch.ready;
    api.put(PODS, pod('b'));
    await until(() => receiver.keys('pods').length === 2);
    api.put(PODS, pod('b', { status: { phase: 'Running' } }));
    await until(() => (receiver.objects.get('pods shop/b') as Pod).phase === 'Running');
    api.remove(PODS, 'shop', 'b');
    await until(() => receiver.keys('pods').length === 1);
    expect(watch.stats().resources.pods).toMatchObject({ objects: 1, relists: 0 });
  });

  it('hands on a delete and recreate under the same name as the new object', async () => {
    const { watch, receiver } = go();
    await watch.ready;
    api.remove(PODS, 'shop', 'a');
    api.put(PODS, pod('a', {}, 'uid-new'));
    await until(() => receiver.objects.get('pods shop/a')?.uid === 'uid-new');
  });

  it('ignores repeated events, a delete of a former object, and changes of what is not kept', async () => {
    const { watch, receiver } = go();
    await watch.ready;
    await until(() => api.watchers.size === 1);
    api.remove(PODS, 'shop', 'a', true);
    api.put(PODS, pod('a', {}, 'uid-2'));
    await until(() => receiver.objects.get('pods shop/a')?.uid === 'uid-2');
    const batches = receiver.batches.length;
    const event = (type: string, object: object) => api.write(`${JSON.stringify({ type, object })}\n`);
    event('ADDED', pod('a', {}, 'uid-2'));
    event(
      'MODIFIED',
      pod(
        'a',
        { metadata: { ...pod('a', {}, 'uid-2').metadata, managedFields: [{}], resourceVersion: '7' } },
        'uid-2',
      ),
    );
    event('DELETED', pod('a', {}, 'uid-a'));
    event('DELETED', pod('never-seen'));
    await until(() => (watch.stats().resources.pods?.events ?? 0) >= 5);
    await pause(30);
    expect(receiver.batches.length).toBe(batches);
    expect(receiver.keys('pods')).toEqual(['shop/a']);
  });

  it('goes on at the version of the last bookmark when the server ends the watch', async () => {
    const { watch } = go();
    await watch.ready;
    await until(() => api.watchers.size === 1);
    api.version = 5_000;
    api.bookmark();
    await until(() => watch.stats().resources.pods?.bookmarks === 1);
    api.endWatches();
    await until(() => api.watches(PODS).length === 2);
    expect(api.watches(PODS)[1]?.query.get('resourceVersion')).toBe('5000');
    expect(api.lists(PODS)).toHaveLength(1);
  });

  it.each([
    [
      'the connection is reset in the middle of a line',
      () => {
        api.write('{"type":"ADDED","obj');
        api.endWatches(true);
      },
    ],
    [
      'the stream ends in the middle of a line',
      () => {
        api.write('{"type":"ADDED","obj');
        api.endWatches();
      },
    ],
    ['a line is no JSON', () => api.write('<html>502</html>\n')],
  ])('reconnects at the same version when %s, and misses nothing', async (_, fault) => {
    const { watch, receiver } = go();
    await watch.ready;
    await until(() => api.watchers.size === 1);
    const version = String(api.version);
    fault();
    api.put(PODS, pod('meanwhile'));
    await until(() => receiver.keys('pods').includes('shop/meanwhile'));
    expect(api.watches(PODS)[1]?.query.get('resourceVersion')).toBe(version);
    expect(api.lists(PODS)).toHaveLength(1);
  });

  it('lists again after 410 as an answer and drops what vanished meanwhile', async () => {
    api.put(PODS, pod('b'));
    const { watch, receiver } = go();
    await watch.ready;
    await until(() => api.watchers.size === 1);
    api.remove(PODS, 'shop', 'b', true);
    api.compacted = api.version + 1;
    api.version += 10;
    api.endWatches();
    await until(() => receiver.keys('pods').length === 1);
    expect(api.lists(PODS)[1]?.query.get('resourceVersion')).toBeNull();
    expect(watch.stats().resources.pods?.relists).toBe(1);
  });

  it('lists again after 410 as an event', async () => {
    const { watch, receiver } = go();
    await watch.ready;
    await until(() => api.watchers.size === 1);
    api.remove(PODS, 'shop', 'a', true);
    api.write(
      `${JSON.stringify({ type: 'ERROR', object: { kind: 'Status', code: 410, message: 'too old resource version' } })}\n`,
    );
    await until(() => receiver.keys('pods').length === 0);
  });

  it('does not spin when every watch is answered with 410', async () => {
    api.compacted = Number.POSITIVE_INFINITY;
    go(['pods'], { timing: { backoffFirst: 100, backoffMost: 1_000 }, random: () => 0.9 });
    await pause(700);
    expect(api.lists(PODS).length).toBeLessThan(7);
    expect(api.lists(PODS).length).toBeGreaterThan(1);
  });

  it('does not spin when the server ends every watch at once', async () => {
    api.intercept = ({ isWatch }, response) => {
      if (!isWatch) return false;
      response.end();
      return true;
    };
    go(['pods'], { timing: { backoffFirst: 100, backoffMost: 1_000 }, random: () => 0.9 });
    await pause(700);
    expect(api.watches(PODS).length).toBeLessThan(7);
  });

  it('waits as Retry-After says on 429 and retries the watch at the same version', async () => {
    let throttled = 1;
    api.intercept = ({ isWatch }, response) => {
      if (!isWatch || throttled === 0) return false;
      throttled -= 1;
      sendStatus(response, 429, 'too many requests', { 'retry-after': '1' });
      return true;
    };
    const { watch } = go();
    await watch.ready;
    await until(() => api.watches(PODS).length === 2);
    const [first, second] = api.watches(PODS);
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(990);
    expect(second?.query.get('resourceVersion')).toBe(first?.query.get('resourceVersion'));
    expect(api.lists(PODS)).toHaveLength(1);
    expect(watch.connection.connection).toBe('live');
  });

  it('outlives 500s on list and watch', async () => {
    let failures = 5;
    api.intercept = ({ path }, response) => {
      if (path !== PODS || failures === 0) return false;
      failures -= 1;
      sendStatus(response, 500, 'etcdserver: leader changed');
      return true;
    };
    const { watch, receiver } = go();
    await watch.ready;
    await until(() => receiver.state('pods') === 'watched');
    failures = 3;
    api.endWatches();
    api.put(PODS, pod('b'));
    await until(() => receiver.keys('pods').length === 2);
  });

  it('takes silence for a dead connection and reconnects at the last version', async () => {
    const { watch, receiver } = go(['pods'], { timing: { watchIdle: 150 } });
    await watch.ready;
    await until(() => api.watchers.size === 1);
    // Half-open: the server is still connected, and never writes again.
    const version = String(api.version);
    api.watchers.clear();
    api.put(PODS, pod('b'));
    await until(() => receiver.keys('pods').length === 2);
    expect(api.watches(PODS)[1]?.query.get('resourceVersion')).toBe(version);
    expect(api.lists(PODS)).toHaveLength(1);
  });

  it('bookmarks keep a quiet watch alive', async () => {
    const { watch } = go(['pods'], { timing: { watchIdle: 600 } });
    await watch.ready;
    await until(() => api.watchers.size === 1);
    for (let i = 0; i < 16; i += 1) {
      await pause(60);
      api.bookmark();
    }
    expect(api.watches(PODS)).toHaveLength(1);
  });
});
