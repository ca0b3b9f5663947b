import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Ref } from '@/lib/kube/refs';
import type { Topology } from '@/lib/topology/model';
import {
  ADMIN,
  type Answer,
  GUESS,
  identityOf,
  leakIn,
  STRANGER,
  TENANTS,
  topologyIn,
  type Viewer,
} from '@/server/testing/leak-matrix';
import { openStream } from '@/server/testing/open-stream';
import { MARKS } from '@/server/testing/tenants';
import { startTwoTenants, type TwoTenants } from '@/server/testing/two-tenants';

interface Made {
  readonly id: string;
  readonly revokeToken: string;
}

const FROM_PAGE = { 'sec-fetch-site': 'same-origin' };
const FILTERS = [
  '',
  'scope=all',
  'budget=5',
  'budget=20&scope=all',
  'status=broken',
  'q=example',
  'q=shared',
  'class=nginx',
  'host=shared.example',
  'namespace=ingress-nginx',
  'controller=ingress-nginx',
];
const GUESSES = [
  `namespace=${GUESS}-ns`,
  `host=${GUESS}.example`,
  `q=${GUESS}`,
  `service=${GUESS}-web`,
  `class=${GUESS}-class`,
  `controller=${GUESS}-gate`,
  `expand=group:internal/${GUESS}-ns&budget=3`,
];

let world: TwoTenants;
/** Snapshots by who made them. */
const snapshots = new Map<string, Made>();

const get = (viewer: Viewer, path: string) => world.matrix.check(viewer, { path });
const guess = (viewer: Viewer, path: string) => world.matrix.guess(viewer, { path });
const jsonIn = <T>({ bytes }: Answer) => JSON.parse(bytes.toString('utf8')) as T;
const pathOf = ({ group, version, resource, namespace, name }: Ref) =>
  `/api/v1/objects/${group || 'core'}/${version}/${resource}/${namespace || '-'}/${name}`;

beforeAll(async () => {
  world = await startTwoTenants();
}, 120_000);

afterAll(async () => {
  process.stdout.write(world.matrix.report);
  await world.close();
});

describe('the canaries', () => {
  it('are there for who may see everything', async () => {
    const { text } = await world.matrix.ask(ADMIN, { path: '/api/v1/topology?scope=all' });
    for (const mark of MARKS) {
      for (const name of ['image', 'alias', 'outside', 'class', 'lonely', 'no-tls', 'cert'])
        expect(text, name).toContain(`${mark}-${name}`);
      expect(text).toContain(`p-${mark}`);
    }
  });

  it.each(TENANTS.slice(0, 2))('of his own are there for $name', async (viewer) => {
    const own = MARKS.find((mark) => !viewer.hidden.includes(mark)) ?? 'alfax';
    const seen = topologyIn(await world.matrix.ask(viewer, { path: '/api/v1/topology?scope=all' }));
    const ids = ({ nodes }: Topology) =>
      nodes
        .filter(({ namespace }) => namespace === `${own}-ns`)
        .map(({ id }) => id)
        .sort();
    expect(ids(seen)).toEqual(ids(world.whole));
    expect(seen.nodes.some(({ name }) => name === 'hidden')).toBe(true);
    expect(seen.findings.length).toBeGreaterThan(10);
  });
});

describe.each(TENANTS)('$name', (viewer) => {
  it('is shown nothing of others in topologies, now and then', async () => {
    const at = new Date().toISOString();
    for (const filters of FILTERS) {
      const { nodes } = topologyIn(await get(viewer, `/api/v1/topology?${filters}`));
      const groups = nodes.filter(({ kind }) => kind === 'group').slice(0, 3);
      for (const { id } of groups)
        await get(viewer, `/api/v1/topology?${filters}&expand=${encodeURIComponent(id)}`);
      if (!filters.includes('scope')) await get(viewer, `/api/v1/topology?${filters}&at=${at}`);
    }
  });

  it('finds nothing of others by guessing', async () => {
    for (const key of GUESSES) {
      await guess(viewer, `/api/v1/topology?${key}`);
      await guess(viewer, `/api/v1/topology?scope=all&${key}`);
    }
    const ids = world.whole.nodes.filter(({ id }) => id.includes('bravox'));
    expect(ids.length).toBeGreaterThan(30);
    for (const { id } of ids)
      await guess(viewer, `/api/v1/topology?focus=${encodeURIComponent(id.replaceAll('bravox', GUESS))}`);
  });

  it('is shown nothing of others in its stream', async () => {
    const stream = await openStream(`${world.url}/api/v1/stream?scope=all`, identityOf(viewer));
    while (!stream.client.states.has('main')) await new Promise((resolve) => setTimeout(resolve, 5));
    for (const { data } of stream.client.events) expect(leakIn(data, viewer)).toBe('');
    world.matrix.count('GET /api/v1/stream', stream.client.events.length);
    await stream.close();
  });

  it('is shown nothing of others in findings, checklists and history', async () => {
    for (const filters of [
      '',
      'severity=broken',
      'impact=risk',
      'host=shared.example',
      'namespace=ingress-nginx',
    ])
      await get(viewer, `/api/v1/findings?${filters}`);
    for (const key of GUESSES.slice(0, 2)) await guess(viewer, `/api/v1/findings?${key}`);
    const own = MARKS.filter((mark) => !viewer.hidden.includes(mark)).map((mark) => `${mark}.example`);
    for (const host of ['shared.example', '*', ...own])
      for (const path of ['/', '/crash', '/typo'])
        await get(viewer, `/api/v1/checklist?host=${encodeURIComponent(host)}&path=${path}`);
    for (const path of ['/', '/crash', `/${GUESS}-path`])
      await guess(viewer, `/api/v1/checklist?host=${GUESS}.example&path=${path}`);
    for (const path of ['/api/v1/history', '/api/v1/history?limit=3', '/api/v1/marks'])
      await get(viewer, path);
  });

  it('is given no object of others, and not told whether there is one', async () => {
    const refs = world.whole.nodes.flatMap(({ ref }) => ref ?? []);
    const theirs = refs.filter(({ name }) => name.includes('bravox'));
    expect(theirs.length).toBeGreaterThan(20);
    for (const ref of theirs) await guess(viewer, pathOf(ref).replaceAll('bravox', GUESS));
    for (const ref of refs) if (ref.namespace === viewer.namespaces) await get(viewer, pathOf(ref));
    await get(viewer, '/api/v1/objects/core/v1/nodes/-/node-1');
  });

  it('is led to nothing of others', async () => {
    for (const key of [
      'host=MARK.example',
      'url=https://MARK.example/crash',
      'ingress=MARK-ns/MARK-main',
      'service=MARK-ns/MARK-web',
      'pod=MARK-ns/MARK-web-1',
    ])
      await guess(viewer, `/go?${key.replaceAll('MARK', GUESS)}`);
    for (const path of [
      '/go?host=shared.example',
      '/go?url=https://shared.example/',
      '/api/v1/clusters',
      '/api/v1/openapi.json',
      '/healthz',
      '/readyz',
      '/metrics',
      '/api/v1/nothing',
      '/api',
    ])
      await get(viewer, path);
  });

  it('marks nothing of others', async () => {
    const { matrix, whole } = world;
    const theirs = whole.findings.filter(({ id }) => leakIn(id, viewer) !== '').slice(0, 5);
    for (const { id } of theirs) {
      const path = `/api/v1/marks/${encodeURIComponent(id)}`;
      expect(
        (await matrix.ask(viewer, { method: 'PUT', path, body: { note: 'seen' }, headers: FROM_PAGE }))
          .status,
      ).toBe(404);
      await matrix.ask(ADMIN, {
        method: 'PUT',
        path,
        body: { note: `admin says ${id}` },
        headers: FROM_PAGE,
      });
      await matrix.ask(viewer, { method: 'DELETE', path, headers: FROM_PAGE });
      expect((await matrix.ask(ADMIN, { path: '/api/v1/marks' })).text, id).toContain(`admin says ${id}`);
    }
    matrix.count('PUT /api/v1/marks/{finding}', theirs.length);
    matrix.count('DELETE /api/v1/marks/{finding}', theirs.length);
    await get(viewer, '/api/v1/marks');
  });

  it('freezes only what he sees', async () => {
    const body = { note: 'mine', view: 'budget=40' };
    const answer = await world.matrix.check(viewer, { method: 'POST', path: '/api/v1/snapshots', body });
    expect(answer.status).toBe(201);
    const made = jsonIn<Made>(answer);
    snapshots.set(viewer.name, made);
    for (const rest of ['', '/export', '/image.svg', '/image.png', '/image.png?theme=dark&size=wide']) {
      const part = await get(viewer, `/api/v1/snapshots/${made.id}${rest}`);
      expect(part.status, rest).toBe(200);
      expect(part.bytes.length).toBeGreaterThan(500);
    }
    await get(viewer, `/s/${made.id}`);
    await get(viewer, `/api/v1/diff?from=${made.id}&to=now`);
    await get(viewer, `/api/v1/diff?from=${new Date(Date.now() - 1000).toISOString()}&to=now`);
  });
});

describe('snapshots of others', () => {
  const authors = [ADMIN, ...TENANTS].filter(({ namespaces }) => namespaces !== '');

  beforeAll(async () => {
    const body = { note: 'everything', view: 'budget=40' };
    const answer = await world.matrix.ask(ADMIN, { method: 'POST', path: '/api/v1/snapshots', body });
    snapshots.set(ADMIN.name, jsonIn<Made>(answer));
  });

  it.each(authors)('by $name are to who may not see all in them as if there were none', async (author) => {
    const id = snapshots.get(author.name)?.id;
    expect((await world.matrix.ask(ADMIN, { path: `/api/v1/snapshots/${id}` })).status).toBe(200);
    for (const viewer of TENANTS.filter(({ name }) => name !== author.name)) {
      for (const rest of ['', '/export', '/image.svg', '/image.png', '/image.png?size=wide'])
        expect((await get(viewer, `/api/v1/snapshots/${id}${rest}`)).status, `${viewer.name} ${rest}`).toBe(
          404,
        );
      expect((await get(viewer, `/s/${id}`)).text).toContain('"state":"gone"');
      expect((await get(viewer, `/api/v1/diff?from=${id}&to=now`)).status).toBe(404);
    }
  });

  it('are revoked by who has the right, and by nobody else', async () => {
    const { id, revokeToken } = snapshots.get('tenant bravox') ?? { id: '', revokeToken: '' };
    const [alfax = STRANGER, bravox = STRANGER] = TENANTS;
    const revoke = async (viewer: Viewer, token: string) => {
      const headers = { ...FROM_PAGE, authorization: `Bearer ${token}` };
      return (
        await world.matrix.check(viewer, { method: 'DELETE', path: `/api/v1/snapshots/${id}`, headers })
      ).status;
    };
    expect(await revoke(alfax, 'x'.repeat(22))).toBe(403);
    expect(await revoke(bravox, revokeToken)).toBe(204);
  });
});

describe('nobody', () => {
  it('is answered 401 everywhere but where nothing is told of the cluster', async () => {
    const id = snapshots.get(ADMIN.name)?.id;
    for (const path of [
      'topology',
      'stream',
      'findings',
      'checklist?host=alfax.example',
      'clusters',
      'history',
      'diff?from=now',
      'marks',
      'objects/core/v1/services/alfax-ns/alfax-web',
      `snapshots/${id}`,
      `snapshots/${id}/image.png`,
    ])
      expect((await get(STRANGER, `/api/v1/${path}`)).status, path).toBe(401);
    expect((await get(STRANGER, '/metrics')).status).toBe(401);
    await guess(STRANGER, `/go?host=${GUESS}.example`);
    expect((await get(STRANGER, '/go?host=shared.example')).status).toBe(303);
    for (const path of ['/healthz', '/readyz', `/s/${id}`]) await get(STRANGER, path);
  });

  it('is named in metrics, not even to who may see all', async () => {
    const { text } = await get({ ...ADMIN, hidden: MARKS }, '/metrics');
    expect(text).toContain('atlas_findings{');
  });
});

describe('the matrix', () => {
  it('has every operation of the API', async () => {
    const { paths } = jsonIn<{ readonly paths: Readonly<Record<string, object>> }>(
      await world.matrix.ask(ADMIN, { path: '/api/v1/openapi.json' }),
    );
    const methods = /^(get|put|post|patch|delete)$/;
    const all = Object.entries(paths).flatMap(([path, operations]) =>
      Object.keys(operations)
        .filter((method) => methods.test(method))
        .map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(all.length).toBeGreaterThan(12);
    expect(all.filter((operation) => !world.matrix.has(operation))).toEqual([]);
  });
});
