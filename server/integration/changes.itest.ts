/** What changed, over sockets: comparisons, marks of the timeline, marks of people. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Problem, problemSchema } from '@/lib/wire/api';
import { diffSchema, type WireDiff } from '@/lib/wire/diff';
import { historySchema, type WireHistory } from '@/lib/wire/history';
import { markSchema, marksSchema } from '@/lib/wire/marks';
import { snapshotCreatedSchema } from '@/lib/wire/snapshot';
import { type Sandbox, startSandbox } from '@/sandbox/start';
import { type Call, caller } from '@/server/testing/cluster-changes';
import { until } from '@/server/testing/open-stream';
import { serveWhole, type WholeServer } from '@/server/testing/whole-server';

const WEAR = '/apis/apps/v1/namespaces/shop/deployments/wear';
const SERVICE = 'service:shop/wear-service';

let folder: string;
let sandbox: Sandbox;
let server: WholeServer;
let call: Call;
/** Before anything was changed. */
let before: string;
let snapshot: string;

const ask = (path: string, init?: RequestInit) => fetch(`${server.url}${path}`, init);
const diff = async (query: string): Promise<WireDiff> =>
  diffSchema.parse(await (await ask(`/api/v1/diff?${query}`)).json());
const failed = async (path: string, init?: RequestInit): Promise<Problem> =>
  problemSchema.parse(await (await ask(path, init)).json());
const history = async (): Promise<WireHistory> =>
  historySchema.parse(await (await ask('/api/v1/history')).json());
const send = (method: string, value: unknown, headers: Record<string, string> = {}): RequestInit => ({
  method,
  headers: { 'Content-Type': 'application/json', ...headers },
  body: JSON.stringify(value),
});
const nodeOf = (id: string) => server.runtime.hub.read(({ graph }) => graph.nodes.get(id));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ingress-atlas-'));
  sandbox = await startSandbox({ scenario: 'online-store', speed: 50 });
  call = caller(sandbox.url);
  server = await serveWhole({
    NODE_ENV: 'test',
    KUBECONFIG: sandbox.kubeconfig,
    ATLAS_DNS: 'off',
    ATLAS_SECRETS: 'watch',
    DATABASE_URL: `sqlite:${join(folder, 'history.sqlite')}`,
    LOG_LEVEL: 'silent',
  });
  await until('it is recorded', () => server.runtime.recorder.status.state === 'recording');
  await until('wear is ready', async () => ((await nodeOf(SERVICE))?.detail.ready ?? 0) !== 0);
  before = new Date().toISOString();
  const made = await ask('/api/v1/snapshots', send('POST', { note: 'before' }));
  snapshot = snapshotCreatedSchema.parse(await made.json()).id;
  expect(await call('PATCH', `${WEAR}?fieldManager=kubectl-scale`, { spec: { replicas: 0 } })).toBe(200);
  await until('no pod is left', async () => (await nodeOf(SERVICE))?.detail.total === 0);
});
afterAll(async () => {
  await server.close();
  await sandbox.close();
  await rm(folder, { recursive: true });
});

describe('what changed', () => {
  it('since a time: the replicas, and who scaled', async () => {
    const { from, to, nodes, summary, cut } = await diff(`from=${before}`);
    expect([from.kind, from.at, to.kind, cut]).toEqual(['time', before, 'now', false]);
    const service = nodes.find(({ id }) => id === SERVICE);
    expect(service?.change).toBe('changed');
    expect(service?.fields.find(({ path }) => path.endsWith('/wear.replicas'))?.after).toBe(0);
    expect(service?.who).toMatchObject({ manager: 'kubectl-scale', object: 'Deployment shop/wear' });
    expect(summary.nodes.removed).toBeGreaterThan(0);
  });

  it('since a snapshot it is the same, and the other way round the mirror image', async () => {
    const since = await diff(`from=${before}&focus=${SERVICE}`);
    const kept = await diff(`from=${snapshot}&to=now&focus=${SERVICE}`);
    const words = ({ nodes }: WireDiff) => nodes.map(({ change, id }) => `${change} ${id}`).sort();
    expect(kept.from).toMatchObject({ kind: 'snapshot', id: snapshot, exact: true });
    expect(words(kept)).toEqual(words(since));
    const back = await diff(`from=now&to=${before}&focus=${SERVICE}`);
    expect(back.summary.nodes).toEqual({
      ...since.summary.nodes,
      added: since.summary.nodes.removed,
      removed: since.summary.nodes.added,
    });
  });

  it('between a moment and itself there is nothing', async () => {
    for (const end of ['now', before, snapshot]) {
      const { nodes, edges, findings } = await diff(`from=${end}&to=${end}`);
      expect([nodes, edges, findings], end).toEqual([[], [], []]);
    }
  });

  it('in the chain in focus only, and what left the chain but not the cluster is not called removed', async () => {
    const rules = '/apis/networking.k8s.io/v1/namespaces/shop/ingresses/ingress-wear-watch';
    const ingress = (await (await fetch(`${sandbox.url}${rules}`)).json()) as {
      spec: { rules: { http: { paths: { backend: { service: { name: string } } }[] } }[] };
    };
    const start = new Date().toISOString();
    for (const { http } of ingress.spec.rules)
      for (const { backend } of http.paths)
        if (backend.service.name === 'wear-service') backend.service.name = 'watch-service';
    expect(await call('PATCH', `${rules}?fieldManager=argocd`, { spec: ingress.spec })).toBe(200);
    const isMoved = async () =>
      (await diff(`from=${start}`)).nodes.some(({ fields }) => fields.some(({ path }) => path === 'service'));
    await until('the rule leads elsewhere', isMoved);
    const { nodes, edges, focus } = await diff(`from=${start}&focus=${SERVICE}`);
    expect(focus).toBe(SERVICE);
    expect(nodes.filter(({ change, id }) => change === 'removed' && id.startsWith('rule:'))).toEqual([]);
    const rule = nodes.find(({ fields }) => fields.some(({ path }) => path === 'service'));
    expect(rule?.who).toMatchObject({ manager: 'argocd', object: 'Ingress shop/ingress-wear-watch' });
    expect(edges.some(({ change, edge }) => change === 'removed' && edge.target === SERVICE)).toBe(true);
  });

  it.each([
    ['/api/v1/diff', 400, 'from'],
    ['/api/v1/diff?from=yesterday', 400, 'id of a snapshot'],
    ['/api/v1/diff?from=now&to=soon', 400, 'neither a time nor a snapshot'],
    ['/api/v1/diff?from=now&limit=0', 400, '1 to'],
    ['/api/v1/diff?from=now&scope=all', 400, 'entry'],
    ['/api/v1/diff?from=AAAAAAAAAAAAAAAAAAAAAA', 404, 'no such snapshot'],
    ['/api/v1/diff?from=2020-01-01T00:00:00Z', 404, 'There is no topology of'],
    ['/api/v1/diff?from=2100-01-01T00:00:00Z', 404, 'There is no topology of'],
  ])('%s is a problem with status %i', async (path, status, hint) => {
    const problem = await failed(path);
    expect(problem.status).toBe(status);
    expect(problem.detail).toContain(hint);
  });

  it('of a redacted snapshot can be compared with nothing', async () => {
    const made = await ask('/api/v1/snapshots', send('POST', { redact: true }));
    const { id } = snapshotCreatedSchema.parse(await made.json());
    expect(await failed(`/api/v1/diff?from=${id}`)).toMatchObject({ status: 422 });
  });
});

describe('the timeline', () => {
  it('has each change once, before what came of it', async () => {
    await until('the finding is settled', async () =>
      (await history()).events.some(
        ({ type, finding }) => type === 'finding-opened' && finding?.hop === 'endpoints',
      ),
    );
    const { events } = await history();
    const scaled = events.filter(({ change }) => change?.kind === 'replicas');
    expect(scaled).toHaveLength(1);
    expect(scaled[0]?.change).toMatchObject({
      object: 'Deployment shop/wear',
      who: { manager: 'kubectl-scale' },
      nodes: [SERVICE],
    });
    expect(scaled[0]?.detail).toMatch(/^Deployment shop\/wear: replicas: \d → 0$/);
    const opened = events.findIndex(({ type }) => type === 'finding-opened');
    expect(events.findIndex(({ type }) => type === 'change')).toBeLessThan(opened);
  });
});

describe('marks of people', () => {
  const day = () => new Date(Date.now() + 86_400_000).toISOString();
  let id: string;
  let path: string;

  it('are kept for everybody', async () => {
    id = (await server.runtime.hub.read(({ graph }) => [...graph.findings.keys()].sort()[0])) ?? '';
    path = `/api/v1/marks/${encodeURIComponent(id)}`;
    const until = day();
    const put = await ask(path, send('PUT', { until, note: ' we know <b>\u202eit ', fingerprint: 'f' }));
    expect(markSchema.parse(await put.json())).toMatchObject({
      finding: id,
      until,
      note: 'we know <b>\u202eit',
      fingerprint: 'f',
    });
    const list = await ask('/api/v1/marks');
    const tag = list.headers.get('etag') ?? '';
    expect(marksSchema.parse(await list.json()).marks.map(({ finding }) => finding)).toEqual([id]);
    const again = { headers: { 'If-None-Match': tag } };
    expect((await ask('/api/v1/marks', again)).status).toBe(304);
    await ask(path, send('PUT', { note: 'only a note' }));
    const changed = marksSchema.parse(await (await ask('/api/v1/marks', again)).json());
    expect(changed.marks).toMatchObject([{ finding: id, until: null, note: 'only a note' }]);
  });

  it('are taken away', async () => {
    expect((await ask(path, { method: 'DELETE' })).status).toBe(204);
    expect((await ask(path, { method: 'DELETE' })).status).toBe(204);
    expect(marksSchema.parse(await (await ask('/api/v1/marks')).json()).marks).toEqual([]);
  });

  it.each([
    [{}, 'says nothing'],
    [{ note: ' ' }, 'says nothing'],
    [{ note: 'x'.repeat(1001) }, '1000'],
    [{ until: 'tomorrow' }, 'until'],
    [{ until: '2020-01-01T00:00:00Z' }, 'is over'],
    [{ until: '2100-01-01T00:00:00Z' }, '90 days'],
    [{ note: 'x', colour: 'red' }, 'colour'],
    ['text', 'body'],
  ])('%j is refused with what is wrong', async (value, hint) => {
    const problem = await failed(path, send('PUT', value));
    expect(problem.status).toBe(400);
    expect(problem.detail).toContain(hint);
  });

  it('are refused for findings that there are not, for other sites, and for too much', async () => {
    const mark = { note: 'x' };
    expect(await failed('/api/v1/marks/nothing%3AService%2Fa%2Fb', send('PUT', mark))).toMatchObject({
      status: 404,
    });
    expect(await failed('/api/v1/marks/%00', send('PUT', mark))).toMatchObject({ status: 400 });
    const cross = { 'Sec-Fetch-Site': 'cross-site' };
    expect(await failed(path, send('PUT', mark, cross))).toMatchObject({ status: 403 });
    expect(await failed(path, { method: 'DELETE', headers: cross })).toMatchObject({ status: 403 });
    expect(await failed(path, send('PUT', mark, { Origin: 'https://evil.example' }))).toMatchObject({
      status: 403,
    });
    const form = { method: 'PUT', headers: { 'Content-Type': 'text/plain' }, body: '{}' };
    expect(await failed(path, form)).toMatchObject({ status: 415 });
    expect(await failed(path, send('PUT', { note: 'x'.repeat(10_000_000) }))).toMatchObject({ status: 413 });
    expect(await failed(path)).toMatchObject({ status: 405 });
    const many = await Promise.all(Array.from({ length: 60 }, () => ask(path, send('PUT', mark))));
    const limited = many.find(({ status }) => status === 429);
    expect(limited?.headers.get('retry-after')).toMatch(/^\d+$/);
  });
});
