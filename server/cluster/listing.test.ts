import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KindName, Pod } from '@/lib/kube/objects';
import { FakeApi, sendJson, sendStatus } from './testing/fake-api';
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

describe('listing', () => {
  it('reads page after page, from the cache first, and then watches from the version of the list', async () => {
    for (let i = 0; i < 1200; i += 1) api.put(PODS, pod(`p-${i}`));
    const { watch, receiver } = go();
    await watch.ready;
    expect(receiver.keys('pods')).toHaveLength(1201);
    const [first, second] = api.lists(PODS);
    expect(first?.query.get('resourceVersion')).toBe('0');
    expect(first?.query.get('limit')).toBe('500');
    expect(second?.query.has('resourceVersion')).toBe(false);
    await until(() => api.watches(PODS).length === 1);
    const { query, headers } = api.watches(PODS)[0] ?? {};
    expect(query?.get('resourceVersion')).toBe(String(api.version));
    expect(query?.get('allowWatchBookmarks')).toBe('true');
    expect(Number(query?.get('timeoutSeconds'))).toBeGreaterThanOrEqual(300);
    expect(Number(query?.get('timeoutSeconds'))).toBeLessThanOrEqual(600);
    expect(headers?.['user-agent']).toMatch(/^ingress-atlas\/\d/);
  });

  it('starts again with the newest version when a page is answered with 410', async () => {
    for (let i = 0; i < 900; i += 1) api.put(PODS, pod(`p-${i}`));
    let gone = 1;
    api.intercept = ({ query }, response) => {
      if (!query.has('continue') || gone === 0) return false;
      gone -= 1;
      sendStatus(response, 410, 'The provided continue parameter is too old');
      return true;
    };
    const { watch, receiver } = go();
    await watch.ready;
    expect(receiver.keys('pods')).toHaveLength(901);
    expect(api.lists(PODS)[2]?.query.get('resourceVersion')).toBeNull();
    expect(watch.stats().resources.pods?.relists).toBe(1);
  });

  it('asks for the newest list when the server is behind ("Too large resource version")', async () => {
    api.intercept = ({ isWatch }, response) => {
      if (!isWatch || api.watches(PODS).length > 1) return false;
      sendStatus(response, 504, 'Timeout: Too large resource version: 5, current: 3');
      return true;
    };
    const { watch } = go();
    await until(() => api.watches(PODS).length > 1);
    expect(api.lists(PODS)[1]?.query.get('resourceVersion')).toBeNull();
    expect(watch.stats().resources.pods?.relists).toBe(1);
  });

  it('runs at most four lists at once', async () => {
    let open = 0;
    let most = 0;
    api.intercept = ({ path, isWatch }, response) => {
      if (isWatch || path === '/version' || path === '/apis') return false;
      open += 1;
      most = Math.max(most, open);
      setTimeout(() => {
        open -= 1;
        sendJson(response, 200, { metadata: { resourceVersion: '1' }, items: [] });
      }, 30);
      return true;
    };
    const { watch } = go([
      'pods',
      'services',
      'nodes',
      'namespaces',
      'ingresses',
      'deployments',
      'endpointslices',
      'secrets',
    ]);
    await watch.ready;
    expect(most).toBe(4);
  });

  it('takes a list without items, with null items and with an odd object among sound ones', async () => {
    const bodies = [
      { metadata: { resourceVersion: '1' } },
      { metadata: { resourceVersion: '1' }, items: null },
      { metadata: { resourceVersion: '1' }, items: [null, 5, { metadata: 7 }, pod('sound')] },
    ];
    for (const body of bodies) {
      api.intercept = ({ path, isWatch }, response) => {
        if (path !== PODS || isWatch) return false;
        sendJson(response, 200, body);
        return true;
      };
      const { watch, receiver } = go();
      await watch.ready;
      expect(receiver.keys('pods')).toEqual(body === bodies[2] ? ['shop/sound'] : []);
      await watch.stop();
    }
  });
});

describe('receivers', () => {
  it('that throw are counted and stop nothing', async () => {
    let calls = 0;
    const errors: unknown[] = [];
    const { watch } = go(['pods'], {
      onChange: () => {
        calls += 1;
        throw new Error('receiver');
      },
      onError: (error) => errors.push(error),
    });
    await watch.ready;
    const before = calls;
    api.put(PODS, pod('b'));
    await until(() => calls > before);
    expect(watch.stats().handlerErrors).toBe(calls);
    expect(errors).toHaveLength(calls);
  });

  it('get many changes of one object as one', async () => {
    const { watch, receiver } = go(['pods'], { timing: { batch: 100 } });
    await watch.ready;
    await until(() => api.watchers.size === 1);
    await pause(120);
    const before = receiver.batches.length;
    for (let i = 0; i < 50; i += 1) api.put(PODS, pod('a', { status: { phase: `Phase-${i}` } }));
    await until(() => (receiver.objects.get('pods shop/a') as Pod).phase === 'Phase-49');
    expect(receiver.batches.length - before).toBeLessThanOrEqual(2);
  });

  it('hear nothing after stop, and no request follows', async () => {
    const { watch, receiver } = go();
    await watch.ready;
    await watch.stop();
    const [batches, requests] = [receiver.batches.length, api.requests.length];
    api.put(PODS, pod('b'));
    await pause(100);
    expect([receiver.batches.length, api.requests.length]).toEqual([batches, requests]);
  });
});
