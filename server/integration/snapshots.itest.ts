import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseDocument } from '@/lib/snapshot/document';
import { descriptionOf } from '@/lib/snapshot/verdict';
import { problemSchema } from '@/lib/wire/api';
import {
  type SnapshotCreated,
  snapshotCreatedSchema,
  snapshotDocumentSchema,
  snapshotSchema,
} from '@/lib/wire/snapshot';
import { writeKubeconfig } from '@/sandbox/api/kubeconfig';
import { type Sandbox, startSandbox } from '@/sandbox/start';
import { CANARIES, TOKEN, TRACES } from '@/server/testing/canaries';
import { type Call, caller } from '@/server/testing/cluster-changes';
import { until } from '@/server/testing/open-stream';
import { ServerProcess } from '@/server/testing/server-process';

const PUBLIC = 'https://atlas.example';

let folder: string;
let sandbox: Sandbox;
let call: Call;
let server: ServerProcess;
let url: string;
let guessers = 0;

const path = (id: string, rest = '') => `${url}/api/v1/snapshots/${id}${rest}`;

function post(body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${url}/api/v1/snapshots`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

/** Waits where the rate limit says so: these tests make more snapshots than people do. */
async function create(body: unknown): Promise<SnapshotCreated> {
  for (;;) {
    const response = await post(body);
    if (response.status !== 429) {
      expect(response.status).toBe(201);
      return snapshotCreatedSchema.parse(await response.json());
    }
    await new Promise((done) => setTimeout(done, Number(response.headers.get('retry-after')) * 1000));
  }
}

async function problemOf(response: Response, status: number) {
  expect(response.status).toBe(status);
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  return problemSchema.parse(await response.json());
}

async function start(): Promise<void> {
  const kubeconfig = join(folder, 'kubeconfig');
  server = new ServerProcess({
    KUBECONFIG: kubeconfig,
    DATABASE_URL: `sqlite:${join(folder, 'history.sqlite')}`,
    ATLAS_DNS: 'off',
    ATLAS_SECRETS: 'watch',
    ATLAS_PUBLIC_URL: PUBLIC,
    ATLAS_PUBLIC_PREVIEW: 'true',
    // The proxy that says where requests come from.
    ATLAS_PROXY_PEERS: '127.0.0.1',
    LOG_LEVEL: 'trace',
  });
  url = await server.url();
  await until('everything is drawn and kept', async () => {
    const text = await (await fetch(`${url}/api/v1/topology`)).text();
    const ready = await (await fetch(`${url}/readyz`)).text();
    return text.includes('canary.example') && ready.includes('"recording"');
  });
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ingress-atlas-'));
  sandbox = await startSandbox({ scenario: 'online-store', speed: 50 });
  call = caller(sandbox.url);
  for (const [collection, object] of CANARIES) expect(await call('POST', collection, object)).toBe(201);
  await writeKubeconfig(join(folder, 'kubeconfig'), { server: sandbox.url, token: TOKEN });
  await start();
});
afterAll(async () => {
  await server.stop();
  await sandbox.close();
  await rm(folder, { recursive: true });
});

describe('a snapshot', () => {
  it('is as it was seen, also after the cluster and the server have changed', async () => {
    const made = await create({ note: 'Watch is down\nsince the deploy', view: 'namespace=shop&select=x' });
    expect(made.url).toBe(`${PUBLIC}/s/${made.id}`);
    expect(made.imageUrl).toBe(`${PUBLIC}/api/v1/snapshots/${made.id}/image.png`);
    const before = await (await fetch(path(made.id))).text();
    const snapshot = snapshotSchema.parse(JSON.parse(before));
    expect(snapshot).toMatchObject({
      id: made.id,
      note: 'Watch is down\nsince the deploy',
      view: 'namespace=shop&select=x',
      trace: null,
      public: false,
      redacted: false,
    });
    expect(snapshot.topology.nodes.length).toBeGreaterThan(3);
    expect(snapshot.verdict.title).not.toBe('');
    await call('DELETE', '/apis/networking.k8s.io/v1/namespaces/shop/ingresses/canary');
    await server.stop();
    const [, [, ingress]] = [null, CANARIES.at(-1) ?? ['', {}]];
    await call('POST', '/apis/networking.k8s.io/v1/namespaces/shop/ingresses', ingress);
    await start();
    expect(await (await fetch(path(made.id))).text()).toBe(before);
  });

  it('has four pictures, and a drawing and a document to take away', async () => {
    const { id } = await create({ public: true });
    for (const [query, width] of [
      ['', 1200],
      ['?theme=dark', 1200],
      ['?size=wide', 2400],
      ['?size=wide&theme=dark', 2400],
    ] as const) {
      const response = await fetch(path(id, `/image.png${query}`));
      expect(response.status).toBe(200);
      expect(Object.fromEntries(response.headers)).toMatchObject({
        'content-type': 'image/png',
        'x-content-type-options': 'nosniff',
        'cache-control': 'private, max-age=86400, immutable',
        'cross-origin-resource-policy': 'cross-origin',
        'x-robots-tag': 'noindex, nofollow',
      });
      const png = Buffer.from(await response.arrayBuffer());
      expect(png.subarray(1, 4).toString()).toBe('PNG');
      expect(png.readUInt32BE(16)).toBeLessThanOrEqual(width);
      expect(png.length).toBeLessThanOrEqual(300_000);
    }
    const svg = await fetch(path(id, '/image.svg'));
    expect(svg.headers.get('content-type')).toBe('image/svg+xml; charset=utf-8');
    expect(svg.headers.get('content-disposition')).toMatch(
      /^attachment; filename="ingress-atlas-[\w-]+\.svg"$/,
    );
    expect(await svg.text()).toMatch(/^<svg /);
    const file = await fetch(path(id, '/export'));
    expect(file.headers.get('content-disposition')).toMatch(
      /^attachment; filename="ingress-atlas-[\w-]+\.json"$/,
    );
    const text = await file.text();
    expect(text).not.toContain(id);
    expect(parseDocument(text).ok).toBe(true);
    await problemOf(await fetch(path(id, '/image.png?size=huge')), 400);
  });

  it('of a time is what the recorder has kept, or says what is kept', async () => {
    const made = await create({ at: new Date(Date.now() - 300).toISOString() });
    const snapshot = snapshotSchema.parse(await (await fetch(path(made.id))).json());
    expect(snapshot.topology.nodes.length).toBeGreaterThan(3);
    const early = await problemOf(await post({ at: '2001-01-01T00:00:00Z' }), 404);
    expect(early.detail).toContain('Kept is ');
  });

  it('is revoked by who has the right, and then told as one that never was', async () => {
    const { id, revokeToken } = await create({});
    const bearer = (token: string) => ({ method: 'DELETE', headers: { authorization: `Bearer ${token}` } });
    await problemOf(await fetch(path(id), { method: 'DELETE' }), 403);
    await problemOf(await fetch(path(id), bearer('A'.repeat(22))), 403);
    await problemOf(await fetch(path(id), bearer(id)), 403);
    expect((await fetch(path(id))).status).toBe(200);
    const evil = { ...bearer(revokeToken) };
    const cross = { ...evil, headers: { ...evil.headers, origin: 'https://evil.example' } };
    await problemOf(await fetch(path(id), cross), 403);
    expect((await fetch(path(id), bearer(revokeToken))).status).toBe(204);
    const headers = { 'x-request-id': 'one-and-the-same' };
    const after = await problemOf(await fetch(path(id), { headers }), 404);
    expect(await problemOf(await fetch(path('A'.repeat(22)), { headers }), 404)).toEqual(after);
    expect((await fetch(path(id, '/image.png'))).status).toBe(404);
    expect((await fetch(path(id), bearer(revokeToken))).status).toBe(404);
  });

  it('is in the database under hashes only', async () => {
    const { id, revokeToken } = await create({});
    await until('it is written', async () => {
      const files = ['history.sqlite', 'history.sqlite-wal'].map((name) =>
        readFile(join(folder, name)).catch(() => Buffer.alloc(0)),
      );
      const all = Buffer.concat(await Promise.all(files));
      expect(all.includes(id)).toBe(false);
      expect(all.includes(revokeToken)).toBe(false);
      return all.length > 10_000;
    });
  });

  it('holds no canary: not in the document, its drawing, or the log', async () => {
    const { id } = await create({ view: 'scope=all', note: 'look' });
    for (const rest of ['', '/export', '/image.svg', '/image.svg?size=card']) {
      const text = await (await fetch(path(id, rest))).text();
      expect(text.length).toBeGreaterThan(1000);
      expect(
        TRACES.filter((trace) => text.includes(trace)),
        rest,
      ).toEqual([]);
    }
    // What chat programs are shown is made of this and nothing else.
    const tags = descriptionOf(snapshotSchema.parse(await (await fetch(path(id))).json()));
    expect(TRACES.filter((trace) => tags.includes(trace))).toEqual([]);
    expect(TRACES.filter((trace) => server.log.includes(trace))).toEqual([]);
    expect(server.log).not.toContain(id);
  });

  it('with names redacted has none of them, in its drawing neither', async () => {
    const { id } = await create({
      redact: true,
      note: 'canary.example in shop is slow',
      view: 'namespace=shop',
    });
    for (const rest of ['', '/image.svg', '/image.svg?size=card']) {
      const text = await (await fetch(path(id, rest))).text();
      for (const name of ['canary', 'shop', 'my-online-store', 'sandbox', 'wear-service'])
        expect(text, `${name} in ${rest}`).not.toContain(name);
    }
    const snapshot = snapshotSchema.parse(await (await fetch(path(id))).json());
    expect(snapshot.note).toMatch(/^host-\d+\.example in namespace-\d+ is slow$/);
    expect(snapshot.topology.nodes.length).toBeGreaterThan(3);
  });

  it('takes script, RTL and NUL in a note as letters', async () => {
    const note = '<script>alert(1)</script> \u202etxet\u0000 ]]></svg>';
    const { id } = await create({ note });
    const response = await fetch(path(id));
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(snapshotSchema.parse(await response.json()).note).toBe(note);
    const svg = await (await fetch(path(id, '/image.svg?size=card'))).text();
    expect(svg).not.toContain('<script');
    expect(svg).not.toContain('\u202e');
  });
});

describe('what is not allowed', () => {
  it.each([
    ['a field that there is not', { notes: 'x' }, 'notes'],
    ['a note of 4,001 characters', { note: 'x'.repeat(4001) }, 'note'],
    ['an expiry of a minute', { expiresInMs: 60_000 }, 'expiresInMs'],
    ['an expiry of two years', { expiresInMs: 2 * 365 * 86_400_000 }, 'expiresInMs'],
    ['a time in words', { at: 'yesterday' }, 'at'],
    ['a filter that there is not', { view: 'namespaces=shop' }, 'view'],
    ['a status that there is not', { view: 'status=bad' }, 'status'],
    ['no object', [], 'body'],
  ])('%s', async (_, body, parameter) => {
    const { errors } = await problemOf(await post(body), 400);
    expect(errors?.map((error) => error.parameter)).toEqual([parameter]);
  });

  it('what is no JSON, no UTF-8 or no application/json', async () => {
    await problemOf(await post('{'), 400);
    await problemOf(await post({}, { 'content-type': 'text/plain' }), 415);
    await problemOf(await post({}, { 'content-type': 'application/x-www-form-urlencoded' }), 415);
  });

  it('a note of 10 MB', async () => {
    await problemOf(await post({ note: 'x'.repeat(10_000_000) }), 413);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });

  it('other sites', async () => {
    await problemOf(await post({}, { origin: 'https://evil.example' }), 403);
    await problemOf(await post({}, { origin: 'null' }), 403);
    await problemOf(await post({}, { 'sec-fetch-site': 'cross-site' }), 403);
    await problemOf(await post({}, { 'sec-fetch-site': 'none' }), 403);
    await problemOf(await post({ x: 1 }, { origin: PUBLIC, 'sec-fetch-site': 'same-origin' }), 400);
    await problemOf(await post({ x: 1 }, { origin: url }), 400);
  });

  it.each([
    '..%2f..%2fetc%2fpasswd',
    '%2e%2e',
    ':key',
    '*',
    'file',
    "A'OR'1'='1".padEnd(22, 'A'),
    `${'A'.repeat(21)}%00`,
    'A'.repeat(23),
    '%ff'.repeat(8),
  ])('an id of %s', async (id) => {
    // Each from an address of its own: these are guesses, of which nobody has many.
    guessers += 1;
    const headers = { 'x-forwarded-for': `198.51.100.${guessers}` };
    for (const rest of ['', '/image.png', '/image.svg', '/export'])
      expect((await fetch(path(id, rest), { headers })).status).toBe(404);
  });

  it('guessing: after some misses the guesser has to wait, and others do not', async () => {
    const { id } = await create({});
    const from = (address: string) => ({ headers: { 'x-forwarded-for': address } });
    const statuses: number[] = [];
    for (let i = 0; i < 40; i += 1)
      statuses.push((await fetch(path(String(i).padStart(22, 'B')), from('203.0.113.7'))).status);
    expect(statuses.slice(0, 30)).toEqual(Array(30).fill(404));
    expect(statuses.at(-1)).toBe(429);
    expect((await fetch(path(id), from('203.0.113.8'))).status).toBe(200);
  });

  it('more than ten at once', async () => {
    const answers = await Promise.all(Array.from({ length: 14 }, () => post({})));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThanOrEqual(4);
    expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(answers.every(({ status }) => status === 429 || status === 201)).toBe(true);
  });
});

describe('an export', () => {
  it('is whole: what was stored, and nothing else', async () => {
    const { id } = await create({ note: 'kept' });
    const document = snapshotDocumentSchema.parse(await (await fetch(path(id, '/export'))).json());
    const { id: _, ...stored } = snapshotSchema.parse(await (await fetch(path(id))).json());
    expect(document).toEqual(stored);
  });
});
