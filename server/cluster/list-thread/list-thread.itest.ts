import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Interner } from '@/lib/kube/project/interner';
import { projectPod } from '@/lib/kube/project/pod';
import { testCertificate } from '@/server/cluster/testing/certificates';
import { FakeApi, isQuestion, sendJson, sendStatus } from '@/server/cluster/testing/fake-api';
import { plainAccess, type Started, start, until } from '@/server/cluster/testing/harness';
import { Turns } from '@/server/cluster/turns';
import { ListThread } from './list-thread';

const PODS = '/api/v1/pods';
const SERVICES = '/api/v1/services';
const COUNT = 5_600;

/** Every tenth has in a text what stands between two items of a list. */
const pods = Array.from({ length: COUNT }, (_, i) => ({
  metadata: {
    name: `p-${String(i).padStart(5, '0')}`,
    namespace: `ns-${String(Math.floor(i / 100)).padStart(2, '0')}`,
    uid: `uid-${i}`,
    labels: { app: `app-${Math.floor(i / 10)}`, 'pod-template-hash': 'abc' },
    annotations: { note: i % 10 === 0 ? '},{"metadata":{ 😀' : 'n', long: 'x'.repeat(300) },
    managedFields: [{ manager: 'kubelet', fieldsV1: { 'f:status': { 'f:phase': {} } } }],
  },
  spec: {
    nodeName: `node-${i % 7}`,
    containers: [{ name: 'app', image: 'i:1', env: [{ name: 'A', value: 'y'.repeat(200) }] }],
  },
  status: { phase: 'Running', podIPs: [{ ip: `10.0.${i >> 8}.${i & 255}` }] },
}));

const expected = () => {
  const interner = new Interner();
  return new Map(
    pods.map((pod) => [`${pod.metadata.namespace}/${pod.metadata.name}`, projectPod(pod, interner)]),
  );
};

/** On a busy machine it takes a second to begin a thread of sources. */
const PATIENT = { timing: { failingAfter: 30_000, answerWithin: 10_000 } };

/** The threads that were begun since. */
const begun: Worker[] = [];
const onWorker = (worker: Worker) => begun.push(worker);

let api: FakeApi;
let running: Started | null = null;

beforeEach(async () => {
  begun.length = 0;
  process.on('worker', onWorker);
  api = await new FakeApi().start();
  for (const pod of pods) api.put(PODS, pod);
});
afterEach(async () => {
  await running?.watch.stop();
  running = null;
  await api.stop();
  process.off('worker', onWorker);
});

const podsOf = ({ receiver }: Started) =>
  new Map(receiver.keys('pods').map((key) => [key, receiver.objects.get(`pods ${key}`)]));

describe('a long list', () => {
  it('page by page is the same as if it had been read here', async () => {
    running = start(api.url, ['pods'], PATIENT);
    await running.watch.ready;
    expect(begun).toHaveLength(1);
    expect(podsOf(running)).toEqual(expected());
    await until(() => api.watches(PODS).length === 1);
    expect(api.lists(PODS)[0]?.query.get('resourceVersion')).toBe('0');
    expect(api.watches(PODS)[0]?.query.get('resourceVersion')).toBe(String(api.version));
  });

  it('in one piece too, with its version after the items', async () => {
    api.intercept = (request, response) => {
      if (request.path !== PODS || request.isWatch || isQuestion(request)) return false;
      const metadata = { resourceVersion: String(api.version) };
      sendJson(response, 200, { kind: 'PodList', items: pods, metadata });
      return true;
    };
    running = start(api.url, ['pods'], PATIENT);
    await running.watch.ready;
    expect(begun).toHaveLength(1);
    expect(podsOf(running)).toEqual(expected());
    await until(() => api.watches(PODS).length === 1);
    expect(api.watches(PODS)[0]?.query.get('resourceVersion')).toBe(String(api.version));
  });

  it('is asked for with the credentials of the moment, as everything else', async () => {
    let token = 0;
    const authorization = () => ({ Authorization: `Bearer ${++token}` });
    running = start(api.url, ['pods'], { ...PATIENT, headers: authorization });
    await running.watch.ready;
    const tokens = api.lists(PODS).map(({ headers }) => headers.authorization);
    expect(tokens.length).toBeGreaterThan(10);
    expect(new Set(tokens).size).toBe(tokens.length);
    expect(tokens.every((given) => /^Bearer \d+$/.test(given ?? ''))).toBe(true);
  });

  it('is read over TLS with the authority of the kubeconfig', async () => {
    const { certificate, key } = await testCertificate(
      'api',
      ['127.0.0.1'],
      new Date('2036-01-01T00:00:00Z'),
    );
    const server = https.createServer({ cert: certificate, key }, (request, response) => {
      const onward = http.get(`${api.url}${request.url}`, { headers: request.headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(response);
      });
      request.on('close', () => onward.destroy());
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const thread = new ListThread(new Turns(), {
      ...plainAccess(''),
      way: async () => ({
        server: `https://127.0.0.1:${(server.address() as AddressInfo).port}/`,
        headers: {},
        // As a file's bytes, which is what client-node hands on.
        tls: { ca: Buffer.from(certificate) },
        proxy: '',
      }),
    });
    let read = 0;
    const request = {
      path: PODS,
      fieldSelector: '',
      resourceVersion: '',
      pageSize: 500,
      answerWithin: 5_000,
    };
    const version = await thread.list('pods', request, {
      onObjects: (text) => {
        read += (JSON.parse(text) as unknown[]).length;
      },
      onFailed: () => undefined,
      onProgress: () => undefined,
      signal: new AbortController().signal,
    });
    expect([version, read]).toEqual([String(api.version), COUNT]);
    await thread.stop();
    server.close();
    server.closeAllConnections();
  });

  it('that is slow, but goes on, is not called failing', async () => {
    api.intercept = (request, response) => {
      if (request.path !== PODS || request.isWatch || isQuestion(request)) return false;
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write(`{"metadata":{"resourceVersion":"${api.version}"},"items":[${JSON.stringify(pods[0])}`);
      let sent = 1;
      const timer = setInterval(() => {
        response.write(`,${JSON.stringify(pods[sent++])}`);
        if (sent < 60) return;
        clearInterval(timer);
        response.end(']}');
      }, 150);
      return true;
    };
    running = start(api.url, ['pods'], { timing: { failingAfter: 6_000 } });
    await running.watch.ready;
    expect(begun).toHaveLength(1);
    expect(running.receiver.coverageLog).toEqual(['pods watched']);
    expect(podsOf(running).size).toBe(60);
  });

  it('of few pods is not worth a thread', async () => {
    for (const { metadata } of pods.slice(100)) api.remove(PODS, metadata.namespace, metadata.name, true);
    running = start(api.url, ['pods'], PATIENT);
    await running.watch.ready;
    expect(begun).toHaveLength(0);
    expect(podsOf(running).size).toBe(100);
    expect(running.receiver.batches.flat().some(({ type }) => type === 'listing')).toBe(false);
  });

  it('tells where it has come to when it is the last, after what it has read', async () => {
    running = start(api.url, ['services', 'pods'], PATIENT);
    api.put(SERVICES, { metadata: { name: 's', namespace: 'ns-00', uid: 's' } });
    await running.watch.ready;
    const reached: string[] = [];
    const told = new Set<string>();
    for (const change of running.receiver.batches.flat()) {
      if (change.type === 'object') told.add(change.change.key);
      if (change.type !== 'listing') continue;
      const at = change.at ?? '';
      reached.push(at);
      const before = [...expected().keys()].filter((key) => key < at);
      expect(before.filter((key) => !told.has(key))).toEqual([]);
    }
    expect(reached.length).toBeGreaterThan(2);
    expect(reached).toEqual([...reached].sort());
  });

  it('is read again when the thread dies, and here when it dies again', async () => {
    let killed = 0;
    const kill = (worker: Worker) => {
      killed += 1;
      void once(worker, 'online').then(() => worker.terminate());
    };
    process.on('worker', kill);
    try {
      running = start(api.url, ['pods'], PATIENT);
      await running.watch.ready;
      await until(() => podsOf(running as Started).size === COUNT);
      expect(killed).toBe(2);
      expect(podsOf(running)).toEqual(expected());
    } finally {
      process.off('worker', kill);
    }
  });

  it('that breaks off or is refused fails as it would here, and the next is whole', async () => {
    let breaks = 2;
    api.intercept = (request, response) => {
      if (request.path !== PODS || request.isWatch || isQuestion(request) || breaks === 0) return false;
      breaks -= 1;
      if (breaks === 0) sendStatus(response, 410, 'The provided continue parameter is too old');
      else {
        const text = JSON.stringify({ kind: 'PodList', metadata: { resourceVersion: '1' }, items: pods });
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(text.slice(0, -2_000));
      }
      return true;
    };
    running = start(api.url, ['pods'], PATIENT);
    await until(() => (running as Started).receiver.state('pods') === 'watched');
    expect(podsOf(running)).toEqual(expected());
    expect(running.watch.stats().resources.pods).toMatchObject({ relists: 1, objects: COUNT });
  });
});

it('ends at once when it is stopped', async () => {
  const thread = new ListThread(new Turns(), plainAccess(api.url));
  const stop = new AbortController();
  const request = {
    path: PODS,
    fieldSelector: '',
    resourceVersion: '',
    pageSize: 100,
    answerWithin: 5_000,
  };
  const first = Promise.withResolvers<void>();
  const receiver = {
    onObjects: () => first.resolve(),
    onFailed: () => undefined,
    onProgress: () => undefined,
    signal: stop.signal,
  };
  const list = thread.list('pods', request, receiver);
  const stopped = expect(list).rejects.toThrow('stopped');
  await first.promise;
  await thread.stop();
  await stopped;
});

it('gives up a list that nobody waits for any more, and reads the next', async () => {
  const thread = new ListThread(new Turns(), plainAccess(api.url));
  const request = { path: PODS, fieldSelector: '', resourceVersion: '', pageSize: 100, answerWithin: 5_000 };
  const stop = new AbortController();
  const given = thread.list('pods', request, {
    onObjects: () => stop.abort(),
    onFailed: () => undefined,
    onProgress: () => undefined,
    signal: stop.signal,
  });
  await expect(given).rejects.toThrow('stopped');
  const asked = api.lists(PODS).length;
  let read = 0;
  const version = await thread.list('pods', request, {
    onObjects: (text) => {
      read += (JSON.parse(text) as unknown[]).length;
    },
    onFailed: () => undefined,
    onProgress: () => undefined,
    signal: new AbortController().signal,
  });
  expect([version, read]).toEqual([String(api.version), COUNT]);
  // The one that was given up has not gone on.
  expect(asked).toBeLessThan(COUNT / 100);
  expect(begun).toHaveLength(1);
  await thread.stop();
});
