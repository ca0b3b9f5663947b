import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Topology } from '@/lib/topology/model';
import { toTopology } from '@/lib/wire/reduce';
import { snapshotCreatedSchema, snapshotSchema } from '@/lib/wire/snapshot';
import { topologySchema } from '@/lib/wire/topology';
import { type Sandbox, startSandbox } from '@/sandbox/start';
import { loadSnapshotPage } from '@/server/http/snapshot-page';
import { seeded } from '@/server/testing/cluster-changes';
import { garbage, hostileObjects, NAMES } from '@/server/testing/hostile-objects';
import { type OpenStream, openStream, until } from '@/server/testing/open-stream';
import { serveWhole, type WholeServer } from '@/server/testing/whole-server';

const RESOURCES = {
  Service: 'services',
  Pod: 'pods',
  Ingress: 'ingresses.networking.k8s.io',
  EndpointSlice: 'endpointslices.discovery.k8s.io',
  Deployment: 'deployments.apps',
} as const;

/** The storage takes what it is given. */
type Stored = Parameters<Sandbox['storage']['create']>[1];

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
    DATABASE_URL: `sqlite:${join(folder, 'history.sqlite')}`,
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

  it.each([false, true])(
    'are kept in a snapshot and its drawing as text (names redacted: %s)',
    async (redact) => {
      const made = await fetch(`${server.url}/api/v1/snapshots`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ redact, note: '</title><script>window.pwned=1</script>\u202e' }),
      });
      expect(made.status).toBe(201);
      const { id } = snapshotCreatedSchema.parse(await made.json());
      const path = `${server.url}/api/v1/snapshots/${id}`;
      const text = await (await fetch(path)).text();
      const snapshot = snapshotSchema.parse(JSON.parse(text));
      expect(snapshot.topology.nodes.length).toBe((await topology()).nodes.length);
      expect(
        NAMES.filter((name) => JSON.stringify(snapshot.topology.nodes).includes(JSON.stringify(name))),
      ).toEqual(redact ? [] : [...NAMES]);
      const page = await loadSnapshotPage(id, new Headers({ host: 'localhost' }));
      expect(page).toMatchObject({ state: 'found', preview: null });
      expect(`${snapshot.verdict.title} ${snapshot.verdict.sentence}`).not.toMatch(/[\p{Cc}\u202a-\u202e]/u);
      for (const query of ['', '?size=card&theme=dark']) {
        const svg = await (await fetch(`${path}/image.svg${query}`)).text();
        expect(svg).not.toMatch(/<script|<img|\u202e|onerror="/);
        expect((await fetch(`${path}/image.png${query}`)).status).toBe(200);
      }
      await expectWell();
    },
  );

  it.each([3, 1977])('of any shape, coming and going, never break the stream (seed %i)', async (seed) => {
    const random = seeded(seed);
    const kinds = Object.keys(RESOURCES) as (keyof typeof RESOURCES)[];
    const { version } = await topology();
    for (let i = 0; i < 300; i += 1) {
      const kind = kinds[random(kinds.length)] ?? 'Pod';
      const name = `garbage-${random(12)}`;
      // Past the API's own checks: what an old server, or one with a webhook gone wrong, may hold.
      if (sandbox.storage.get(RESOURCES[kind], 'evil', name))
        sandbox.storage.remove(RESOURCES[kind], 'evil', name);
      else sandbox.storage.create(RESOURCES[kind], garbage(kind, name, random) as Stored, { raw: true });
      if (random(10) === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await until('something was published', () => server.runtime.hub.head.version > version);
    await expectWell();
  });
});
