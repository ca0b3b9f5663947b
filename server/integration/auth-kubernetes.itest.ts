import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeKubeconfig } from '@/sandbox/api/kubeconfig';
import { type Sandbox, startSandbox } from '@/sandbox/start';
import { Browser } from '@/server/testing/browser';
import { ADMIN_TOKEN, addPeople, TENANT_TOKEN } from '@/server/testing/cluster-people';
import { openStream, until } from '@/server/testing/open-stream';
import { type RecordingProxy, startRecordingProxy } from '@/server/testing/recording-proxy';
import { seenIn } from '@/server/testing/seen';
import { ServerProcess } from '@/server/testing/server-process';

/** A proxy in front tells people's addresses apart: each may try a few times. */
const BEHIND_PROXY = { ATLAS_PROXY_PEERS: '127.0.0.1' };
let folder: string;
let sandbox: Sandbox;
let proxy: RecordingProxy;
const servers: ServerProcess[] = [];
let server: ServerProcess;
let url: string;

/** A dashboard of its own: tries to sign in are counted by each. */
async function started(
  env: Readonly<Record<string, string>> = {},
): Promise<{ url: string; server: ServerProcess }> {
  const one = new ServerProcess({
    KUBECONFIG: join(folder, 'kubeconfig'),
    ATLAS_AUTH: 'kubernetes',
    ATLAS_DNS: 'off',
    DATABASE_URL: `sqlite:${join(folder, `history-${servers.length}.sqlite`)}`,
    ...env,
  });
  servers.push(one);
  return { url: await one.url(), server: one };
}

async function signedIn(token: string, at = url): Promise<Browser> {
  const browser = new Browser(at);
  const answer = await browser.ask('/auth/token', { form: { token, to: '/' } });
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/']);
  return browser;
}

const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
const audit = (event: string, log = server.log) =>
  log.split('\n').flatMap((line) => (line.includes(`"event":"audit.${event}"`) ? [JSON.parse(line)] : []));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ingress-atlas-'));
  sandbox = await startSandbox({ scenario: 'online-store', speed: 50 });
  await addPeople(sandbox);
  proxy = await startRecordingProxy(sandbox.url);
  await writeKubeconfig(join(folder, 'kubeconfig'), { server: proxy.url });
  ({ url, server } = await started({
    ...BEHIND_PROXY,
    ATLAS_PUBLIC_PREVIEW: 'true',
    LOG_LEVEL: 'error',
  }));
  await until('the cluster is read', async () =>
    (await (await fetch(`${url}/readyz`, bearer(ADMIN_TOKEN))).text()).includes('"synced":true'),
  );
});
afterAll(async () => {
  await Promise.all(servers.map((one) => one.stop()));
  await proxy.close();
  await sandbox.close();
  await rm(folder, { recursive: true });
});

describe('who has not signed in', () => {
  it.each([
    'GET /api/v1/topology',
    'GET /api/v1/stream',
    'HEAD /api/v1/stream',
    'GET /api/v1/findings',
    'GET /api/v1/checklist?host=x',
    'GET /api/v1/history',
    'GET /api/v1/diff?from=2020-01-01T00:00:00Z',
    'GET /api/v1/marks',
    'PUT /api/v1/marks/x',
    'DELETE /api/v1/marks/x',
    'GET /api/v1/objects/core/v1/services/shop/wear-service',
    'POST /api/v1/snapshots',
    'GET /api/v1/snapshots/AAAAAAAAAAAAAAAAAAAAAA',
    'GET /api/v1/snapshots/AAAAAAAAAAAAAAAAAAAAAA/export',
    'GET /api/v1/snapshots/AAAAAAAAAAAAAAAAAAAAAA/image.png',
    'GET /api/v1/snapshots/AAAAAAAAAAAAAAAAAAAAAA/image.svg',
    'DELETE /api/v1/snapshots/AAAAAAAAAAAAAAAAAAAAAA',
    'GET /metrics',
    // What there is not is not told apart.
    'GET /api',
    'GET /api/v1/nothing',
    'POST /api/v1/nothing',
  ])('is asked to, and told nothing: %s', async (line) => {
    const [method = '', path = ''] = line.split(' ');
    const answer = await new Browser(url).ask(path, { method });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="Ingress Atlas"');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    if (method === 'HEAD') return;
    expect(await answer.json()).toMatchObject({ type: 'urn:ingress-atlas:sign-in', status: 401 });
  });

  it('is led from a link of an alert to the sign-in page and back', async () => {
    const answer = await new Browser(url).ask('/go?host=www.my-online-store.com');
    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toBe('/auth/login?to=%2Fgo%3Fhost%3Dwww.my-online-store.com');
  });

  it('may know that it lives and what its API is, and nothing of the cluster', async () => {
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    expect(await (await fetch(`${url}/readyz`)).json()).toEqual({
      status: 'ready',
      cluster: null,
      synced: true,
      recorder: null,
    });
    expect((await fetch(`${url}/api/v1/openapi.json`)).status).toBe(200);
  });
});

describe('signing in with a token of the cluster', () => {
  it('lets in, leads back, and keeps the token nowhere', async () => {
    const browser = new Browser(url);
    const answer = await browser.ask('/auth/token', {
      form: { token: `  ${ADMIN_TOKEN}\n`, to: '/?q=shop' },
    });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/?q=shop']);
    const [cookie = ''] = answer.headers.getSetCookie();
    expect(cookie).toMatch(
      /^atlas-session=1~[\w.-]+; Path=\/; HttpOnly; SameSite=Lax; Max-Age=(3600|35\d\d)$/,
    );
    expect((await browser.ask('/api/v1/topology')).status).toBe(200);
    await expect
      .poll(() => audit('login').at(-1))
      .toMatchObject({
        user: 'admin@example.com',
        way: 'token',
        address: browser.address,
      });
    expect(server.log).not.toContain(ADMIN_TOKEN);
  });

  it.each([
    ['nobody’s', 'not-a-token'],
    ['none', ''],
    ['with a line break inside', `${ADMIN_TOKEN}\nx: y`],
    ['far too long', 'x'.repeat(20_000)],
  ])('refuses a token that is %s', async (_, token) => {
    const browser = new Browser(url);
    const answer = await browser.ask('/auth/token', { form: { token, to: '/?q=1' } });
    expect(answer.headers.get('location')).toBe('/auth/login?error=refused&to=%2F%3Fq%3D1');
    expect(browser.cookies.size).toBe(0);
    // The log comes by a pipe, after the answer.
    const own = () => audit('login-failed').filter(({ address }) => address === browser.address);
    await expect.poll(own).toMatchObject([{ user: null }]);
  });

  it('refuses a form that is too long', async () => {
    const answer = await new Browser(url).ask('/auth/token', { form: { token: 'x'.repeat(70_000) } });
    expect(answer.status).toBe(413);
  });

  it.each([
    '//evil.example/',
    'https://evil.example',
    '/\\evil.example',
    '/.//evil.example',
    'javascript:alert(1)',
  ])('never leads elsewhere: %s', async (to) => {
    const answer = await new Browser(url).ask('/auth/token', { form: { token: ADMIN_TOKEN, to } });
    expect(answer.headers.get('location')).toBe('/');
  });

  it.each([
    { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
    { origin: 'null', 'sec-fetch-site': 'cross-site' },
    { origin: 'null', 'sec-fetch-site': 'same-origin' },
    { origin: 'http://127.0.0.1.evil.example' },
    { 'sec-fetch-site': 'none' },
    { 'sec-fetch-site': 'same-site' },
  ] as Readonly<Record<string, string>>[])(
    'is not for other sites’ forms, nor is signing out: %o',
    async (headers) => {
      const browser = new Browser(url);
      const own = await signedIn(ADMIN_TOKEN);
      expect((await browser.ask('/auth/token', { form: { token: ADMIN_TOKEN }, headers })).status).toBe(403);
      expect(browser.cookies.size).toBe(0);
      expect((await own.ask('/auth/logout', { method: 'POST', headers })).status).toBe(403);
      expect((await own.ask('/api/v1/findings')).status).toBe(200);
    },
  );

  it('ends when the token does', async () => {
    const exp = Math.floor(Date.now() / 1000) + 600;
    const token = new UnsecuredJWT({ exp }).encode().replace(/\.$/, '.c2lnbmF0dXJl');
    sandbox.api.authenticator.add(token, { name: 'admin@example.com', groups: ['admins'] });
    const answer = await new Browser(url).ask('/auth/token', { form: { token } });
    const maxAge = Number(/Max-Age=(\d+)/.exec(answer.headers.getSetCookie()[0] ?? '')?.[1]);
    expect(maxAge).toBeGreaterThan(500);
    expect(maxAge).toBeLessThanOrEqual(600);
  });

  it('that ends takes the streams of its session with it', async () => {
    const exp = Math.floor(Date.now() / 1000) + 5;
    const token = new UnsecuredJWT({ exp }).encode().replace(/\.$/, '.c2lnbmF0dXJl');
    sandbox.api.authenticator.add(token, { name: 'admin@example.com', groups: ['admins'] });
    const browser = await signedIn(token);
    const cookie = [...browser.cookies].map((pair) => pair.join('=')).join('; ');
    const stream = await openStream(`${url}/api/v1/stream`, { cookie });
    await until('the stream ends', () => stream.client.events.some(({ name }) => name === 'bye'));
    expect(stream.client.states.size).toBe(1);
    expect((await fetch(`${url}/api/v1/stream`, { headers: { cookie } })).status).toBe(401);
    await stream.close();
  });

  it('ends the session that was there before', async () => {
    const browser = await signedIn(ADMIN_TOKEN);
    const stolen = new Browser(url);
    for (const [name, value] of browser.cookies) stolen.cookies.set(name, value);
    await browser.ask('/auth/token', { form: { token: ADMIN_TOKEN } });
    expect((await browser.ask('/api/v1/findings')).status).toBe(200);
    expect((await stolen.ask('/api/v1/findings')).status).toBe(401);
  });
});

describe('a try too many', () => {
  it('has to wait, also with the right token, and the API server is asked no more', async () => {
    const { url: at, server: own } = await started();
    const browser = new Browser(at);
    const before = proxy.requests.filter(({ path }) => path.endsWith('/tokenreviews')).length;
    const answers: (string | null)[] = [];
    for (let i = 0; i < 40; i += 1)
      answers.push(
        (await browser.ask('/auth/token', { form: { token: `guess-${i}` } })).headers.get('location'),
      );
    const late = await browser.ask('/auth/token', { form: { token: ADMIN_TOKEN } });
    expect(answers.slice(0, 20)).toEqual(Array.from({ length: 20 }, () => '/auth/login?error=refused'));
    expect(late.headers.get('location')).toBe('/auth/login?error=too-often');
    expect(Number(late.headers.get('retry-after'))).toBeGreaterThan(0);
    const reviews = proxy.requests.filter(({ path }) => path.endsWith('/tokenreviews')).length - before;
    expect(reviews).toBeLessThan(30);
    // What a client says of its way does not get it a new count.
    const forged = await browser.ask('/auth/token', {
      form: { token: ADMIN_TOKEN },
      headers: { 'x-forwarded-for': '203.0.113.1' },
    });
    expect(forged.headers.get('location')).toBe('/auth/login?error=too-often');
    expect(audit('login-failed', own.log).length).toBeLessThan(30);
  });

  it('is counted for programs too', async () => {
    const { url: at } = await started();
    const statuses: number[] = [];
    for (let i = 0; i < 30; i += 1)
      statuses.push((await fetch(`${at}/api/v1/findings`, bearer(`guess-${i}`))).status);
    expect(statuses.slice(0, 20)).toEqual(Array.from({ length: 20 }, () => 401));
    expect(statuses.at(-1)).toBe(429);
    expect((await fetch(`${at}/healthz`)).status).toBe(200);
  });
});

describe('signing out', () => {
  it('ends the session in every copy, its streams, and nobody else’s', async () => {
    const browser = await signedIn(ADMIN_TOKEN);
    const other = await signedIn(ADMIN_TOKEN);
    const cookie = (one: Browser) => ({ cookie: [...one.cookies].map((pair) => pair.join('=')).join('; ') });
    const copy = cookie(browser);
    const [stream, kept] = await Promise.all([
      openStream(`${url}/api/v1/stream`, copy),
      openStream(`${url}/api/v1/stream`, cookie(other)),
    ]);
    for (const one of [stream, kept]) await until('a snapshot is there', () => one.client.states.size > 0);
    expect((await browser.ask('/auth/logout', { method: 'POST' })).status).toBe(204);
    expect(browser.cookies.size).toBe(0);
    await until('the stream says goodbye', () => stream.client.events.some(({ name }) => name === 'bye'));
    expect(stream.client.events.at(-1)?.data).toContain('you have signed out');
    expect((await fetch(`${url}/api/v1/stream`, { headers: copy })).status).toBe(401);
    expect((await fetch(`${url}/api/v1/topology`, { headers: copy })).status).toBe(401);
    expect((await other.ask('/api/v1/topology')).status).toBe(200);
    expect(kept.client.events.some(({ name }) => name === 'bye')).toBe(false);
    await expect.poll(() => audit('logout')).toMatchObject([{ user: 'admin@example.com' }]);
    await stream.close();
    await kept.close();
  });

  it('is no fault where nobody has signed in', async () => {
    expect((await new Browser(url).ask('/auth/logout', { method: 'POST' })).status).toBe(204);
  });
});

describe('a program with a token', () => {
  it('is let in without a session, and its token is reviewed once for many requests', async () => {
    const count = () => proxy.requests.filter(({ path }) => path.endsWith('/tokenreviews')).length;
    const before = count();
    sandbox.api.authenticator.add('token-of-a-program', { name: 'program', groups: ['admins'] });
    for (let i = 0; i < 5; i += 1) {
      const answer = await fetch(`${url}/api/v1/findings`, bearer('token-of-a-program'));
      expect([answer.status, answer.headers.getSetCookie()]).toEqual([200, []]);
    }
    expect(count() - before).toBe(1);
  });

  it('without rights everywhere sees the namespaces that it has rights in', async () => {
    const answer = await fetch(`${url}/api/v1/topology`, bearer(TENANT_TOKEN));
    expect(seenIn(await answer.text())).toEqual({
      limited: { namespaces: 1, reason: '' },
      namespaces: ['shop'],
    });
  });

  it('may read metrics by the right to get that path', async () => {
    expect((await fetch(`${url}/metrics`, bearer(ADMIN_TOKEN))).status).toBe(200);
    expect((await fetch(`${url}/metrics`, bearer(TENANT_TOKEN))).status).toBe(403);
    const open = await started({ ATLAS_METRICS_OPEN: 'true' });
    expect((await fetch(`${open.url}/metrics`)).status).toBe(200);
  });
});

describe('an object', () => {
  it('is given as a whole only to who may get it in the cluster, whether there is one or not', async () => {
    // Both see namespace shop; their role has Services, Ingresses and Pods, and neither workloads nor Secrets.
    const [admin, tenant] = [await signedIn(ADMIN_TOKEN), await signedIn(TENANT_TOKEN)];
    const status = async (browser: Browser, path: string) =>
      (await browser.ask(`/api/v1/objects/${path}`)).status;
    for (const browser of [admin, tenant]) {
      expect(await status(browser, 'core/v1/services/shop/wear-service')).toBe(200);
      expect(await status(browser, 'core/v1/services/shop/nothing')).toBe(404);
      for (const path of [
        'apps/v1/deployments/shop/wear',
        'apps/v1/deployments/shop/nothing',
        'core/v1/secrets/shop/nothing',
        'core/v1/nodes/-/node-1',
      ])
        expect(await status(browser, path), path).toBe(403);
    }
    sandbox.api.authenticator.add('token-of-root', { name: 'root', groups: ['system:masters'] });
    const root = await signedIn('token-of-root');
    expect(await status(root, 'apps/v1/deployments/shop/wear')).toBe(200);
  });
});

describe('a mark', () => {
  it('says who set it', async () => {
    const browser = await signedIn(ADMIN_TOKEN);
    const { findings } = (await (await browser.ask('/api/v1/findings')).json()) as {
      findings: readonly { id: string }[];
    };
    const path = `/api/v1/marks/${encodeURIComponent(findings[0]?.id ?? '')}`;
    const put = (body: object) =>
      browser.ask(path, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    expect(await (await put({ note: 'known' })).json()).toMatchObject({ by: 'admin@example.com' });
    // Nobody signs with another's name.
    expect((await put({ note: 'known', by: 'tenant@example.com' })).status).toBe(400);
  });
});

describe('snapshots', () => {
  const made = async (browser: Browser, isPublic: boolean) => {
    const answer = await browser.ask('/api/v1/snapshots', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ public: isPublic }),
    });
    expect(answer.status).toBe(201);
    return (await answer.json()) as { id: string; revokeToken: string };
  };
  const PARTS = ['', '/export', '/image.png', '/image.svg'];

  it('are for everybody only where their author says so', async () => {
    const browser = await signedIn(ADMIN_TOKEN);
    const [open, closed] = [await made(browser, true), await made(browser, false)];
    const stranger = new Browser(url);
    for (const part of PARTS) {
      expect((await stranger.ask(`/api/v1/snapshots/${open.id}${part}`)).status, part).toBe(200);
      expect((await stranger.ask(`/api/v1/snapshots/${closed.id}${part}`)).status, part).toBe(401);
    }
    const texts = await Promise.all(
      [closed.id, 'BBBBBBBBBBBBBBBBBBBBBB'].map(async (id) =>
        (await stranger.ask(`/api/v1/snapshots/${id}`)).text(),
      ),
    ).then((all) => all.map((text) => text.replace(/"requestId":"[^"]+"/, '')));
    expect(texts[0]).toBe(texts[1]);
    await expect
      .poll(() => audit('share'))
      .toMatchObject([
        { user: 'admin@example.com', public: true },
        { user: 'admin@example.com', public: false },
      ]);
    expect(server.log).not.toContain(open.id);
  });

  it('are revoked by whoever has the token for it, which is no token of a person', async () => {
    const snapshot = await made(await signedIn(ADMIN_TOKEN), false);
    const stranger = new Browser(url);
    const path = `/api/v1/snapshots/${snapshot.id}`;
    const revoke = (token: string) => stranger.ask(path, { method: 'DELETE', ...bearer(token) });
    expect((await revoke('nonsense')).status).toBe(401);
    expect((await revoke('CCCCCCCCCCCCCCCCCCCCCC')).status).toBe(403);
    expect((await revoke(snapshot.revokeToken)).status).toBe(204);
    expect((await revoke(snapshot.revokeToken)).status).toBe(404);
    await expect.poll(() => audit('revoke')).toHaveLength(1);
    expect(server.log).not.toContain(snapshot.revokeToken);
  });

  it('are revoked by their author from the page, which sends the session along', async () => {
    const browser = await signedIn(ADMIN_TOKEN);
    const { id, revokeToken } = await made(browser, false);
    const answer = await browser.ask(`/api/v1/snapshots/${id}`, { method: 'DELETE', ...bearer(revokeToken) });
    expect(answer.status).toBe(204);
    await expect.poll(() => audit('revoke').at(-1)).toMatchObject({ user: 'admin@example.com' });
  });
});

describe('without an answer of the cluster', () => {
  it('nobody is let in, and nothing is shown', async () => {
    const { url: at, server: own } = await started();
    const browser = await signedIn(ADMIN_TOKEN, at);
    for (const group of ['authentication.k8s.io', 'authorization.k8s.io']) {
      const match = { path: `/apis/${group}/` };
      const fault = await fetch(`${sandbox.url}/sandbox/faults`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ action: 'status', code: 500, times: 10_000, match }),
      });
      expect(fault.ok).toBe(true);
    }
    try {
      const again = await new Browser(at).ask('/auth/token', { form: { token: ADMIN_TOKEN } });
      expect(again.headers.get('location')).toBe('/auth/login?error=unavailable');
      expect((await fetch(`${at}/api/v1/topology`, bearer(ADMIN_TOKEN))).status).toBe(503);
      const answer = await browser.ask('/api/v1/topology');
      expect(seenIn(await answer.text())).toEqual({
        limited: {
          namespaces: 0,
          reason: expect.stringContaining('Your rights could not be asked for'),
        },
        namespaces: [],
      });
      expect(own.log).toContain('rights could not be asked for');
      expect(own.log).not.toContain(ADMIN_TOKEN);
    } finally {
      await fetch(`${sandbox.url}/sandbox/faults`, { method: 'DELETE' });
    }
    await until(
      'everything is seen again',
      async () => seenIn(await (await browser.ask('/api/v1/topology')).text()).limited === null,
    );
  });
});

describe('the cluster', () => {
  it('is asked for reviews and nothing else is ever created', () => {
    const writes = new Set(
      proxy.requests.flatMap(({ method, path }) => (method === 'GET' ? [] : [`${method} ${path}`])),
    );
    expect([...writes].filter((line) => !line.includes('selfsubject')).sort()).toEqual([
      'POST /apis/authentication.k8s.io/v1/tokenreviews',
      'POST /apis/authorization.k8s.io/v1/subjectaccessreviews',
    ]);
  });
});
