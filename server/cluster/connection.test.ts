import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KindName } from '@/lib/kube/objects';
import { systemClock } from './clock';
import { FakeApi, sendStatus } from './testing/fake-api';
import { pause, type Started, start, until } from './testing/harness';

const PODS = '/api/v1/pods';
const SERVICES = '/api/v1/services';
const object = (name: string, namespace = 'shop') => ({ metadata: { name, namespace, uid: `uid-${name}` } });

let api: FakeApi;
let running: Started[] = [];
const go = (kinds: readonly KindName[], options: Parameters<typeof start>[2] = {}): Started => {
  const started = start(api.url, kinds, options);
  running.push(started);
  return started;
};

beforeEach(async () => {
  api = await new FakeApi().start();
  api.put(PODS, object('a'));
  api.put(SERVICES, object('s'));
});
afterEach(async () => {
  await Promise.all(running.map(({ watch }) => watch.stop()));
  running = [];
  await api.stop();
});

describe('connection', () => {
  it('is unreachable from the start, ready all the same, and live when the server comes', async () => {
    await api.stop();
    const { watch, receiver } = go(['pods']);
    await watch.ready;
    expect(receiver.connection).toBe('unreachable');
    expect(receiver.connections.at(-1)?.reason).toContain('ECONNREFUSED');
    expect(receiver.state('pods')).toBe('failing');
    await api.start();
    await until(() => receiver.connection === 'live' && receiver.keys('pods').length === 1);
  });

  it('is stale since the last sign of life while the server is down, keeps the data, and heals by itself', async () => {
    const { watch, receiver } = go(['pods', 'services']);
    await watch.ready;
    await until(() => api.watchers.size === 2);
    const before = Date.now();
    await api.stop();
    await until(() => receiver.connection === 'stale');
    expect(receiver.connections.at(-1)?.since).toBeLessThanOrEqual(before + 50);
    await until(() => receiver.state('pods') === 'failing');
    expect(receiver.keys('pods')).toEqual(['shop/a']);
    api.put(PODS, object('b'));
    await api.start();
    await until(() => receiver.connection === 'live' && receiver.keys('pods').length === 2);
    await until(() => receiver.state('pods') === 'watched');
    expect(api.lists(PODS)).toHaveLength(1);
  });

  it('notices a server that says nothing at all long before the watch does, and comes back over new connections', async () => {
    const { watch, receiver } = go(['pods'], { timing: { watchIdle: 60_000 } });
    await watch.ready;
    await until(() => api.watchers.size === 1);
    api.intercept = () => true;
    api.watchers.clear();
    await until(() => receiver.connection === 'stale');
    api.put(PODS, object('b'));
    api.intercept = () => false;
    await until(() => receiver.connection === 'live' && receiver.keys('pods').length === 2);
  });

  it('is unreachable when something else answers in place of the API server', async () => {
    api.intercept = (_, response) => {
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end('<html>Log in</html>');
      return true;
    };
    const { receiver } = go(['pods']);
    await until(() => receiver.connection === 'unreachable');
    expect(receiver.connections.at(-1)?.reason).toContain('list');
  });

  it('is unauthorized on 401, reads credentials again, and recovers with the new token', async () => {
    let token = 'old';
    api.intercept = ({ headers }, response) => {
      if (headers.authorization === 'Bearer new') return false;
      sendStatus(response, 401, 'Unauthorized');
      return true;
    };
    const { receiver, kube } = go(['pods'], { headers: () => ({ Authorization: `Bearer ${token}` }) });
    await until(() => receiver.connection === 'unauthorized');
    expect(kube.refreshes).toBeGreaterThan(0);
    token = 'new';
    await until(() => receiver.connection === 'live' && receiver.keys('pods').length === 1);
  });

  it('measures durations by a clock that does not jump', async () => {
    let jump = 0;
    const clock = {
      now: () => Date.now() + jump,
      monotonic: () => performance.now(),
      after: (ms: number, callback: () => void) => {
        const timer = setTimeout(callback, ms);
        return () => clearTimeout(timer);
      },
    };
    const { watch, receiver } = go(['pods'], { clock });
    await watch.ready;
    await until(() => api.watchers.size === 1);
    jump = -3_600_000;
    await pause(100);
    jump = 3_600_000;
    await pause(300);
    expect(receiver.connections.map(({ connection }) => connection)).toEqual(['live']);
    expect(api.watches(PODS)).toHaveLength(1);
  });

  it('after the machine has slept asks for everything over new connections, from where it was', async () => {
    let slept = 0;
    const clock = { ...systemClock, uptime: () => performance.now() + slept };
    const { watch, receiver, kube } = go(['pods'], { clock });
    await watch.ready;
    await until(() => api.watchers.size === 1);
    // The other end has forgotten us: what happens is told to nobody.
    api.watchers.clear();
    api.put(PODS, object('b'));
    await pause(50);
    expect(receiver.keys('pods')).toEqual(['shop/a']);
    slept = 8 * 3_600_000;
    await until(() => receiver.keys('pods').length === 2);
    expect(kube.renewals).toBe(1);
    expect(api.lists(PODS)).toHaveLength(1);
    expect(receiver.connections.map(({ connection }) => connection)).toEqual(['live']);
  });

  it('a crowd that lost the server together comes back apart', async () => {
    const random = (() => {
      let seed = 7;
      return () => {
        seed = (seed * 1103515245 + 12345) % 2147483648;
        return seed / 2147483648;
      };
    })();
    const crowd = Array.from({ length: 20 }, () =>
      go(['pods'], { random, timing: { backoffFirst: 400, backoffMost: 400, heartbeatAfter: 60_000 } }),
    );
    await Promise.all(crowd.map(({ watch }) => watch.ready));
    await until(() => api.watchers.size === 20);
    const earlier = api.watches(PODS).length;
    api.endWatches(true);
    await until(() => api.watches(PODS).length === earlier + 20);
    const times = api
      .watches(PODS)
      .slice(earlier)
      .map(({ at }) => at);
    expect(Math.max(...times) - Math.min(...times)).toBeGreaterThan(150);
  });
});
