import { afterAll, beforeAll, expect, test } from 'vitest';
import { Atlas } from '@/lib/diagnosis/atlas';
import { podId, serviceId } from '@/lib/topology/ids';
import type { TopologyNode } from '@/lib/topology/model';
import { topologySchema } from '@/lib/wire/topology';
import { openAccess } from '@/server/cluster/access';
import { type ClusterWatch, startClusterWatch } from '@/server/cluster/cluster-watch';
import { QUICK, until } from '@/server/cluster/testing/harness';
import { type SandboxProcess, startSandboxProcess } from '@/server/cluster/testing/sandbox-process';
import { offRecorder } from '@/server/recorder/testing/off';
import { noSnapshots } from '@/server/snapshots/testing/memory-store';
import { StreamServer } from '@/server/stream/stream-server';
import { testHub } from '@/server/testing/fake-engine';
import type { TopologyHub } from '@/server/topology-hub';
import type { HttpContext } from './context';
import { getTopology } from './topology';

let sandbox: SandboxProcess;
let watch: ClusterWatch;
let hub: TopologyHub;
let context: HttpContext & { readonly streams: StreamServer };

beforeAll(async () => {
  sandbox = await startSandboxProcess(['--scenario', 'online-store']);
  hub = testHub(new Atlas());
  watch = startClusterWatch({
    config: { namespaces: [], secrets: 'watch' },
    kube: openAccess({ kubeconfig: sandbox.kubeconfig, env: {} }),
    onChange: (changes) => hub.change(changes),
    onConnection: () => undefined,
    timing: QUICK,
  });
  await watch.ready;
  hub.markReady();
  await until(() => hub.synced);
  context = {
    hub,
    streams: new StreamServer({ hub, onError: () => undefined }),
    fetchObject: null,
    limitedView: false,
    ...noSnapshots(),
    recorder: offRecorder(),
    metrics: () => Promise.resolve({ contentType: 'text/plain', body: '' }),
  };
});

afterAll(async () => {
  context.streams.stop('end');
  hub.stop();
  await watch.stop();
  await sandbox.stop();
});

const ask = (query: string, headers: Record<string, string> = {}) =>
  getTopology(new Request(`http://atlas/api/v1/topology${query}`, { headers }), context);

async function topologyOf(query: string) {
  return topologySchema.parse(await (await ask(query)).json());
}

const MYSQL = serviceId('shop', 'mysql-service');

test('the database of the online store is drawn with scope=all only, with its pod and why nothing leads there', async () => {
  const usual = await topologyOf('');
  const all = await topologyOf('?scope=all');
  const find = (id: string) => all.nodes.find((node) => node.id === id);
  expect(usual.nodes.map(({ id }) => id)).not.toContain(MYSQL);
  expect(find(MYSQL)).toMatchObject({
    kind: 'service',
    detail: { internal: true, reason: 'internal only: ClusterIP, no rule, no load balancer', ready: 1 },
  });
  expect(find(podId('shop', 'mysql-0'))).toMatchObject({ kind: 'pod', status: 'ok' });
  const links = all.edges.filter(({ source }) => source === MYSQL).map(({ target }) => target);
  expect(links).toEqual([podId('shop', 'mysql-0')]);
});

test('scope=all adds exactly what the summary counts as out of scope', async () => {
  const usual = await topologyOf('');
  const all = await topologyOf('?scope=all');
  const drawn = new Set(usual.nodes.map(({ id }) => id));
  const added = all.nodes.filter(({ id }) => !drawn.has(id));
  const count = (kind: TopologyNode['kind']) => added.filter((node) => node.kind === kind).length;
  expect({ services: count('service'), pods: count('pod') }).toEqual(all.summary.outOfScope);
  expect(added.length).toBe(count('service') + count('pod'));
  expect(all.nodes.length).toBe(usual.nodes.length + added.length);
});

test('the search of the page finds it by name', async () => {
  const found = await topologyOf('?scope=all&q=mysql&budget=60');
  expect(found.nodes.map(({ id }) => id).sort()).toEqual([podId('shop', 'mysql-0'), MYSQL]);
});

test('a tag holds until what it shows has changed, also where no other view shows it', async () => {
  const etag = (await ask('?scope=all')).headers.get('etag') ?? '';
  expect((await ask('?scope=all', { 'if-none-match': etag })).status).toBe(304);
  const before = hub.head.version;
  const path = `${sandbox.url}/api/v1/namespaces/shop/pods/mysql-0`;
  const response = await fetch(path, {
    method: 'PATCH',
    headers: { 'content-type': 'application/merge-patch+json' },
    body: JSON.stringify({ metadata: { labels: { touched: 'yes' } } }),
  });
  expect(response.ok).toBe(true);
  let changed: Response;
  const end = Date.now() + 10_000;
  do {
    await new Promise((done) => setTimeout(done, 20));
    changed = await ask('?scope=all', { 'if-none-match': etag });
  } while (changed.status === 304 && Date.now() < end);
  expect(changed.status).toBe(200);
  expect(hub.head.version).toBeGreaterThan(before);
  const { nodes } = topologySchema.parse(await changed.json());
  expect(nodes.find(({ id }) => id === podId('shop', 'mysql-0'))?.detail.labels).toMatchObject({
    touched: 'yes',
  });
});
