import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Topology } from '@/lib/topology/model';
import { problemSchema } from '@/lib/wire/api';
import { type ClusterEntry, clustersSchema } from '@/lib/wire/clusters';
import { historySchema } from '@/lib/wire/history';
import { snapshotCreatedSchema, snapshotSchema } from '@/lib/wire/snapshot';
import { writeKubeconfig } from '@/sandbox/api/kubeconfig';
import { type Sandbox, startSandbox } from '@/sandbox/start';
import { seeded } from '@/server/testing/cluster-changes';
import { garbage } from '@/server/testing/hostile-objects';
import { openStream, until } from '@/server/testing/open-stream';
import { serveWhole, type WholeServer } from '@/server/testing/whole-server';

/** Nobody listens there. */
const NOWHERE = 'http://127.0.0.1:9';
/** A credential plugin that fails, as after a night without a login. */
const PLUGIN = JSON.stringify({
  exec: {
    apiVersion: 'client.authentication.k8s.io/v1',
    command: '/bin/sh',
    args: ['-c', 'printf "The SSO session has expired.\\nmore of it\\n" >&2; exit 255'],
  },
});
const WWW = 'host:www.my-online-store.com';

/** Lets nobody in. */
const door = createServer((_, response) => {
  response.writeHead(401, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ kind: 'Status', message: 'Unauthorized', code: 401 }));
});

let folder: string;
let production: Sandbox;
let staging: Sandbox;
let server: WholeServer;

const get = (path: string) => fetch(`${server.url}${path}`);
const json = async <T>(path: string): Promise<T> => (await (await get(path)).json()) as T;
const clusters = async (of = ''): Promise<readonly ClusterEntry[]> =>
  clustersSchema.parse(await json(`/api/v1/clusters${of === '' ? '' : `?cluster=${of}`}`)).clusters;
const topology = (cluster: string) => json<Topology>(`/api/v1/topology?cluster=${cluster}`);
const statusOf = async (cluster: string, id: string) =>
  (await topology(cluster)).nodes.find((node) => node.id === id)?.status;
const send = (method: string, path: string, body: unknown) =>
  fetch(`${server.url}${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
const fault = (sandbox: Sandbox, input: object) =>
  fetch(`${sandbox.url}/sandbox/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(input),
  });
const scale = (sandbox: Sandbox, name: string, replicas: number) =>
  fetch(`${sandbox.url}/apis/apps/v1/namespaces/shop/deployments/${name}/scale`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/merge-patch+json' },
    body: JSON.stringify({ spec: { replicas } }),
  });

async function start(): Promise<WholeServer> {
  return await serveWhole({
    NODE_ENV: 'test',
    // A folder, as it is mounted: every file knows its own cluster only.
    KUBECONFIG: join(folder, 'kube'),
    ATLAS_CONTEXTS: 'prod-eu,staging,lost,locked,sso',
    ATLAS_ENVIRONMENTS: 'lost=development',
    ATLAS_SECRETS: 'watch',
    ATLAS_DNS: 'off',
    DATABASE_URL: `sqlite:${join(folder, 'history.sqlite')}`,
    LOG_LEVEL: 'silent',
  });
}

const isRecording = (id: string) => server.runtime.contextOf(id)?.recorder.status.state === 'recording';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atlas-clusters-'));
  [production, staging] = await Promise.all([
    startSandbox({ scenario: 'online-store', speed: 20 }),
    startSandbox({ scenario: 'online-store-incident', speed: 20 }),
  ]);
  const write = (clusterName: string, url: string, token?: string) =>
    writeKubeconfig(join(folder, 'kube', `${clusterName}.yaml`), {
      server: url,
      clusterName,
      ...(token === undefined ? {} : { token }),
    });
  await write('prod-eu', production.url);
  await write('staging', staging.url);
  await write('lost', NOWHERE);
  await new Promise<void>((done) => door.listen(0, '127.0.0.1', done));
  await write('locked', `http://127.0.0.1:${(door.address() as AddressInfo).port}`, 'an-old-token');
  await write('sso', production.url);
  await writeFile(
    join(folder, 'kube', 'sso.yaml'),
    (await readFile(join(folder, 'kube', 'sso.yaml'), 'utf8')).replace('user: {}', `user: ${PLUGIN}`),
  );
  server = await start();
  await until('two of them are recorded', () => isRecording('prod-eu') && isRecording('staging'));
}, 60_000);

afterAll(async () => {
  await server.close();
  await Promise.all([production.close(), staging.close()]);
  door.closeAllConnections();
  await new Promise((done) => door.close(done));
  await rm(folder, { recursive: true, force: true });
});

describe('several clusters', () => {
  it('are listed with how each stands; those that cannot be read take nothing from the others', async () => {
    await until('all is known', async () => {
      const found = await clusters();
      const refused = (i: number) => found[i]?.connection === 'unauthorized';
      return found[2]?.connection === 'unreachable' && refused(3) && refused(4);
    });
    const found = await clusters();
    expect(found.map(({ id, connection, environment }) => [id, connection, environment])).toEqual([
      ['prod-eu', 'live', 'production'],
      ['staging', 'live', 'staging'],
      ['lost', 'unreachable', 'development'],
      ['locked', 'unauthorized', 'other'],
      ['sso', 'unauthorized', 'other'],
    ]);
    expect(found[0]).toMatchObject({ synced: true, broken: 0 });
    expect(found[1]?.broken).toBeGreaterThan(0);
    expect(found[2]).toMatchObject({ synced: false, broken: null, hosts: null });
    expect(found[2]?.reason).toContain('ECONNREFUSED');
    expect(found[4]?.reason).toMatch(/ended with 255: The SSO session has expired\.$/);
  });

  it('answer each for itself, the first one where none is named', async () => {
    const [first, named, other] = [
      await json<Topology>('/api/v1/topology'),
      await topology('prod-eu'),
      await topology('staging'),
    ];
    expect(first.cluster.id).toBe('prod-eu');
    const ids = ({ nodes }: Topology) => nodes.map(({ id }) => id);
    expect(ids(named)).toEqual(ids(first));
    expect(other.cluster).toMatchObject({ id: 'staging', name: 'staging', environment: 'staging' });
    expect(other.epoch).not.toBe(first.epoch);
    expect(ids(other)).not.toEqual(ids(first));
    const tags = await Promise.all(
      ['', '?cluster=staging'].map(async (query) =>
        (await get(`/api/v1/topology${query}`)).headers.get('etag'),
      ),
    );
    expect(new Set(tags).size).toBe(2);
  });

  it.each([
    '/api/v1/topology?cluster=no',
    '/api/v1/stream?cluster=no',
    '/api/v1/stream?view=a:cluster%3Dno',
    '/api/v1/findings?cluster=no',
    '/api/v1/history?cluster=no',
    '/api/v1/marks?cluster=no',
    '/api/v1/clusters?cluster=no',
    '/api/v1/checklist?host=a.example&cluster=no',
    '/api/v1/objects/core/v1/services/shop/x?cluster=no',
    '/go?host=a.example&cluster=no',
  ])('%s is refused with those that there are', async (path) => {
    const response = await get(path);
    expect(response.status).toBe(400);
    const { errors } = problemSchema.parse(await response.json());
    expect(errors?.[0]).toMatchObject({
      parameter: 'cluster',
      allowed: ['prod-eu', 'staging', 'lost', 'locked', 'sso'],
    });
  });

  it('have streams of their own: one connection is of one cluster', async () => {
    const mixed = await get('/api/v1/stream?view=a:&view=b:cluster%3Dstaging&view=c:cluster%3Dprod-eu');
    expect(mixed.status).toBe(400);
    expect(problemSchema.parse(await mixed.json()).detail).toContain('a stream for each cluster');
    const stream = await openStream(`${server.url}/api/v1/stream?view=a:cluster%3Dstaging`);
    await until('a snapshot came', () => stream.client.states.has('a'));
    expect(stream.client.states.get('a')?.cluster.id).toBe('staging');
    await stream.close();
  });

  it('say which hosts they have in common, and how those are elsewhere', async () => {
    const [own, other, lost] = await clusters('prod-eu');
    expect(own?.hosts).toEqual([]);
    expect(other?.hosts?.find(({ id }) => id === WWW)).toEqual({
      id: WWW,
      name: 'www.my-online-store.com',
      status: await statusOf('staging', WWW),
    });
    expect(lost?.hosts ?? null).toBeNull();
  });

  it('are found by /go: the first that has it, or the one that is named', async () => {
    const led = async (query: string) =>
      (await fetch(`${server.url}/go?${query}`, { redirect: 'manual' })).headers.get('location');
    const www = 'focus=host%3Awww.my-online-store.com&select=host%3Awww.my-online-store.com';
    expect(await led('host=www.my-online-store.com')).toBe(`/?${www}`);
    expect(await led('host=www.my-online-store.com&cluster=staging')).toBe(`/?${www}&cluster=staging`);
    staging.storage.create('services', {
      metadata: { name: 'only-here', namespace: 'shop' },
      spec: { type: 'NodePort', ports: [{ port: 80, nodePort: 30999 }], selector: { app: 'none' } },
    } as never);
    await until(
      'it is drawn',
      async () => (await statusOf('staging', 'service:shop/only-here')) !== undefined,
    );
    expect(await led('service=shop/only-here')).toContain('cluster=staging');
  });

  it('are measured by the id of their context, the process once', async () => {
    const body = await (await get('/metrics')).text();
    expect(body).toMatch(/^atlas_synced\{cluster="prod-eu"\} 1$/m);
    expect(body).toMatch(/^atlas_synced\{cluster="staging"\} 1$/m);
    expect(body).toMatch(/^atlas_cluster_connection\{state="unreachable",cluster="lost"\} 1$/m);
    expect(body).toMatch(/^atlas_publish_lag_milliseconds_count\{cluster="staging"\} \d+$/m);
    expect(body.match(/^process_cpu_seconds_total /gm)).toHaveLength(1);
    expect(body).not.toContain(new URL(production.url).host);
  });
});

describe('a cluster in trouble', () => {
  it.each([
    ['whose lists and watches stall', { action: 'stall', forMs: 600_000 }],
    ['that answers with errors', { action: 'status', code: 500, forMs: 600_000 }],
    ['that is slow', { action: 'slow', ms: 3000, forMs: 600_000 }],
    ['that sends what is no JSON', { action: 'invalid' }],
  ])(
    '%s does not keep the other from being seen',
    async (_, input) => {
      expect((await fault(staging, input)).ok).toBe(true);
      await fault(staging, { action: 'cut' });
      await scale(production, 'wear', 0);
      await until('the other tells its break', async () => (await statusOf('prod-eu', WWW)) === 'degraded');
      await scale(production, 'wear', 3);
      await until('and that it is mended', async () => (await statusOf('prod-eu', WWW)) === 'ok');
      await fetch(`${staging.url}/sandbox/faults`, { method: 'DELETE' });
      await until('it is well again', async () => (await clusters())[1]?.connection === 'live');
    },
    60_000,
  );

  it('with odd objects does not keep the other from being seen', async () => {
    const random = seeded(7);
    for (let i = 0; i < 60; i++) {
      const odd = garbage('Service', `odd-${i}`, random);
      staging.storage.create('services', odd as never, { raw: true });
    }
    await scale(production, 'wear', 0);
    await until('the other tells its break', async () => (await statusOf('prod-eu', WWW)) === 'degraded');
    await scale(production, 'wear', 3);
    await until('and that it is mended', async () => (await statusOf('prod-eu', WWW)) === 'ok');
    expect((await topology('staging')).nodes.length).toBeGreaterThan(5);
  });
});

describe('what is kept', () => {
  const findings = async (cluster: string) =>
    historySchema
      .parse(await json(`/api/v1/history?cluster=${cluster}`))
      .spans.map(({ finding }) => finding.id);

  it('is kept apart: history, marks and snapshots know their cluster', async () => {
    const broken =
      (await topology('staging')).findings.find(({ severity }) => severity === 'broken')?.id ?? '';
    expect(await findings('staging')).toContain(broken);
    expect(await findings('prod-eu')).not.toContain(broken);

    const path = `/api/v1/marks/${encodeURIComponent(broken)}`;
    expect((await send('PUT', path, { note: 'known' })).status).toBe(404);
    expect((await send('PUT', `${path}?cluster=staging`, { note: 'known' })).status).toBe(200);
    expect(await json('/api/v1/marks')).toEqual({ marks: [] });
    expect(await json('/api/v1/marks?cluster=staging')).toMatchObject({ marks: [{ finding: broken }] });

    const other = await send('POST', '/api/v1/snapshots', { view: 'cluster=staging' });
    expect(other.status).toBe(400);
    const made = await send('POST', '/api/v1/snapshots?cluster=staging', { view: 'cluster=staging' });
    const { id } = snapshotCreatedSchema.parse(await made.json());
    const kept = snapshotSchema.parse(await json(`/api/v1/snapshots/${id}`));
    expect(kept.topology.cluster.id).toBe('staging');
    const diff = await json<{ from: { note: string } }>(`/api/v1/diff?from=${id}&to=now`);
    expect(diff.from.note).toContain('staging');
  });

  it('is there after a restart, under the same ids', async () => {
    const before = { staging: await findings('staging'), 'prod-eu': await findings('prod-eu') };
    await server.close();
    server = await start();
    await until('two of them are recorded', () => isRecording('prod-eu') && isRecording('staging'));
    expect((await clusters()).map(({ id }) => id)).toEqual(['prod-eu', 'staging', 'lost', 'locked', 'sso']);
    expect(await findings('staging')).toEqual(expect.arrayContaining(before.staging));
    expect(await findings('prod-eu')).toEqual(expect.arrayContaining(before['prod-eu']));
    expect(await json('/api/v1/marks?cluster=staging')).toMatchObject({ marks: [{ note: 'known' }] });
  }, 60_000);
});
