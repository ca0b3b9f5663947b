import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KindName } from '@/lib/kube/objects';
import { FakeApi, type Intercept, isQuestion, sendJson, sendStatus } from './testing/fake-api';
import { pause, type Started, start, until } from './testing/harness';

const PODS = '/api/v1/pods';
const SERVICES = '/api/v1/services';
const SCALED = '/apis/keda.sh/v1alpha1/scaledobjects';
const object = (name: string, namespace = 'shop') => ({ metadata: { name, namespace, uid: `uid-${name}` } });

let api: FakeApi;
let running: Started[] = [];
const go = (kinds: readonly KindName[], options: Parameters<typeof start>[2] = {}): Started => {
  const started = start(api.url, kinds, options);
  running.push(started);
  return started;
};
const answer =
  (path: string, code: number, message: string): Intercept =>
  (request, response) => {
    if (!request.path.startsWith(path)) return false;
    sendStatus(response, code, message);
    return true;
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

describe('coverage', () => {
  it('says forbidden with the reason, keeps the others going, and recovers when the rights change', async () => {
    api.intercept = answer(
      SERVICES,
      403,
      'services is forbidden: User "atlas" cannot list resource "services"',
    );
    const { watch, receiver } = go(['pods', 'services']);
    await watch.ready;
    expect(receiver.keys('pods')).toEqual(['shop/a']);
    await until(() => receiver.state('services') === 'forbidden');
    expect(receiver.coverage.get('services')?.reason).toContain('User "atlas" cannot list');
    expect(watch.connection.connection).toBe('live');
    api.intercept = () => false;
    await until(() => receiver.state('services') === 'watched');
    expect(receiver.keys('services')).toEqual(['shop/s']);
  });

  it('keeps what it knows through a passing refusal and forgets it when the refusal stands', async () => {
    const { watch, receiver } = go(['services'], { timing: { forbiddenFirst: 200 } });
    await watch.ready;
    await until(() => api.watchers.size === 1);
    api.intercept = answer(SERVICES, 403, 'forbidden');
    api.endWatches(true);
    await until(() => receiver.state('services') === 'forbidden');
    expect(receiver.keys('services')).toEqual(['shop/s']);
    await until(() => receiver.keys('services').length === 0);
  });

  it('stays forbidden, without flicker, where a list is allowed and a watch is not', async () => {
    api.intercept = ({ isWatch }, response) => {
      if (isWatch) sendStatus(response, 403, 'cannot watch');
      return isWatch;
    };
    const { watch, receiver } = go(['pods']);
    await watch.ready;
    await pause(400);
    expect(receiver.coverageLog).toEqual(['pods forbidden']);
  });

  it('knows at the start what it has listed: ready waits for the watch to open', async () => {
    let opened = false;
    api.intercept = (request, response) => {
      if (!request.isWatch || opened) return false;
      setTimeout(() => {
        opened = true;
        response.writeHead(200, { 'content-type': 'application/json' });
        response.flushHeaders();
      }, 60);
      return true;
    };
    const { watch, receiver } = go(['pods'], { timing: { opensWithin: 5_000 } });
    await watch.ready;
    expect(opened).toBe(true);
    expect(receiver.state('pods')).toBe('watched');
  });

  it('is held up by no watch that does not open', async () => {
    api.intercept = ({ isWatch }) => isWatch;
    const { watch, receiver } = go(['pods'], { timing: { opensWithin: 30, answerWithin: 60_000 } });
    await watch.ready;
    expect(receiver.keys('pods')).toEqual(['shop/a']);
    expect(receiver.state('pods')).toBe('');
  });

  it('calls an optional resource absent while its definition is missing, and starts when it comes', async () => {
    const { watch, receiver } = go(['pods', 'scaledobjects']);
    await watch.ready;
    await until(() => receiver.state('scaledobjects') === 'absent');
    api.put(SCALED, object('so'));
    await until(() => receiver.state('scaledobjects') === 'watched');
    expect(receiver.keys('scaledobjects')).toEqual(['shop/so']);
  });

  it('calls a kind absent that is not installed, though its list is refused before that is looked at', async () => {
    api.intercept = answer(SCALED, 403, 'scaledobjects.keda.sh is forbidden');
    const { watch, receiver } = go(['pods', 'scaledobjects']);
    await watch.ready;
    await until(() => receiver.state('scaledobjects') === 'absent');
    const refused = answer(SCALED, 403, 'scaledobjects.keda.sh is forbidden');
    api.intercept = (request, response) => {
      if (request.path !== '/apis/keda.sh/v1alpha1') return refused(request, response);
      sendJson(response, 200, { kind: 'APIResourceList' });
      return true;
    };
    await until(() => receiver.state('scaledobjects') === 'forbidden');
  });

  it('says failing once a list has failed for long, with the reason, and watched again after', async () => {
    api.intercept = answer(SERVICES, 500, 'etcd is down');
    const { watch, receiver } = go(['pods', 'services']);
    await until(() => receiver.state('pods') === 'watched');
    let isReady = false;
    void watch.ready.then(() => {
      isReady = true;
    });
    await pause(100);
    expect(isReady).toBe(false);
    await watch.ready;
    expect(receiver.coverage.get('services')).toMatchObject({
      state: 'failing',
      reason: '500: etcd is down',
    });
    expect(watch.connection.connection).toBe('live');
    api.intercept = () => false;
    await until(() => receiver.state('services') === 'watched');
  });

  it('is ready although one list never answers', async () => {
    api.intercept = ({ path }) => path === SERVICES;
    const { watch, receiver } = go(['pods', 'services']);
    await watch.ready;
    expect(receiver.state('services')).toBe('failing');
    expect(receiver.coverage.get('services')?.reason).toContain('does not answer');
  });

  it('does not call a long list that goes on failing', async () => {
    api.intercept = (request, response) => {
      if (request.path !== PODS || request.isWatch || isQuestion(request)) return false;
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{"metadata":{"resourceVersion":"1"},"items":[');
      let sent = 0;
      const timer = setInterval(() => {
        sent += 1;
        response.write(`${JSON.stringify(object(`p-${sent}`))}${sent === 8 ? ']}' : ','}`);
        if (sent < 8) return;
        clearInterval(timer);
        response.end();
      }, 100);
      return true;
    };
    const { watch, receiver } = go(['pods'], { timing: { failingAfter: 600 } });
    await watch.ready;
    await until(() => receiver.state('pods') === 'watched');
    expect(receiver.coverageLog).toEqual(['pods watched']);
    expect(receiver.keys('pods')).toHaveLength(8);
  });

  it('does not mention a watch that is broken for a moment', async () => {
    const { watch, receiver } = go(['pods']);
    await watch.ready;
    await until(() => api.watchers.size === 1);
    api.endWatches(true);
    await until(() => api.watches(PODS).length === 2);
    await pause(50);
    expect(receiver.coverageLog).toEqual(['pods watched']);
    expect(receiver.connections.map(({ connection }) => connection)).toEqual(['live']);
  });

  it('in a few namespaces has one watcher each, and one verdict that names where it may not look', async () => {
    api.put('/api/v1/namespaces/shop/pods', object('a'));
    api.put('/api/v1/namespaces/pay/pods', object('b', 'pay'));
    api.intercept = answer('/api/v1/namespaces/no', 403, 'forbidden');
    const { watch, receiver } = go(['pods'], {
      config: { namespaces: ['shop', 'pay', 'no'], secrets: 'off' },
    });
    await watch.ready;
    await until(() => receiver.keys('pods').length === 2 && receiver.state('pods') === 'forbidden');
    expect(receiver.coverage.get('pods')?.reason).toBe('in no: 403: forbidden');
    expect(watch.stats().resources.pods?.objects).toBe(2);
    expect(receiver.coverage.get('secrets')).toMatchObject({
      state: 'forbidden',
      reason: 'ATLAS_SECRETS=off',
    });
    expect(api.lists(PODS)).toHaveLength(0);
  });
});
