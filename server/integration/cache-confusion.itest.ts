/* What one person's browser, or anything on the way, has kept is never an answer to another. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '@/sandbox/start';
import { ADMIN_TOKEN, addPeople, TENANT_TOKEN } from '@/server/testing/cluster-people';
import { openStream, until } from '@/server/testing/open-stream';
import { seenIn } from '@/server/testing/seen';
import { serveWhole, type WholeServer } from '@/server/testing/whole-server';

let sandbox: Sandbox;
let server: WholeServer;

const as = (token: string, more: Readonly<Record<string, string>> = {}) => ({
  headers: { authorization: `Bearer ${token}`, ...more },
});
const ask = (token: string, path: string, more?: Readonly<Record<string, string>>) =>
  fetch(`${server.url}${path}`, as(token, more));

beforeAll(async () => {
  sandbox = await startSandbox({ scenario: 'online-store-incident', speed: 50 });
  await addPeople(sandbox);
  server = await serveWhole({
    NODE_ENV: 'test',
    KUBECONFIG: sandbox.kubeconfig,
    ATLAS_AUTH: 'kubernetes',
    ATLAS_DNS: 'off',
    LOG_LEVEL: 'silent',
  });
  await until('the cluster is read', () => server.runtime.hub.synced);
});
afterAll(async () => {
  await server.close();
  await sandbox.close();
});

it.each([
  ['admin', ADMIN_TOKEN, 'tenant', TENANT_TOKEN],
  ['tenant', TENANT_TOKEN, 'admin', ADMIN_TOKEN],
])('an ETag of %s is nothing to %s', async (_, first, __, second) => {
  for (const path of ['/api/v1/topology', '/api/v1/topology?namespace=shop', '/api/v1/topology?scope=all']) {
    const kept = (await ask(first, path)).headers.get('etag') ?? '';
    expect((await ask(first, path, { 'if-none-match': kept })).status).toBe(304);
    const other = await ask(second, path, { 'if-none-match': kept });
    expect(other.status, path).toBe(200);
    expect(other.headers.get('etag')).not.toBe(kept);
  }
});

it('a place in the stream of one is no place in that of another: all begins anew', async () => {
  const stream = await openStream(`${server.url}/api/v1/stream`, as(ADMIN_TOKEN).headers);
  await until('a snapshot is there', () => stream.client.states.has('main'));
  const { epoch, version } = stream.client.states.get('main') ?? { epoch: '', version: 0 };
  await stream.close();
  for (const [url, more] of [
    ['/api/v1/stream', { 'last-event-id': `${epoch}.${version}` }],
    [`/api/v1/stream?since=${epoch}.${version}`, {}],
  ] as const) {
    const other = await openStream(`${server.url}${url}`, as(TENANT_TOKEN, more).headers);
    await until('a snapshot is there', () => other.client.states.has('main'));
    expect(other.client.events[0]?.name).toBe('snapshot');
    const text = other.client.events.map(({ data }) => data).join('\n');
    expect(text).toContain('shop');
    expect(text).not.toContain('ops/admin-ui');
    await other.close();
  }
});

it('nothing on the way may keep an answer for everybody, or give it to another', async () => {
  for (const path of [
    'topology',
    'findings',
    'clusters',
    'history',
    'marks',
    'objects/core/v1/services/shop/wear-service',
    'openapi.json',
  ]) {
    const { headers } = await ask(ADMIN_TOKEN, `/api/v1/${path}`);
    expect(headers.get('cache-control'), path).toMatch(/^(no-store|private, no-cache)$/);
    expect(headers.get('vary'), path).toContain('Cookie, Authorization');
  }
});

it('of two who ask the same at the same time each gets his own', async () => {
  const rounds = Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? ADMIN_TOKEN : TENANT_TOKEN));
  const answers = await Promise.all(
    rounds.map(async (token) => seenIn(await (await ask(token, '/api/v1/topology')).text())),
  );
  for (const [index, { limited, namespaces }] of answers.entries()) {
    if (index % 2 === 0) expect([limited, namespaces.includes('ops')]).toEqual([null, true]);
    else expect([limited?.namespaces, namespaces.includes('ops')]).toEqual([1, false]);
  }
});
