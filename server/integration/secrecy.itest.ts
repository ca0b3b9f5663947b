import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Topology } from '@/lib/topology/model';
import { writeKubeconfig } from '@/sandbox/api/kubeconfig';
import { type Sandbox, startSandbox } from '@/sandbox/start';
import { CANARIES, CANARY, TOKEN, TRACES } from '@/server/testing/canaries';
import { type Call, caller, change, seeded } from '@/server/testing/cluster-changes';
import { type OpenStream, openStream, until } from '@/server/testing/open-stream';
import { type RecordingProxy, startRecordingProxy } from '@/server/testing/recording-proxy';
import { ServerProcess } from '@/server/testing/server-process';

const OBJECTS = [
  'core/v1/secrets/shop/canary-opaque',
  'core/v1/secrets/shop/canary-auth',
  'core/v1/secrets/shop/canary-tls',
  'apps/v1/deployments/shop/canary',
  'core/v1/services/shop/canary',
  'networking.k8s.io/v1/ingresses/shop/canary',
];

let folder: string;
let sandbox: Sandbox;
let call: Call;
let proxy: RecordingProxy;
let server: ServerProcess;
let url: string;
let stream: OpenStream;

const text = async (path: string): Promise<string> => (await fetch(`${url}${path}`)).text();
const traces = (where: string): readonly string[] => TRACES.filter((trace) => where.includes(trace));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ingress-atlas-'));
  sandbox = await startSandbox({ scenario: 'online-store', speed: 50 });
  call = caller(sandbox.url);
  for (const [collection, object] of CANARIES) expect(await call('POST', collection, object)).toBe(201);
  proxy = await startRecordingProxy(sandbox.url);
  const kubeconfig = join(folder, 'kubeconfig');
  await writeKubeconfig(kubeconfig, { server: proxy.url, token: TOKEN });
  server = new ServerProcess({
    KUBECONFIG: kubeconfig,
    ATLAS_DNS: 'off',
    ATLAS_SECRETS: 'watch',
    DATABASE_URL: `sqlite:${join(folder, 'history.sqlite')}`,
    LOG_LEVEL: 'trace',
  });
  url = await server.url();
  stream = await openStream(`${url}/api/v1/stream?scope=all`);
  await until(
    'the canaries are drawn',
    () => stream.client.states.get('main')?.nodes.has('service:shop/canary') ?? false,
  );
});
afterAll(async () => {
  await stream.close();
  await server.stop();
  await proxy.close();
  await sandbox.close();
  await rm(folder, { recursive: true });
});

describe('a canary in Secrets, annotations, environment and arguments', () => {
  it('is there for whoever asks the cluster itself', async () => {
    for (const [collection, object] of CANARIES.slice(0, 3)) {
      const { name } = (object as { metadata: { name: string } }).metadata;
      const answer = await (await fetch(`${sandbox.url}${collection}/${name}`)).text();
      expect(traces(answer), name).not.toEqual([]);
    }
  });

  it('is in no answer of the API', async () => {
    const checklist = '/api/v1/checklist?host=canary.example';
    const paths = ['/api/v1/topology?scope=all', '/api/v1/findings', checklist, '/metrics', '/readyz'];
    for (const path of paths) {
      const answer = await text(path);
      expect(answer.length, path).toBeGreaterThan(20);
      expect(traces(answer), path).toEqual([]);
    }
  });

  it('is in nothing that is kept of the past', async () => {
    await until('the recorder records', async () => (await text('/readyz')).includes('"state":"recording"'));
    const past = await text(`/api/v1/topology?at=${new Date().toISOString()}`);
    expect(past).toContain('service:shop/canary');
    expect(traces(past)).toEqual([]);
    expect(traces(await text('/api/v1/history'))).toEqual([]);
    const changed = await text(`/api/v1/diff?from=2020-01-01T00:00:00Z`);
    expect(changed).toContain('What is kept reaches from');
    const oldest = /from (\S+Z) to/.exec(changed)?.[1] ?? '';
    expect(traces(await text(`/api/v1/diff?from=${oldest}`))).toEqual([]);
  });

  it.each(OBJECTS)('is not in the object %s as people see it', async (path) => {
    const response = await fetch(`${url}/api/v1/objects/${path}`);
    expect(response.status).toBe(200);
    const body = await response.text();
    expect(body).toContain('canary');
    expect(traces(body)).toEqual([]);
    expect(body).not.toContain('last-applied-configuration');
  });

  it('is in no event of the stream, also while these objects change', async () => {
    const before = stream.client.events.length;
    for (const [collection, object] of CANARIES) {
      const { name } = (object as { metadata: { name: string } }).metadata;
      await call('PATCH', `${collection}/${name}`, { metadata: { labels: { changed: 'yes' } } });
    }
    await call('DELETE', '/api/v1/namespaces/shop/secrets/canary-tls');
    await until('the missing Secret is told', () =>
      [...(stream.client.states.get('main')?.findings.values() ?? [])].some(
        ({ id, code }) => code === 'tls-secret-missing' && id.includes('canary'),
      ),
    );
    expect(stream.client.events.length).toBeGreaterThan(before);
    expect(traces(stream.client.events.map(({ data }) => data).join('\n'))).toEqual([]);
  });

  it('is in no line of the log, also when the cluster refuses and fails', async () => {
    const fault = (input: object) => call('POST', '/sandbox/faults', input);
    await fault({ action: 'status', code: 500, times: 10 });
    await fault({ action: 'truncate' });
    await fault({ action: 'invalid' });
    await fault({ action: 'status', code: 401, times: 3 });
    await fault({ action: 'cut' });
    for (const path of OBJECTS) await text(`/api/v1/objects/${path}`);
    await call('DELETE', '/sandbox/faults');
    await until('the cluster is live again', async () =>
      (await text('/readyz')).includes('"connection":"live"'),
    );
    expect(server.log).toContain('cluster sandbox');
    expect(traces(server.log)).toEqual([]);
    expect(server.log).not.toContain(CANARY);
  });
});

describe('the cluster', () => {
  it('is only ever read, whatever happens and whatever is asked', async () => {
    const random = seeded(11);
    for (let i = 0; i < 20; i += 1) await change(call, random);
    const topology = JSON.parse(await text('/api/v1/topology?scope=all')) as Topology;
    for (const { ref } of topology.nodes.slice(0, 40)) {
      if (ref)
        await text(
          `/api/v1/objects/${ref.group || 'core'}/${ref.version}/${ref.resource}/${ref.namespace || '-'}/${ref.name}`,
        );
    }
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'])
      await fetch(`${url}/api/v1/objects/core/v1/services/shop/canary`, { method });
    const writes = proxy.requests.filter(
      ({ method, path }) => method !== 'GET' && !path.startsWith('/apis/authorization.k8s.io/v1/self'),
    );
    expect(proxy.requests.length).toBeGreaterThan(50);
    expect(writes).toEqual([]);
  });
});
