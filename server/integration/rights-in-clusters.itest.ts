import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Topology } from '@/lib/topology/model';
import { clustersSchema } from '@/lib/wire/clusters';
import { writeKubeconfig } from '@/sandbox/api/kubeconfig';
import { type Sandbox, startSandbox } from '@/sandbox/start';
import { type Call, caller } from '@/server/testing/cluster-changes';
import { letSee, letSeeAll, sees } from '@/server/testing/cluster-people';
import {
  type Answer,
  GUESS,
  identityOf,
  LeakMatrix,
  leakIn,
  topologyIn,
  type Viewer,
} from '@/server/testing/leak-matrix';
import { openStream, until } from '@/server/testing/open-stream';
import { NOTHING, seenIn } from '@/server/testing/seen';
import { ServerProcess } from '@/server/testing/server-process';
import type { Mark } from '@/server/testing/tenants';
import { createTenants } from '@/server/testing/two-tenants';

const FROM_PAGE = { 'sec-fetch-site': 'same-origin' };
const OTHER = 'cluster=staging';

/** Of everybody's names those of the tenant in `staging` are hidden from who has no rights there. */
const hidden: readonly Mark[] = ['bravox'];
const TENANT: Viewer = {
  name: 'who sees one namespace of one cluster',
  namespaces: '',
  groups: [sees('alfax-ns')],
  hidden,
};
const CHIEF: Viewer = {
  name: 'who sees all of one cluster',
  namespaces: '',
  groups: ['chiefs-of-prod'],
  hidden,
};
const ADMIN: Viewer = {
  name: 'who sees all of both',
  namespaces: '',
  groups: ['chiefs-of-prod', 'chiefs-of-staging'],
  hidden: [],
};
const VIEWERS = [TENANT, CHIEF];

interface Made {
  readonly id: string;
  readonly revokeToken: string;
}

let folder: string;
let sandboxes: readonly Sandbox[];
let server: ServerProcess;
let url: string;
let matrix: LeakMatrix;
/** All of the other cluster. */
let whole: Topology;
/** Made by who sees everything: of both clusters, and of the other without names. */
let frozen: { readonly own: Made; readonly other: Made; readonly redacted: Made };

const seen = ({ bytes }: Answer) => seenIn(bytes.toString('utf8'));
const jsonIn = <T>({ bytes }: Answer) => JSON.parse(bytes.toString('utf8')) as T;
const get = (viewer: Viewer, path: string) => matrix.check(viewer, { path });
const guess = (viewer: Viewer, path: string) => matrix.guess(viewer, { path });

async function freeze(viewer: Viewer, cluster: string, body: object = {}): Promise<Made> {
  const path = `/api/v1/snapshots?cluster=${cluster}`;
  const answer = await matrix.check(viewer, { method: 'POST', path, body, headers: FROM_PAGE });
  expect(answer.status).toBe(201);
  return jsonIn<Made>(answer);
}

/** A dashboard of these clusters, the first one first. */
async function start(contexts: string): Promise<void> {
  server = new ServerProcess({
    KUBECONFIG: join(folder, 'kube'),
    ATLAS_CONTEXTS: contexts,
    ATLAS_AUTH: 'proxy',
    ATLAS_PROXY_PEERS: '127.0.0.1/32',
    ATLAS_SECRETS: 'watch',
    ATLAS_DNS: 'off',
    DATABASE_URL: `sqlite:${join(folder, 'history.sqlite')}`,
  });
  url = await server.url();
  matrix = new LeakMatrix(url);
  await until('all of them are read', async () => {
    const { clusters } = clustersSchema.parse(jsonIn(await matrix.ask(ADMIN, { path: '/api/v1/clusters' })));
    return clusters.every(({ synced }) => synced);
  });
}

async function cluster(name: string, mark: Mark): Promise<readonly [Sandbox, Call]> {
  const sandbox = await startSandbox({ scenario: 'online-store', speed: 50 });
  const call = caller(sandbox.url);
  await createTenants(call, [mark]);
  await writeKubeconfig(join(folder, 'kube', `${name}.yaml`), { server: sandbox.url, clusterName: name });
  return [sandbox, call];
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atlas-rights-'));
  const [production] = await cluster('prod', 'alfax');
  const [staging] = await cluster('staging', 'bravox');
  sandboxes = [production, staging];
  await letSee(production.url, ['alfax-ns']);
  await letSeeAll(production.url, 'chiefs-of-prod');
  await letSeeAll(staging.url, 'chiefs-of-staging');
  await start('prod,staging');
  await until('the other is drawn, and recorded', async () => {
    const answer = await matrix.ask(ADMIN, { path: `/api/v1/topology?scope=all&${OTHER}` });
    whole = topologyIn(answer);
    const history = await matrix.ask(ADMIN, { path: `/api/v1/history?${OTHER}` });
    return answer.text.includes('bravox-lonely') && history.text.includes('bravox');
  });
  frozen = {
    own: await freeze(ADMIN, 'prod', { note: 'everything' }),
    other: await freeze(ADMIN, 'staging', { note: 'everything' }),
    redacted: await freeze(ADMIN, 'staging', { redact: true }),
  };
}, 60_000);

afterAll(async () => {
  process.stdout.write(matrix.report);
  await server.stop();
  for (const sandbox of sandboxes) await sandbox.close();
  await rm(folder, { recursive: true });
});

describe.each(VIEWERS)('$name', (viewer) => {
  it('sees that, and nothing of the other', async () => {
    const own = seen(await get(viewer, '/api/v1/topology'));
    expect(own.limited).toEqual(viewer === CHIEF ? null : { namespaces: 1, reason: '' });
    expect(own.namespaces).toContain('alfax-ns');
    const answer = await get(viewer, `/api/v1/topology?scope=all&${OTHER}`);
    expect(seen(answer)).toEqual(NOTHING);
    expect(whole.nodes.length).toBeGreaterThan(50);
  });

  it('is told of the other that it is there', async () => {
    for (const asked of ['prod', 'staging']) {
      const answer = await get(viewer, `/api/v1/clusters?cluster=${asked}`);
      const [first, other] = clustersSchema.parse(jsonIn(answer)).clusters;
      expect(first?.limited ?? null).toEqual(viewer === CHIEF ? null : { namespaces: 1, reason: '' });
      expect(other).toMatchObject({ broken: 0, degraded: 0, limited: NOTHING.limited, hosts: [] });
      expect(first?.hosts).toEqual([]);
    }
    const { clusters } = clustersSchema.parse(jsonIn(await get(ADMIN, '/api/v1/clusters?cluster=prod')));
    expect(clusters[1]?.hosts?.map(({ name }) => name)).toContain('shared.example');
  });

  it('finds nothing of the other by guessing', async () => {
    for (const key of [
      `q=${GUESS}`,
      `namespace=${GUESS}-ns`,
      `host=${GUESS}.example`,
      `service=${GUESS}-web`,
    ])
      for (const path of ['topology?scope=all', 'findings?severity=broken'])
        await guess(viewer, `/api/v1/${path}&${key}&${OTHER}`);
    await guess(viewer, `/api/v1/checklist?host=${GUESS}.example&path=/&${OTHER}`);
    for (const key of [
      `host=${GUESS}.example`,
      `service=${GUESS}-ns/${GUESS}-web`,
      `url=${GUESS}.example/crash`,
    ])
      for (const where of ['', `&${OTHER}`]) await guess(viewer, `/go?${key}${where}`);
    expect((await get(ADMIN, '/go?host=bravox.example')).headers).toContain('cluster=staging');
  });

  it('is given no object of the other', async () => {
    const refs = whole.nodes.flatMap(({ ref }) => (ref?.name.includes('bravox') ? [ref] : []));
    expect(refs.length).toBeGreaterThan(20);
    for (const { group, version, resource, namespace, name } of refs.slice(0, 40)) {
      const path = `/api/v1/objects/${group || 'core'}/${version}/${resource}/${namespace || '-'}/${name}`;
      await guess(viewer, `${path.replaceAll('bravox', GUESS)}?${OTHER}`);
    }
  });

  it('is told nothing of the other’s past, nor in its stream', async () => {
    const [now, at] = [0, 1000].map((ms) => new Date(Date.now() - ms).toISOString());
    for (const path of [
      'history',
      `topology?at=${at}`,
      `diff?from=${at}&to=${now}`,
      'marks',
      'findings?impact=risk',
    ])
      await get(viewer, `/api/v1/${path}${path.includes('?') ? '&' : '?'}${OTHER}`);
    const history = jsonIn<{ readonly spans: readonly unknown[] }>(
      await get(viewer, `/api/v1/history?${OTHER}`),
    );
    expect(history.spans).toEqual([]);
    const stream = await openStream(
      `${url}/api/v1/stream?view=a:${encodeURIComponent(`${OTHER}&scope=all`)}`,
      identityOf(viewer),
    );
    await until('a snapshot came', () => stream.client.states.has('a'));
    for (const { data } of stream.client.events) expect(leakIn(data, viewer)).toBe('');
    await stream.close();
  });

  it('is shown no snapshot of the other, whichever cluster is asked', async () => {
    const { id } = frozen.other;
    for (const where of ['', '?cluster=prod', `?${OTHER}`]) {
      const and = where.replace('?', '&');
      expect((await get(ADMIN, `/api/v1/snapshots/${id}${where}`)).status).toBe(200);
      expect((await get(ADMIN, `/api/v1/diff?from=${id}&to=now${and}`)).status).toBe(200);
      for (const part of ['', '/export', '/image.svg', '/image.png'])
        expect((await get(viewer, `/api/v1/snapshots/${id}${part}${where}`)).status, part).toBe(404);
      expect((await get(viewer, `/api/v1/diff?from=${id}&to=now${and}`)).status).toBe(404);
      expect((await get(viewer, `/api/v1/diff?from=now&to=${id}${and}`)).status).toBe(404);
    }
    expect((await get(viewer, `/s/${id}`)).text).toContain('"state":"gone"');
    expect((await get(ADMIN, `/s/${id}`)).text).toContain('"state":"found"');
  });

  it('is shown snapshots of its own cluster, whichever is asked', async () => {
    const own = await freeze(viewer, 'prod', { note: 'mine' });
    for (const where of ['', `?${OTHER}`]) {
      expect((await get(viewer, `/api/v1/snapshots/${own.id}${where}`)).status).toBe(200);
      expect((await get(viewer, `/api/v1/snapshots/${frozen.own.id}${where}`)).status).toBe(
        viewer === CHIEF ? 200 : 404,
      );
    }
  });

  it('is shown of the other what has no names', async () => {
    const { id } = frozen.redacted;
    for (const where of ['', `?${OTHER}`])
      for (const part of ['', '/export', '/image.svg', '/image.png'])
        expect((await get(viewer, `/api/v1/snapshots/${id}${part}${where}`)).status, part).toBe(200);
  });

  it('freezes nothing of the other', async () => {
    const { id } = await freeze(viewer, 'staging');
    const { text } = await get(ADMIN, `/api/v1/snapshots/${id}`);
    expect(leakIn(text, viewer)).toBe('');
  });

  it('marks nothing of the other, and sees no mark', async () => {
    const theirs = whole.findings.filter(({ id }) => leakIn(id, viewer) !== '').slice(0, 5);
    expect(theirs).toHaveLength(5);
    for (const { id } of theirs) {
      const path = `/api/v1/marks/${encodeURIComponent(id)}`;
      const put = async (who: Viewer, note: string, where = `?${OTHER}`) =>
        (
          await matrix.ask(who, {
            method: 'PUT',
            path: `${path}${where}`,
            body: { note },
            headers: FROM_PAGE,
          })
        ).status;
      expect([await put(viewer, 'x'), await put(viewer, 'x', '')]).toEqual([404, 404]);
      expect(await put(ADMIN, `admin says ${id}`)).toBe(200);
      await matrix.ask(viewer, { method: 'DELETE', path: `${path}?${OTHER}`, headers: FROM_PAGE });
      expect((await get(ADMIN, `/api/v1/marks?${OTHER}`)).text).toContain(`admin says ${id}`);
      expect(jsonIn(await get(viewer, `/api/v1/marks?${OTHER}`))).toEqual({ marks: [] });
    }
  });

  it('is given no metrics, which count over both', async () => {
    expect((await get(viewer, '/metrics')).status).toBe(403);
    expect((await get(ADMIN, '/metrics')).text).toContain('cluster="staging"');
  });
});

describe('a cluster that does not say who may see what', () => {
  it('keeps nobody from seeing the other, and shows nothing', async () => {
    const stall = { action: 'stall', forMs: 600_000, match: { path: '/apis/authorization.k8s.io/' } };
    const faults = `${sandboxes[1]?.url}/sandbox/faults`;
    const headers = { 'content-type': 'application/json' };
    expect((await fetch(faults, { method: 'POST', headers, body: JSON.stringify(stall) })).ok).toBe(true);
    // Nobody has asked for somebody with these rights before.
    const newcomer = { ...ADMIN, groups: [...(ADMIN.groups ?? []), 'newcomers'] };
    const { clusters } = clustersSchema.parse(jsonIn(await get(newcomer, '/api/v1/clusters')));
    expect(clusters[0]?.limited).toBeUndefined();
    expect(clusters[1]?.limited).toEqual({
      namespaces: 0,
      reason: 'Your rights could not be asked for: the cluster has not answered yet.',
    });
    expect(clusters[1]).toMatchObject({ broken: 0, hosts: [] });
    expect((await get(newcomer, '/go?host=alfax.example')).headers).toContain('focus=host');
    await fetch(faults, { method: 'DELETE' });
  });
});

describe('a cluster that is not watched any more', () => {
  it('shows its snapshots to nobody who cannot be asked for there, but those without names', async () => {
    await server.stop();
    await start('prod');
    for (const viewer of [TENANT, CHIEF, ADMIN])
      for (const part of ['', '/image.png']) {
        const status = async ({ id }: Made) =>
          (await matrix.ask(viewer, { path: `/api/v1/snapshots/${id}${part}` })).status;
        expect([await status(frozen.other), await status(frozen.redacted)], viewer.name).toEqual([404, 200]);
        expect(await status(frozen.own)).toBe(viewer === TENANT ? 404 : 200);
      }
  });
});
