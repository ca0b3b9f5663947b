import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Topology } from '@/lib/topology/model';
import { toTopology } from '@/lib/wire/reduce';
import { topologySchema } from '@/lib/wire/topology';
import { type Sandbox, startSandbox } from '@/sandbox/start';
import { caller, seeded } from '@/server/testing/cluster-changes';
import { garbage, hostileObjects, NAMES } from '@/server/testing/hostile-objects';
import { type OpenStream, openStream, until } from '@/server/testing/open-stream';
import { serveWhole, type WholeServer } from '@/server/testing/whole-server';

const COLLECTIONS = {
  Service: '/api/v1/namespaces/evil/services',
  Pod: '/api/v1/namespaces/evil/pods',
  Ingress: '/apis/networking.k8s.io/v1/namespaces/evil/ingresses',
  EndpointSlice: '/apis/discovery.k8s.io/v1/namespaces/evil/endpointslices',
  Deployment: '/apis/apps/v1/namespaces/evil/deployments',
} as const;

let folder: string;
let sandbox: Sandbox;
let server: WholeServer;
let stream: OpenStream;

const topology = async (): Promise<Topology> =>
  (await (await fetch(`${server.url}/api/v1/topology`)).json()) as Topology;
const metric = async (name: string): Promise<string | undefined> =>
  new RegExp(`^${name} (.*)$`, 'm').exec(await (await fetch(`${server.url}/metrics`)).text())?.[1];

async function expectWell(): Promise<void> {
  const answer = await topology();
  topologySchema.parse(answer);
  await until(
    'the stream is there',
    () => (stream.client.states.get('main')?.version ?? -1) >= answer.version,
  );
  const state = stream.history.get('main')?.findLast(({ version }) => version <= answer.version);
  const ids = (list: readonly { readonly id: string }[]) => list.map(({ id }) => id).sort();
  const own = state && toTopology(state);
  expect(ids(own?.nodes ?? [])).toEqual(ids(answer.nodes));
  expect(ids(own?.findings ?? [])).toEqual(ids(answer.findings));
  expect(await metric('atlas_errors_total')).toBe('0');
  expect(await metric('atlas_build_failures')).toBe('0');
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ingress-atlas-'));
  const dump = join(folder, 'dump.json');
  await writeFile(dump, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: hostileObjects() }));
  sandbox = await startSandbox({ paths: [dump], dump: true });
  server = await serveWhole({
    NODE_ENV: 'test',
    KUBECONFIG: sandbox.kubeconfig,
    ATLAS_SECRETS: 'watch',
    ATLAS_DNS: 'off',
    LOG_LEVEL: 'silent',
  });
  stream = await openStream(`${server.url}/api/v1/stream`);
  await until('the cluster is read', () => (stream.client.states.get('main')?.nodes.size ?? 0) > 0);
});
afterAll(async () => {
  await stream.close();
  await server.close();
  await sandbox.close();
  await rm(folder, { recursive: true });
});

describe('objects that nobody should have made', () => {
  it('are drawn under their own names, and nothing fails over them', async () => {
    const { nodes } = await topology();
    const hosts = nodes.filter(({ kind }) => kind === 'host').map(({ name }) => name);
    expect(hosts).toEqual(expect.arrayContaining([...NAMES]));
    await expectWell();
  });

  it.each([3, 1977])('of any shape, coming and going, never break the stream (seed %i)', async (seed) => {
    const random = seeded(seed);
    const call = caller(sandbox.url);
    const kinds = Object.keys(COLLECTIONS) as (keyof typeof COLLECTIONS)[];
    const { version } = await topology();
    for (let i = 0; i < 120; i += 1) {
      const kind = kinds[random(kinds.length)] ?? 'Pod';
      const name = `garbage-${random(12)}`;
      if (random(4) === 0) await call('DELETE', `${COLLECTIONS[kind]}/${name}`);
      else await call('POST', COLLECTIONS[kind], garbage(kind, name, random));
    }
    await until('something was published', () => server.runtime.hub.head.version > version);
    await expectWell();
  });
});
