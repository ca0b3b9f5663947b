import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Topology } from '@/lib/topology/model';
import { writeKubeconfig } from '@/sandbox/api/kubeconfig';
import { CertificateAuthority } from '@/sandbox/controllers/certificates';
import { type Sandbox, startSandbox } from '@/sandbox/start';
import { type Call, caller } from '@/server/testing/cluster-changes';
import { NAMESPACES_HEADER } from '@/server/testing/header-viewing';
import { type OpenStream, openStream, until } from '@/server/testing/open-stream';
import { ServerProcess } from '@/server/testing/server-process';
import { MARKS, type Mark, tenantLines, tenantObjects, tenantRecords } from '@/server/testing/tenants';

/** Nobody is called so: what is answered to a guess of this must be what is answered to a right guess. */
const NOBODY = 'zulux';
const MARK = 'MARK';

interface Viewer {
  readonly name: string;
  /** null: says nothing of himself. */
  readonly namespaces: string | null;
  /** What must not be in any answer to him. */
  readonly hidden: readonly Mark[];
}

const TENANTS: readonly Viewer[] = [
  { name: 'tenant alfax', namespaces: 'alfax-ns', hidden: ['bravox'] },
  { name: 'tenant bravox', namespaces: 'bravox-ns', hidden: ['alfax'] },
  { name: 'who sees only the shared controller', namespaces: 'ingress-nginx', hidden: MARKS },
  { name: 'who sees nothing', namespaces: '', hidden: MARKS },
];
const ADMIN: Viewer = { name: 'admin', namespaces: '*', hidden: [] };
const STRANGER: Viewer = { name: 'nobody', namespaces: null, hidden: MARKS };

interface Ask {
  readonly method?: string;
  readonly path: string;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

let folder: string;
let sandbox: Sandbox;
let call: Call;
let server: ServerProcess;
let url: string;
let whole: Topology;
/** Ids of snapshots by who made them. */
const snapshots = new Map<string, { readonly id: string; readonly revokeToken: string }>();
/** `METHOD path of the OpenAPI document` that has been tried. */
const tried = new Map<string, number>();
let answers = 0;

async function ask(viewer: Viewer, { method = 'GET', path, body, headers = {} }: Ask) {
  const response = await fetch(`${url}${path}`, {
    method,
    redirect: 'manual',
    headers: {
      ...(viewer.namespaces === null ? {} : { [NAMESPACES_HEADER]: viewer.namespaces }),
      ...(body ? { 'content-type': 'application/json' } : {}),
      ...headers,
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  answers += 1;
  const bytes = Buffer.from(await response.arrayBuffer());
  // As text in both ways: names could stand in a picture's text chunks in either.
  const text = `${bytes.toString('utf8')}\n${bytes.toString('latin1')}`;
  return { status: response.status, bytes, text, headers: [...response.headers].join('\n') };
}

function template(path: string): string {
  const bare = path.split('?', 1)[0] ?? '';
  if (bare.startsWith('/api/v1/objects/'))
    return '/api/v1/objects/{group}/{version}/{resource}/{namespace}/{name}';
  if (bare.startsWith('/api/v1/marks/')) return '/api/v1/marks/{finding}';
  return bare.replace(/^(\/api\/v1\/snapshots\/)[^/]+/, '$1{id}');
}

/** Asks and looks for what must not be there. */
async function check(viewer: Viewer, request: Ask) {
  const key = `${request.method ?? 'GET'} ${template(request.path)}`;
  tried.set(key, (tried.get(key) ?? 0) + 1);
  const answer = await ask(viewer, request);
  const found = viewer.hidden.filter((mark) =>
    `${answer.headers}\n${answer.text}`.toLowerCase().includes(mark),
  );
  const where = `${viewer.name}: ${key} ${request.path}`;
  expect(found.length === 0 ? [] : [where, around(answer.text, found[0] ?? '')], where).toEqual([]);
  expect(answer.status, where).toBeLessThan(500);
  return answer;
}

function around(text: string, mark: string): string {
  const at = text.toLowerCase().indexOf(mark);
  return text.slice(Math.max(0, at - 400), at + 200);
}

/** A guess at what is hidden is answered like one at what there is not. `MARK` stands for what is guessed. */
async function checkGuess(viewer: Viewer, request: Ask): Promise<void> {
  const key = `${request.method ?? 'GET'} ${template(request.path)}`;
  const as = (mark: string): Ask => JSON.parse(JSON.stringify(request).replaceAll(MARK, mark)) as Ask;
  const settled = ({ status, text, headers }: Awaited<ReturnType<typeof ask>>, mark: string) =>
    `${status}\n${headers}\n${text}`
      .replaceAll(mark, MARK)
      .replace(/etag,.*|"(takenAt|at|createdAt)":"[^"]*"|"version":\d+|date,.*|content-length,.*/g, '')
      .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME');
  for (const mark of viewer.hidden) {
    tried.set(key, (tried.get(key) ?? 0) + 1);
    let pair = ['', ''];
    // The cluster goes on meanwhile: only two answers between which nothing has changed can be compared.
    for (let n = 0; n < 8; n++) {
      const nonsense = settled(await ask(viewer, as(NOBODY)), NOBODY);
      pair = [settled(await ask(viewer, as(mark)), mark), nonsense];
      if (pair[0] === pair[1]) break;
      const again = settled(await ask(viewer, as(NOBODY)), NOBODY);
      if (again === nonsense) break;
    }
    expect(pair[0], `${viewer.name}: ${as(mark).path}`).toBe(pair[1]);
  }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ingress-atlas-'));
  sandbox = await startSandbox({ scenario: 'online-store', speed: 50 });
  call = caller(sandbox.url);
  const authority = await CertificateAuthority.create();
  for (const mark of MARKS) {
    await call('POST', '/sandbox/dns', { records: tenantRecords(mark) });
    const tls = await authority.issue([`${mark}.example`, `${mark}-cert.example`]);
    for (const [collection, object] of tenantObjects(mark, tls))
      expect(await call('POST', collection, object), JSON.stringify(object)).toBe(201);
  }
  const kubeconfig = join(folder, 'kubeconfig');
  await writeKubeconfig(kubeconfig, { server: sandbox.url });
  server = new ServerProcess(
    {
      KUBECONFIG: kubeconfig,
      ATLAS_DNS_SERVERS: sandbox.dns.join(','),
      ATLAS_SECRETS: 'watch',
      DATABASE_URL: `sqlite:${join(folder, 'history.sqlite')}`,
      LOG_LEVEL: 'trace',
    },
    { believesHeader: true },
  );
  url = await server.url();
  await until('both tenants are drawn, and ail', async () => {
    const { status, bytes } = await ask(ADMIN, { path: '/api/v1/topology?scope=all' });
    if (status !== 200) return false;
    whole = JSON.parse(bytes.toString('utf8')) as Topology;
    return MARKS.every(
      (mark) =>
        whole.nodes.some(({ id }) => id === `service:${mark}-ns/${mark}-lonely`) &&
        whole.findings.some(({ id }) => id.includes(mark) && id.startsWith('pod-')),
    );
  });
  const logs = whole.nodes.find(
    ({ kind, namespace }) => kind === 'pod' && namespace === 'ingress-nginx',
  )?.name;
  for (const mark of MARKS)
    await call('POST', '/sandbox/pods/log', {
      namespace: 'ingress-nginx',
      pod: logs ?? 'none',
      lines: tenantLines(mark),
    });
  await until('the recorder records', async () =>
    (await ask(ADMIN, { path: '/readyz' })).text.includes('"state":"recording"'),
  );
}, 120_000);

afterAll(async () => {
  await server?.stop();
  await sandbox?.close();
  await rm(folder, { recursive: true });
  const sum = [...tried.values()].reduce((a, b) => a + b, 0);
  process.stdout.write(`leak matrix: ${tried.size} operations, ${sum} checks, ${answers} answers read`);
  for (const [key, count] of [...tried].sort())
    process.stdout.write(`  ${String(count).padStart(5)}  ${key}`);
});

describe('the canaries', () => {
  it('are there for who may see everything', async () => {
    const { text } = await ask(ADMIN, { path: '/api/v1/topology?scope=all' });
    for (const mark of MARKS) {
      for (const name of ['image', 'alias', 'outside', 'class', 'lonely', 'no-tls', 'cert'])
        expect(text, name).toContain(`${mark}-${name}`);
      expect(text).toContain(`p-${mark}`);
    }
  });

  it.each(TENANTS.slice(0, 2))('of his own are there for $name', async (viewer) => {
    const own = MARKS.find((mark) => !viewer.hidden.includes(mark)) ?? 'alfax';
    const { text } = await ask(viewer, { path: '/api/v1/topology?scope=all' });
    const seen = JSON.parse(text.split('\n', 1)[0] ?? '') as Topology;
    const ids = (topology: Topology) =>
      topology.nodes
        .filter(({ namespace, kind }) => namespace === `${own}-ns` && kind !== 'group')
        .map(({ id }) => id);
    expect(ids(seen).sort()).toEqual(ids(whole).sort());
    expect(seen.nodes.some(({ name }) => name === 'hidden')).toBe(true);
    expect(seen.findings.length).toBeGreaterThan(10);
  });
});

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

describe.each(TENANTS)('$name', (viewer) => {
  it('is shown nothing of others in topologies, now and then', async () => {
    const at = new Date().toISOString();
    for (const filters of FILTERS) {
      const { bytes } = await check(viewer, { path: `/api/v1/topology?${filters}` });
      const groups = (JSON.parse(bytes.toString('utf8')) as Topology).nodes.filter(
        ({ kind }) => kind === 'group',
      );
      for (const { id } of groups.slice(0, 3))
        await check(viewer, { path: `/api/v1/topology?${filters}&expand=${encodeURIComponent(id)}` });
      if (!filters.includes('scope')) await check(viewer, { path: `/api/v1/topology?${filters}&at=${at}` });
    }
  });

  it('finds nothing of others by guessing', async () => {
    for (const key of [
      'namespace=MARK-ns',
      'host=MARK.example',
      'q=MARK',
      'service=MARK-web',
      'class=MARK-class',
      'controller=MARK-gate',
      'expand=group:internal/MARK-ns&scope=all&budget=3',
    ])
      for (const more of ['', '&scope=all'])
        await checkGuess(viewer, { path: `/api/v1/topology?${key}${more}` });
    const ids = whole.nodes
      .filter(({ id }) => id.includes('bravox'))
      .map(({ id }) => id.replaceAll('bravox', MARK));
    expect(ids.length).toBeGreaterThan(30);
    for (const id of ids)
      await checkGuess(viewer, { path: `/api/v1/topology?focus=${encodeURIComponent(id)}` });
  });

  it('is shown nothing of others in findings, checklists and history', async () => {
    for (const filters of [
      '',
      'severity=broken',
      'impact=risk',
      'host=shared.example',
      'namespace=ingress-nginx',
    ])
      await check(viewer, { path: `/api/v1/findings?${filters}` });
    for (const key of ['namespace=MARK-ns', 'host=MARK.example'])
      await checkGuess(viewer, { path: `/api/v1/findings?${key}` });
    for (const host of ['shared.example', '*', 'alfax.example', 'bravox.example'].filter(
      (name) => !viewer.hidden.some((mark) => name.includes(mark)),
    ))
      for (const path of ['/', '/crash', '/typo'])
        await check(viewer, { path: `/api/v1/checklist?host=${encodeURIComponent(host)}&path=${path}` });
    for (const path of ['/', '/crash', '/MARK-path'])
      await checkGuess(viewer, { path: `/api/v1/checklist?host=MARK.example&path=${path}` });
    await check(viewer, { path: '/api/v1/history' });
    await check(viewer, { path: '/api/v1/history?limit=3' });
    await check(viewer, { path: '/api/v1/marks' });
  });

  it('is given no object of others, and not told whether there is one', async () => {
    const refs = whole.nodes.flatMap(({ ref }) => (ref?.name.includes('bravox') ? ref : []));
    expect(refs.length).toBeGreaterThan(20);
    for (const { group, version, resource, namespace, name } of refs) {
      const path = `/api/v1/objects/${group || 'core'}/${version}/${resource}/${namespace || '-'}/${name}`;
      await checkGuess(viewer, { path: path.replaceAll('bravox', MARK) });
    }
    const own = whole.nodes.flatMap(({ ref }) => (ref && ref.namespace === viewer.namespaces ? ref : []));
    for (const { group, version, resource, namespace, name } of own)
      await check(viewer, {
        path: `/api/v1/objects/${group || 'core'}/${version}/${resource}/${namespace || '-'}/${name}`,
      });
    await check(viewer, { path: '/api/v1/objects/core/v1/nodes/-/node-1' });
  });

  it('is led to nothing of others', async () => {
    for (const key of [
      'host=MARK.example',
      'url=https://MARK.example/crash',
      'ingress=MARK-ns/MARK-main',
      'service=MARK-ns/MARK-web',
      'pod=MARK-ns/MARK-web-1',
    ])
      await checkGuess(viewer, { path: `/go?${key}` });
    await check(viewer, { path: '/go?host=shared.example' });
    await check(viewer, { path: '/go?url=https://shared.example/' });
    for (const path of ['/api/v1/openapi.json', '/healthz', '/readyz', '/metrics', '/api/v1/nothing', '/api'])
      await check(viewer, { path });
  });

  it('marks nothing of others', async () => {
    const theirs = whole.findings
      .filter(({ id }) => viewer.hidden.some((mark) => id.includes(mark)))
      .slice(0, 5);
    const body = { note: 'seen' };
    const headers = { 'sec-fetch-site': 'same-origin' };
    for (const { id } of theirs) {
      const path = `/api/v1/marks/${encodeURIComponent(id)}`;
      const { status } = await ask(viewer, { method: 'PUT', path, body, headers });
      expect(status, id).toBe(404);
      await ask(ADMIN, { method: 'PUT', path, body: { note: `admin says ${id}` }, headers });
      await ask(viewer, { method: 'DELETE', path, headers });
      expect((await ask(ADMIN, { path: '/api/v1/marks' })).text, id).toContain(`admin says ${id}`);
      tried.set('PUT /api/v1/marks/{finding}', (tried.get('PUT /api/v1/marks/{finding}') ?? 0) + 1);
      tried.set('DELETE /api/v1/marks/{finding}', (tried.get('DELETE /api/v1/marks/{finding}') ?? 0) + 1);
    }
    await check(viewer, { path: '/api/v1/marks' });
  });

  it('freezes only what he sees', async () => {
    const view = new URLSearchParams({ budget: '40' }).toString();
    const { status, bytes } = await check(viewer, {
      method: 'POST',
      path: '/api/v1/snapshots',
      body: { note: 'mine', view },
    });
    expect(status).toBe(201);
    const made = JSON.parse(bytes.toString('utf8')) as { id: string; revokeToken: string };
    snapshots.set(viewer.name, made);
    for (const rest of ['', '/export', '/image.svg', '/image.png', '/image.png?theme=dark&size=wide']) {
      const answer = await check(viewer, { path: `/api/v1/snapshots/${made.id}${rest}` });
      expect(answer.status, rest).toBe(200);
      expect(answer.bytes.length).toBeGreaterThan(500);
    }
    await check(viewer, { path: `/s/${made.id}` });
    await check(viewer, { path: `/api/v1/diff?from=${made.id}&to=now` });
    await check(viewer, { path: `/api/v1/diff?from=${new Date(Date.now() - 1000).toISOString()}&to=now` });
  });
});

describe('snapshots of others', () => {
  it('are to who may not see all in them as if there were none', async () => {
    const { bytes } = await ask(ADMIN, {
      method: 'POST',
      path: '/api/v1/snapshots',
      body: { note: 'everything', view: 'budget=40' },
    });
    snapshots.set(ADMIN.name, JSON.parse(bytes.toString('utf8')) as { id: string; revokeToken: string });
    for (const viewer of TENANTS)
      for (const [author, { id }] of snapshots) {
        if (author === viewer.name || author === 'who sees nothing') continue;
        for (const rest of ['', '/export', '/image.svg', '/image.png', '/image.png?size=wide']) {
          const { status } = await check(viewer, { path: `/api/v1/snapshots/${id}${rest}` });
          expect(status, `${viewer.name} at that of ${author}`).toBe(404);
        }
        expect((await check(viewer, { path: `/s/${id}` })).text).toContain('"state":"gone"');
        expect((await check(viewer, { path: `/api/v1/diff?from=${id}&to=now` })).status).toBe(404);
      }
    for (const { id } of snapshots.values())
      expect((await ask(ADMIN, { path: `/api/v1/snapshots/${id}` })).status).toBe(200);
  });

  it('are revoked by who has the right, and by nobody else', async () => {
    const made = snapshots.get('tenant bravox');
    const path = `/api/v1/snapshots/${made?.id}`;
    const [alfax, bravox] = TENANTS;
    if (!alfax || !bravox || !made) throw new Error('no tenants');
    const headers = { 'sec-fetch-site': 'same-origin' };
    expect(
      (
        await check(alfax, {
          method: 'DELETE',
          path,
          headers: { ...headers, authorization: `Bearer ${'x'.repeat(22)}` },
        })
      ).status,
    ).toBe(403);
    expect(
      (
        await check(bravox, {
          method: 'DELETE',
          path,
          headers: { ...headers, authorization: `Bearer ${made.revokeToken}` },
        })
      ).status,
    ).toBe(204);
  });
});

describe('streams', () => {
  it('tell nothing of others, whatever others do', async () => {
    const views = ['scope=all', '', 'budget=5', 'host=shared.example'].map(
      (filters, index) => `view=v${index}:${encodeURIComponent(filters)}`,
    );
    const open: (readonly [Viewer, OpenStream])[] = [];
    for (const viewer of TENANTS)
      open.push([
        viewer,
        await openStream(`${url}/api/v1/stream?${views.join('&')}`, {
          [NAMESPACES_HEADER]: viewer.namespaces ?? '',
        }),
      ]);
    for (let round = 0; round < 6; round++)
      for (const mark of MARKS) {
        const ns = `${mark}-ns`;
        const services = `/api/v1/namespaces/${ns}/services`;
        await call('PATCH', `/apis/apps/v1/namespaces/${ns}/deployments/${mark}-web`, {
          spec: { replicas: round % 3 },
        });
        await call('PATCH', `${services}/${mark}-typo`, {
          spec: { selector: { app: `${mark}-${round % 2 ? 'web' : 'nobody'}` } },
        });
        await call('PATCH', `/apis/networking.k8s.io/v1/namespaces/${ns}/ingresses/${mark}-shared`, {
          spec: { ingressClassName: round % 2 ? 'nginx' : `${mark}-absent` },
        });
        await call(round % 2 ? 'POST' : 'DELETE', round % 2 ? services : `${services}/${mark}-port`, {
          apiVersion: 'v1',
          kind: 'Service',
          metadata: { name: `${mark}-port`, namespace: ns },
          spec: {
            selector: { app: `${mark}-web` },
            ports: [{ name: `q-${mark}`, port: 80, targetPort: 8080 }],
          },
        });
        // The controller that all share goes down and comes back.
        await call('PATCH', '/apis/apps/v1/namespaces/ingress-nginx/deployments/ingress-nginx-controller', {
          spec: { replicas: round % 2 },
        });
        await new Promise((resolve) => setTimeout(resolve, 300));
      }
    for (const [viewer, stream] of open.slice(0, 2)) {
      const own = MARKS.find((mark) => !viewer.hidden.includes(mark));
      await until(`${viewer.name} is told of his own changes`, () => {
        const deltas = stream.client.events.filter(({ name }) => name === 'delta');
        return deltas.length > 5 && deltas.some(({ data }) => data.includes(`${own}-web`));
      });
    }
    let events = 0;
    for (const [viewer, stream] of open) {
      expect(stream.client.resyncs).toEqual([]);
      for (const { name, data } of stream.client.events) {
        events++;
        const found = viewer.hidden.filter((mark) => data.toLowerCase().includes(mark));
        expect(found.length === 0 ? '' : around(data, found[0] ?? ''), `${viewer.name}: ${name}`).toBe('');
      }
      await stream.close();
    }
    process.stdout.write(
      `leak matrix: ${events} events of ${open.length} streams with ${views.length} views each`,
    );
    tried.set('GET /api/v1/stream', events);
    // What has happened meanwhile is kept, and told to nobody whom it does not concern.
    for (const viewer of TENANTS) {
      const { bytes } = await check(viewer, { path: '/api/v1/history' });
      if (viewer.namespaces?.endsWith('x-ns'))
        expect((JSON.parse(bytes.toString('utf8')) as { events: unknown[] }).events.length).toBeGreaterThan(
          5,
        );
      await check(viewer, { path: `/api/v1/topology?at=${new Date(Date.now() - 1500).toISOString()}` });
      await check(viewer, { path: `/api/v1/diff?from=${new Date(Date.now() - 2500).toISOString()}` });
    }
  }, 60_000);
});

describe('nobody', () => {
  it('is answered 401 everywhere but where nothing is told of the cluster', async () => {
    for (const path of [
      '/api/v1/topology',
      '/api/v1/stream',
      '/api/v1/findings',
      '/api/v1/checklist?host=alfax.example',
      '/api/v1/history',
      '/api/v1/diff?from=now',
      '/api/v1/marks',
      '/api/v1/objects/core/v1/services/alfax-ns/alfax-web',
      `/api/v1/snapshots/${snapshots.get('admin')?.id}`,
      `/api/v1/snapshots/${snapshots.get('admin')?.id}/image.png`,
      '/go?host=alfax.example',
      '/metrics',
    ])
      expect((await check(STRANGER, { path })).status, path).toBe(401);
    for (const path of ['/healthz', '/readyz', `/s/${snapshots.get('admin')?.id}`])
      await check(STRANGER, { path });
  });
});

describe('the matrix', () => {
  it('has every operation of the API', async () => {
    const { bytes } = await ask(ADMIN, { path: '/api/v1/openapi.json' });
    const { paths } = JSON.parse(bytes.toString('utf8')) as { paths: Readonly<Record<string, object>> };
    const all = Object.entries(paths).flatMap(([path, operations]) =>
      Object.keys(operations)
        .filter((method) => /^(get|put|post|patch|delete)$/.test(method))
        .map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(all.length).toBeGreaterThan(12);
    expect(all.filter((operation) => !tried.has(operation))).toEqual([]);
  });

  it('finds no name of a tenant in the log of the process', () => {
    expect(server.log).toContain('cluster sandbox');
    for (const mark of MARKS)
      expect(server.log.includes(mark) ? around(server.log, mark) : '', mark).toBe('');
  });
});
