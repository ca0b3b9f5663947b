import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Interner } from '@/lib/kube/project/interner';
import { projectPod } from '@/lib/kube/project/pod';
import { unpackPods } from '@/lib/kube/project/pod-rows';
import { FakeApi, sendJson } from '@/server/cluster/testing/fake-api';
import { type Started, start, until } from '@/server/cluster/testing/harness';
import { Turns } from '@/server/cluster/turns';
import { ListThread } from './list-thread';

const PODS = '/api/v1/pods';
const COUNT = 1_500;

/** About 6 kB each, as a cluster's are; every tenth has in a text what stands between two items of a list. */
const pods = Array.from({ length: COUNT }, (_, i) => ({
  metadata: {
    name: `p-${String(i).padStart(5, '0')}`,
    namespace: `ns-${Math.floor(i / 100)}`,
    uid: `uid-${i}`,
    labels: { app: `app-${Math.floor(i / 10)}`, 'pod-template-hash': 'abc' },
    annotations: { note: i % 10 === 0 ? '},{"metadata":{ 😀' : 'n', long: 'x'.repeat(4_000) },
    managedFields: [{ manager: 'kubelet', fieldsV1: { 'f:status': { 'f:phase': {} } } }],
  },
  spec: {
    nodeName: `node-${i % 7}`,
    containers: [{ name: 'app', image: 'i:1', env: [{ name: 'A', value: 'y'.repeat(1_000) }] }],
  },
  status: { phase: 'Running', podIPs: [{ ip: `10.0.${i >> 8}.${i & 255}` }] },
}));

const expected = () => {
  const interner = new Interner();
  return new Map(
    pods.map((pod) => [`${pod.metadata.namespace}/${pod.metadata.name}`, projectPod(pod, interner)]),
  );
};

/** The threads that were begun since. */
const begun: Worker[] = [];
const onWorker = (worker: Worker) => begun.push(worker);

beforeEach(() => {
  begun.length = 0;
  process.on('worker', onWorker);
});
afterEach(() => {
  process.off('worker', onWorker);
});

describe('a long list', () => {
  let api: FakeApi;
  let running: Started | null = null;

  beforeEach(async () => {
    api = await new FakeApi().start();
    for (const pod of pods) api.put(PODS, pod);
  });
  afterEach(async () => {
    await running?.watch.stop();
    running = null;
    await api.stop();
  });

  const podsOf = ({ receiver }: Started) =>
    new Map(receiver.keys('pods').map((key) => [key, receiver.objects.get(`pods ${key}`)]));

  it('page by page is the same as if it had been read here', async () => {
    running = start(api.url, ['pods']);
    await running.watch.ready;
    expect(begun).toHaveLength(1);
    expect(podsOf(running)).toEqual(expected());
    await until(() => api.watches(PODS).length === 1);
    expect(api.watches(PODS)[0]?.query.get('resourceVersion')).toBe(String(api.version));
  });

  it('in one piece too, with its version after the items', async () => {
    api.intercept = ({ query }, response) => {
      if (!query.has('limit')) return false;
      sendJson(response, 200, {
        kind: 'PodList',
        items: pods,
        metadata: { resourceVersion: String(api.version) },
      });
      return true;
    };
    running = start(api.url, ['pods']);
    await running.watch.ready;
    expect(begun).toHaveLength(1);
    expect(podsOf(running)).toEqual(expected());
    await until(() => api.watches(PODS).length === 1);
    expect(api.watches(PODS)[0]?.query.get('resourceVersion')).toBe(String(api.version));
  });

  it('is read again when the thread dies, and here when it dies again', async () => {
    let killed = 0;
    const kill = (worker: Worker) => {
      killed += 1;
      void once(worker, 'online').then(() => worker.terminate());
    };
    process.on('worker', kill);
    try {
      running = start(api.url, ['pods']);
      await running.watch.ready;
      await until(() => podsOf(running as Started).size === COUNT);
      expect(killed).toBe(2);
      expect(podsOf(running)).toEqual(expected());
    } finally {
      process.off('worker', kill);
    }
  });

  it('that breaks off fails, and the next is whole', async () => {
    let breaks = 1;
    api.intercept = ({ query }, response) => {
      if (!query.has('limit') || breaks === 0) return false;
      breaks -= 1;
      const text = JSON.stringify({ kind: 'PodList', metadata: { resourceVersion: '1' }, items: pods });
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(text.slice(0, -2_000));
      return true;
    };
    running = start(api.url, ['pods']);
    await until(() => (running as Started).receiver.state('pods') === 'watched');
    expect(api.lists(PODS).length).toBeGreaterThan(1);
    expect(podsOf(running)).toEqual(expected());
  });
});

it('holds back what the thread has not read, and ends at once when it is stopped', async () => {
  const thread = new ListThread(new Turns());
  const read: string[] = [];
  const page = thread.open('pods', {
    onObjects: (text) => read.push(...unpackPods(text, new Interner()).map(({ name }) => name)),
    onFailed: () => undefined,
  });
  const bytes = Buffer.from([...pods, ...pods].map((pod) => JSON.stringify(pod)).join(','));
  for (let at = 0; at < bytes.length; at += 65_536) await page.push(bytes.subarray(at, at + 65_536));
  // More than may be under way has been pushed: some of it was read before the rest was taken.
  expect(read.length).toBeGreaterThan(0);
  const end = page.end();
  await thread.stop();
  await expect(end).rejects.toThrow('stopped');
});
