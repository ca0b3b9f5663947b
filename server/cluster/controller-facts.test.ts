import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ControllerLog, LogTarget } from '@/lib/diagnosis/wanted';
import type { ConfigMap } from '@/lib/kube/objects';
import type { CrashFact, LogFact, ServerFact } from '@/lib/state/facts';
import { FakeApi, sendJson, sendStatus } from './testing/fake-api';
import { pause, type Started, start, until } from './testing/harness';

const TARGET: LogTarget = { namespace: 'ingress', pod: 'nginx-1', uid: 'u1', container: 'controller' };
const LOG = '/api/v1/namespaces/ingress/pods/nginx-1/log';
const ID = 'controller:workload/Deployment/ingress/nginx';
const logs = (...targets: LogTarget[]): ReadonlyMap<string, ControllerLog> =>
  new Map([[ID, { type: 'ingress-nginx', targets }]]);
const NONE = new Map<string, LogTarget>();
const line = (at: number, text: string): string => `${new Date(at).toISOString()} ${text}`;
const missing = (service: string): string =>
  `W1123 14:01:58.1 7 controller.go:1110] Error obtaining Endpoints for Service "${service}": no object matching key`;

let api: FakeApi;
let running: Started | null = null;
const go = (options: Parameters<typeof start>[2] = {}): Started => {
  running = start(api.url, ['pods', 'configmaps'], options);
  return running;
};
/** Answers for the log's path. */
let answer: (response: ServerResponse, query: URLSearchParams) => void;
const sendLines =
  (...lines: string[]) =>
  (response: ServerResponse): void => {
    response.writeHead(200, { 'content-type': 'text/plain' });
    response.end(lines.map((text) => `${text}\n`).join(''));
  };

beforeEach(async () => {
  api = await new FakeApi().start();
  api.put('/api/v1/pods', { metadata: { name: 'a', namespace: 'shop', uid: 'a' } });
  answer = sendLines();
  api.intercept = ({ path, query }, response) => {
    if (!path.endsWith('/log')) return false;
    answer(response, query);
    return true;
  };
});
afterEach(async () => {
  await running?.watch.stop();
  await api.stop();
});
const logFact = (): LogFact | undefined => running?.receiver.facts.get(`log ${ID}`) as LogFact | undefined;

describe('logs of controllers', () => {
  it('are read in bounds, and tell each complaint once with its count', async () => {
    const now = Date.now();
    answer = sendLines(
      line(now - 3_000, missing('ops/admin-ui')),
      line(now - 2_000, 'I1123 14:01:59.1 7 controller.go:1] all is well'),
      line(now - 1_000, missing('ops/admin-ui')),
      line(now - 500, missing('shop/gift')),
    );
    const { watch } = go();
    watch.setWanted({ logs: logs(TARGET), crashes: NONE });
    await until(() => logFact() !== undefined);
    const [first, second, ...more] = logFact()?.complaints ?? [];
    expect(more).toEqual([]);
    expect(first).toMatchObject({ object: 'ops/admin-ui', count: 2, pod: 'nginx-1', last: now - 1_000 });
    expect(second).toMatchObject({ object: 'shop/gift', count: 1 });
    const { query } = api.lists(LOG)[0] as (typeof api.requests)[number];
    expect(Number(query.get('tailLines'))).toBeLessThanOrEqual(500);
    expect(Number(query.get('limitBytes'))).toBeLessThanOrEqual(262_144);
    expect(Number(query.get('sinceSeconds'))).toBeLessThanOrEqual(900);
    expect([query.get('timestamps'), query.get('container'), query.get('follow')]).toEqual([
      'true',
      'controller',
      null,
    ]);
  });

  it('do not count a line again that was read before, and say nothing new where there is none', async () => {
    const now = Date.now();
    const before = line(now - 3_000, missing('ops/admin-ui'));
    answer = sendLines(before);
    const { watch, receiver } = go();
    watch.setWanted({ logs: logs(TARGET), crashes: NONE });
    await until(() => api.lists(LOG).length >= 3 && receiver.state('pods') === 'watched');
    const batches = receiver.batches.length;
    await until(() => api.lists(LOG).length >= 5);
    expect(receiver.batches).toHaveLength(batches);
    answer = sendLines(before, line(now, missing('ops/admin-ui')));
    await until(() => logFact()?.complaints[0]?.count === 2);
  });

  it('that may not be read are unreadable with the reason until they may', async () => {
    answer = (response) => sendStatus(response, 403, 'pods/log is forbidden');
    const { watch } = go();
    watch.setWanted({ logs: logs(TARGET), crashes: NONE });
    await until(() => logFact()?.state === 'unreadable');
    expect(logFact()?.reason).toContain('forbidden');
    answer = sendLines(line(Date.now(), missing('a/b')));
    await until(() => logFact()?.state === 'read' && logFact()?.complaints.length === 1);
  });

  it('of a server that fails, hangs or sends garbage keep what is known', async () => {
    answer = sendLines(line(Date.now(), missing('a/b')));
    const { watch } = go({ timing: { answerWithin: 100 } });
    watch.setWanted({ logs: logs(TARGET), crashes: NONE });
    await until(() => logFact()?.complaints.length === 1);
    for (const fault of [500, 404, 400, 0, -1]) {
      const asked = api.lists(LOG).length;
      answer = (response) => {
        if (fault > 0) sendStatus(response, fault, 'no');
        else if (fault === -1) response.end(Buffer.alloc(600_000, '\u0000ÿ'));
      };
      await until(() => api.lists(LOG).length >= asked + 2);
      expect(logFact()?.complaints).toHaveLength(1);
    }
  });

  it('are forgotten with their controller, and not read outside the allowed namespaces', async () => {
    answer = sendLines(line(Date.now(), missing('a/b')));
    const { watch, receiver } = go();
    watch.setWanted({ logs: logs(TARGET), crashes: NONE });
    await until(() => logFact() !== undefined);
    watch.setWanted({ logs: new Map(), crashes: NONE });
    await until(() => !receiver.facts.has(`log ${ID}`));
    await watch.stop();
    const asked = api.lists(LOG).length;
    const other = go({ config: { namespaces: ['shop'], secrets: 'watch' } });
    other.watch.setWanted({ logs: logs(TARGET), crashes: NONE });
    await until(() => logFact()?.state === 'unreadable');
    expect(api.lists(LOG)).toHaveLength(asked);
  });

  it('are read at most two at once, and stop at once', async () => {
    let open = 0;
    let most = 0;
    answer = (response) => {
      open += 1;
      most = Math.max(most, open);
      setTimeout(() => {
        open -= 1;
        sendLines()(response);
      }, 20);
    };
    const { watch } = go();
    const many = Array.from({ length: 12 }, (_, i): [string, ControllerLog] => [
      `c${i}`,
      { type: 'ingress-nginx', targets: [TARGET] },
    ]);
    watch.setWanted({ logs: new Map(many), crashes: NONE });
    await until(() => api.lists(LOG).length >= 24);
    expect(most).toBeLessThanOrEqual(2);
    answer = () => undefined;
    await pause(50);
    const began = Date.now();
    await watch.stop();
    expect(Date.now() - began).toBeLessThan(500);
  });
});

describe('last lines of a crashing pod', () => {
  it('are those of the container before, without credentials', async () => {
    answer = (response, query) =>
      query.get('previous') === 'true' && query.get('tailLines') === '10'
        ? sendLines(
            line(Date.now(), 'connecting to postgres://shop:hunter2@db/x'),
            line(Date.now(), 'panic: no'),
          )(response)
        : sendStatus(response, 400, 'wrong');
    const { watch, receiver } = go();
    watch.setWanted({ logs: new Map(), crashes: new Map([['ingress/nginx-1', TARGET]]) });
    await until(() => receiver.facts.has('crash ingress/nginx-1'));
    const fact = receiver.facts.get('crash ingress/nginx-1') as CrashFact;
    expect(fact.lines[1]).toBe('panic: no');
    expect(JSON.stringify(receiver.batches)).not.toContain('hunter2');
    watch.setWanted({ logs: new Map(), crashes: NONE });
    await until(() => !receiver.facts.has('crash ingress/nginx-1'));
  });
});

describe('ConfigMaps by name', () => {
  it('are read one by one, told as present or missing, masked, and never listed', async () => {
    const path = '/api/v1/configmaps';
    api.put(path, {
      metadata: { name: 'settings', namespace: 'ingress', uid: 'c' },
      data: { 'use-proxy-protocol': 'true', 'auth-password': 'hunter2' },
    });
    const { watch, receiver } = go();
    watch.setWanted({ configmaps: ['ingress/settings', 'ingress/tcp'] });
    await until(() => receiver.facts.size >= 3);
    expect(receiver.facts.get('configmap ingress/settings')).toEqual({ state: 'present', reason: '' });
    expect(receiver.facts.get('configmap ingress/tcp')).toMatchObject({ state: 'missing' });
    const { data } = receiver.objects.get('configmaps ingress/settings') as ConfigMap;
    expect(data['use-proxy-protocol']).toBe('true');
    expect(JSON.stringify(receiver.batches)).not.toContain('hunter2');
    expect(receiver.state('configmaps')).toBe('on-demand');
    expect(api.lists(path)).toHaveLength(0);
  });
});

describe('the API server', () => {
  it('tells its version and groups, and what it told stands while it fails', async () => {
    let groups: string[] | number = ['keda.sh', 'apps'];
    api.intercept = ({ path }, response) => {
      if (path !== '/apis') return false;
      if (typeof groups === 'number') sendStatus(response, groups, 'no');
      else sendJson(response, 200, { groups: groups.map((name) => ({ name })) });
      return true;
    };
    const { receiver } = go();
    const fact = () => receiver.facts.get('server ') as ServerFact | undefined;
    await until(() => fact() !== undefined);
    expect(fact()).toEqual({ version: 'v1.34.0', groups: ['apps', 'keda.sh'] });
    groups = 500;
    await pause(300);
    expect(fact()?.groups).toEqual(['apps', 'keda.sh']);
    groups = 403;
    await until(() => fact()?.groups === null);
  });
});
