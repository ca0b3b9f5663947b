import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Atlas } from '@/lib/diagnosis/atlas';
import { factsOf, readFixture } from '@/lib/diagnosis/testing/fixture';
import type { Change } from '@/lib/state/change';
import { hostId, serviceId } from '@/lib/topology/ids';
import { checklistSchema, problemSchema } from '@/lib/wire/api';
import { snapshotCreatedSchema } from '@/lib/wire/snapshot';
import { topologySchema } from '@/lib/wire/topology';
import { Marks } from '@/server/marks/marks';
import { Recorder } from '@/server/recorder/recorder';
import { DEFAULT_RETENTION } from '@/server/recorder/retention';
import { offRecorder } from '@/server/recorder/testing/off';
import { Lines } from '@/server/recorder/testing/recording';
import { noSnapshots, testSnapshots } from '@/server/snapshots/testing/memory-store';
import { StreamServer } from '@/server/stream/stream-server';
import { testHub } from '@/server/testing/fake-engine';
import { ANYBODY } from '@/server/testing/viewers';
import { getChecklist } from './checklist';
import { getClusters } from './clusters';
import type { HttpContext } from './context';
import { getDiff } from './diff';
import { getFindings } from './findings';
import { go } from './go';
import { getHealth, getReadiness } from './health';
import { getHistory } from './history';
import { getMarks } from './marks';
import { getObject } from './objects';
import { ANSWERS, openApi, schemaOf } from './openapi';
import { createSnapshot, getSnapshot } from './snapshots';
import { getTopology } from './topology';

const FIXTURES = join(import.meta.dirname, '../../lib/diagnosis/fixtures');

let context: HttpContext & { readonly streams: StreamServer; readonly recorder: Recorder };
const folder = mkdtempSync(join(tmpdir(), 'atlas-http-'));

beforeAll(async () => {
  const atlas = new Atlas();
  const hub = testHub(atlas, { now: () => Date.parse('2026-01-01T12:00:00Z') });
  const fixture = readFixture(join(FIXTURES, 'healthy-store.yaml'));
  const objects = fixture.objects.map((change): Change => ({ type: 'object', change }));
  hub.change([...objects, ...factsOf(fixture.expect)]);
  hub.markReady();
  while (!hub.synced) await new Promise((done) => setTimeout(done, 2));
  const object = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'store' } };
  const recorder = new Recorder({
    url: `sqlite:${join(folder, 'history.sqlite')}`,
    retention: DEFAULT_RETENTION,
    cluster: 'test',
    log: new Lines(),
  });
  context = {
    hub,
    streams: new StreamServer({ hub, onError: () => undefined }),
    fetchObject: ({ name }) =>
      Promise.resolve(
        name === 'store'
          ? { status: 200, body: object, reason: '' }
          : { status: 404, body: null, reason: 'services "x" not found' },
      ),
    limitedView: false,
    ...noSnapshots(),
    snapshots: testSnapshots(null, {
      sources: {
        freeze: (filters) => hub.frozen(filters),
        at: () => Promise.resolve({ missing: 'off', reason: 'off', oldest: null, newest: null }),
      },
    }),
    recorder,
    marks: new Marks({ store: recorder.marks, isFinding: () => true }),
    metrics: () => Promise.resolve({ contentType: 'text/plain', body: '' }),
  };
  context.recorder.start({ freeze: () => hub.frozen() });
  while (context.recorder.status.state !== 'recording') await new Promise((done) => setTimeout(done, 10));
});

afterAll(async () => {
  context.streams.stop('end');
  context.hub.stop();
  await context.recorder.stop();
  rmSync(folder, { recursive: true });
});

const post = (path: string, body: unknown) =>
  new Request(`http://atlas${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
const ask = (path: string, headers: Record<string, string> = {}) =>
  new Request(`http://atlas${path}`, { headers });

async function problemOf(response: Response) {
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  return problemSchema.parse(await response.json());
}

describe('the topology', () => {
  test('is as the schema says, private, and not to be sniffed', async () => {
    const response = await getTopology(ask('/api/v1/topology'), context);
    const topology = await response.json();
    expect(topologySchema.parse(topology)).toEqual(topology);
    expect(topology.nodes.length).toBeGreaterThan(5);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'cache-control': 'private, no-cache',
      'content-type': 'application/json; charset=utf-8',
      vary: 'Cookie, Authorization, Accept-Encoding',
      'x-content-type-options': 'nosniff',
    });
  });

  test('304 for the same version and view, whatever the order of its filters', async () => {
    const first = await getTopology(ask('/api/v1/topology?namespace=shop&status=ok&status=broken'), context);
    const etag = first.headers.get('etag') ?? '';
    expect(etag).toMatch(/^W\/"epoch1\.\d+\./);
    const same = ask('/api/v1/topology?status=broken&status=ok&namespace=shop', {
      'if-none-match': `"other", ${etag}`,
    });
    const second = await getTopology(same, context);
    expect(second.status).toBe(304);
    expect(second.headers.get('etag')).toBe(etag);
    expect(await second.text()).toBe('');
    const other = await getTopology(
      ask('/api/v1/topology?namespace=other', { 'if-none-match': etag }),
      context,
    );
    expect(other.status).toBe(200);
  });

  test('wrong filters: all of them, with what is allowed', async () => {
    const response = await getTopology(ask('/api/v1/topology?status=red&budget=x&scope=none'), context);
    expect(response.status).toBe(400);
    const { errors, detail } = await problemOf(response);
    expect(errors?.map(({ parameter }) => parameter).sort()).toEqual(['budget', 'scope', 'status']);
    expect(detail).toContain('status="red" is no status (allowed: ok, ');
  });

  test('another cluster is not here', async () => {
    const response = await getTopology(ask('/api/v1/topology?cluster=mars'), context);
    expect(await problemOf(response)).toMatchObject({ status: 400, errors: [{ allowed: ['test'] }] });
    expect((await getTopology(ask('/api/v1/topology?cluster=test'), context)).status).toBe(200);
  });

  test('filters choose chains', async () => {
    const nothing = await (
      await getTopology(ask('/api/v1/topology?host=nowhere.example.com'), context)
    ).json();
    expect(nothing.nodes).toEqual([]);
    const some = await (await getTopology(ask('/api/v1/topology?host=www.example.com'), context)).json();
    expect(some.nodes.map(({ id }: { id: string }) => id)).toContain(hostId('www.example.com'));
  });
});

describe('findings', () => {
  test('unknown severities and impacts are refused', async () => {
    const response = await getFindings(ask('/api/v1/findings?severity=bad&impact=none'), context);
    expect((await problemOf(response)).errors?.map(({ parameter }) => parameter)).toEqual([
      'severity',
      'impact',
    ]);
  });

  test('every filter narrows', async () => {
    const of = async (query: string) =>
      (await (await getFindings(ask(`/api/v1/findings${query}`), context)).json()).findings;
    const all = await of('');
    for (const query of ['?code=no-such-code', '?namespace=nowhere', '?host=nowhere.example.com'])
      expect(await of(query)).toEqual([]);
    expect(await of('?severity=broken&severity=degraded&severity=warning&severity=info')).toEqual(all);
  });
});

describe('objects', () => {
  test('the object, or why not', async () => {
    const found = await getObject(ask('/api/v1/objects/core/v1/services/shop/store'), context);
    expect(await found.json()).toMatchObject({ kind: 'Service' });
    const missing = await getObject(ask('/api/v1/objects/core/v1/services/shop/x'), context);
    expect(await problemOf(missing)).toMatchObject({ status: 404, detail: 'services "x" not found' });
    for (const path of ['core/v1/services/shop', 'core/v1/services/shop/a/b', 'core/v1/services/shop/%zz']) {
      expect((await getObject(ask(`/api/v1/objects/${path}`), context)).status).toBe(404);
    }
  });

  test.each([
    'core/v1/configmaps/shop/store',
    'core/v1/events/shop/store',
    'rbac.authorization.k8s.io/v1/clusterroles/-/store',
    // The right word of another group is another kind.
    'metrics.k8s.io/v1beta1/pods/shop/store',
    'apps/v1/secrets/shop/store',
  ])('%s is no object behind a node: the cluster is not asked', async (path) => {
    const fetchObject = () => Promise.reject(new Error('asked'));
    const response = await getObject(ask(`/api/v1/objects/${path}`), { ...context, fetchObject });
    const { status, detail } = await problemOf(response);
    expect(status).toBe(404);
    expect(detail).toMatch(/allowed: .*ingresses\.networking\.k8s\.io, .*replicasets\.apps, .*services/);
    expect(detail).not.toMatch(/configmaps|events/);
  });

  test.each([
    'core/v1/secrets/shop/store',
    'apps/v1/replicasets/shop/store',
    'networking.k8s.io/v1/ingressclasses/-/store',
    'keda.sh/v1alpha1/scaledobjects/shop/store',
  ])('%s is one', async (path) => {
    expect((await getObject(ask(`/api/v1/objects/${path}`), context)).status).toBe(200);
  });

  test('without a cluster it says so', async () => {
    const response = await getObject(ask('/api/v1/objects/core/v1/services/shop/store'), {
      ...context,
      fetchObject: null,
    });
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('5');
  });
});

describe('the checklist', () => {
  test('eleven questions', async () => {
    const response = await getChecklist(ask('/api/v1/checklist?host=WWW.example.com&path=/'), context);
    const body = await response.json();
    expect(checklistSchema.parse(body)).toEqual(body);
    expect(body.questions).toHaveLength(11);
  });

  test.each(['', '?host=', '?host=a/b', '?host=a&path=b'])('"%s" is refused', async (query) => {
    expect((await getChecklist(ask(`/api/v1/checklist${query}`), context)).status).toBe(400);
  });
});

describe('go', () => {
  const to = async (query: string) => {
    const response = await go(ask(`/go${query}`), context);
    expect(response.status).toBe(302);
    const location = response.headers.get('location') ?? '';
    expect(location).toMatch(/^\/\?(focus|q)=/);
    return Object.fromEntries(new URLSearchParams(location.slice(2)));
  };

  test.each([
    ['?host=WWW.example.com', { focus: hostId('www.example.com'), select: hostId('www.example.com') }],
    ['?service=shop/wear', { focus: serviceId('shop', 'wear'), select: serviceId('shop', 'wear') }],
    ['?host=gone.example.com', { q: 'gone.example.com' }],
    ['?service=shop/gone', { q: 'shop/gone' }],
    ['?pod=nonsense', { q: 'nonsense' }],
    ['?host=//evil.example', { q: '//evil.example' }],
    ['?url=https://evil.example/x', { q: 'evil.example' }],
    ['?url=%0d%0aLocation:evil', { q: 'Location:evil' }],
  ])('%s', async (query, target) => {
    expect(await to(query)).toEqual(target);
  });

  test('a URL and an Ingress lead to a rule', async () => {
    expect((await to('?url=https://www.example.com/wear/shoes')).focus).toMatch(/^rule:/);
    expect((await to('?ingress=shop/store')).focus).toMatch(
      /^rule:Ingress\.networking\.k8s\.io\/shop\/store\//,
    );
  });

  test('nothing asked for is refused', async () => {
    expect((await go(ask('/go'), context)).status).toBe(400);
  });
});

describe('the past', () => {
  const at = '2026-01-01T12:00:00.000Z';

  test('is as it was, whole and in every view', async () => {
    for (const filters of ['', '&namespace=shop', '&budget=8']) {
      const now = await (await getTopology(ask(`/api/v1/topology?${filters.slice(1)}`), context)).json();
      const response = await getTopology(ask(`/api/v1/topology?at=${at}${filters}`), context);
      expect(response.headers.get('cache-control')).toBe('no-store');
      const then = await response.json();
      expect(schemaOf('Topology').parse(then)).toEqual(then);
      const { recorded, ...topology } = then;
      expect(recorded).toEqual({ at, exact: true, gap: null });
      for (const key of ['nodes', 'edges', 'findings']) topology[key].sort(byId);
      for (const key of ['nodes', 'edges', 'findings']) now[key].sort(byId);
      expect(topology).toEqual(now);
    }
  });

  test('says what is kept where nothing is', async () => {
    const before = await problemOf(
      await getTopology(ask('/api/v1/topology?at=2025-12-31T00:00:00Z'), context),
    );
    expect(before).toMatchObject({ status: 404, title: 'Not recorded' });
    expect(before.detail).toContain(`reaches from ${at}`);
    const ahead = await problemOf(
      await getTopology(ask('/api/v1/topology?at=2999-01-01T00:00:00Z'), context),
    );
    expect(ahead).toMatchObject({ status: 404 });
  });

  test.each([
    '/api/v1/topology?at=yesterday',
    '/api/v1/topology?at=2026-13-01T00:00:00Z',
    '/api/v1/topology?at=2026-01-01',
    `/api/v1/topology?at=${at}&scope=all`,
    `/api/v1/topology?at=${at}&cluster=other`,
  ])('%s is refused', async (path) => {
    expect(await problemOf(await getTopology(ask(path), context))).toMatchObject({ status: 400 });
  });

  test.each(['from=x', 'to=1', 'limit=0', 'limit=999999', `from=${at}&to=2025-01-01T00:00:00Z`])(
    'history with %s is refused',
    async (query) => {
      expect(await problemOf(await getHistory(ask(`/api/v1/history?${query}`), context))).toMatchObject({
        status: 400,
      });
    },
  );

  test('is 503 also where the error comes from another copy of its module, as Next makes them', async () => {
    const error = Object.assign(new Error('the disk is full'), { name: 'RecorderUnavailable' });
    const down = {
      ...context,
      recorder: Object.assign(offRecorder(), { history: () => Promise.reject(error) }),
    };
    expect(await problemOf(await getHistory(ask('/api/v1/history'), down))).toMatchObject({
      status: 503,
      detail: 'the disk is full',
    });
  });

  test('is 503 or 404 with the reason where nothing is recorded', async () => {
    const off = { ...context, recorder: offRecorder() };
    expect(await problemOf(await getHistory(ask('/api/v1/history'), off))).toMatchObject({
      status: 503,
      detail: 'DATABASE_URL=off',
    });
    const topology = await problemOf(await getTopology(ask(`/api/v1/topology?at=${at}`), off));
    expect(topology).toMatchObject({ status: 404 });
    expect(topology.detail).toContain('DATABASE_URL=off');
  });
});

const byId = (a: { readonly id: string }, b: { readonly id: string }) => (a.id < b.id ? -1 : 1);

describe('OpenAPI', () => {
  const CALLS: Readonly<Record<string, () => Response | Promise<Response>>> = {
    '/api/v1/topology': () => getTopology(ask('/api/v1/topology?budget=8'), context),
    '/api/v1/history': () =>
      getHistory(ask('/api/v1/history?from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z'), context),
    '/api/v1/findings': () => getFindings(ask('/api/v1/findings'), context),
    '/api/v1/checklist': () => getChecklist(ask('/api/v1/checklist?host=www.example.com'), context),
    '/api/v1/objects/{group}/{version}/{resource}/{namespace}/{name}': () =>
      getObject(ask('/api/v1/objects/core/v1/services/shop/store'), context),
    '/api/v1/snapshots/{id}': async () => {
      const made = await createSnapshot(
        post('/api/v1/snapshots', { note: 'Before the deploy' }),
        context,
        ANYBODY,
      );
      const { id } = snapshotCreatedSchema.parse(await made.json());
      return await getSnapshot(ask(`/api/v1/snapshots/${id}`), context);
    },
    '/healthz': getHealth,
    '/readyz': () => getReadiness(context),
    '/api/v1/diff': () => getDiff(ask(`/api/v1/diff?from=${new Date().toISOString()}`), context),
    '/api/v1/clusters': () => getClusters(ask('/api/v1/clusters'), context),
    '/api/v1/marks': () => getMarks(ask('/api/v1/marks'), context),
  };

  test.each(Object.entries(ANSWERS))(
    '%s answers what its schema says, and no field beside',
    async (path, schema) => {
      const response = await CALLS[path]?.();
      expect(response?.status).toBe(200);
      const body = await response?.json();
      expect(schemaOf(schema).parse(body)).toEqual(body);
    },
  );

  test('the document is JSON, complete, and every reference leads somewhere', () => {
    const document = JSON.parse(JSON.stringify(openApi()));
    expect(document.openapi).toBe('3.1.0');
    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining([...Object.keys(ANSWERS), '/api/v1/stream', '/go']),
    );
    // What is sent must have no field beside; what is answered may.
    for (const name of ['CreateSnapshot', 'PutMark']) {
      expect(document.components.schemas[name].additionalProperties).toBe(false);
      delete document.components.schemas[name].additionalProperties;
    }
    const text = JSON.stringify(document);
    const references = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map((match) => match[1] ?? '');
    expect(references.length).toBeGreaterThan(10);
    for (const reference of references) {
      const name = reference.replace('#/components/schemas/', '');
      expect(Object.keys(document.components.schemas)).toContain(name);
    }
    expect(text).not.toContain('"additionalProperties":false');
  });
});
