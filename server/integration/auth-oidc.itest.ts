import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { writeKubeconfig } from '@/sandbox/api/kubeconfig';
import { type Sandbox, startSandbox } from '@/sandbox/start';
import { testCertificate } from '@/server/cluster/testing/certificates';
import { Browser } from '@/server/testing/browser';
import { addPeople } from '@/server/testing/cluster-people';
import { CLIENT_SECRET, type Misbehaviour, OidcProvider } from '@/server/testing/oidc-provider';
import { until } from '@/server/testing/open-stream';
import { NOTHING, seenIn } from '@/server/testing/seen';
import { ServerProcess } from '@/server/testing/server-process';

const PUBLIC = 'https://atlas.example';
/** As a proxy with TLS in front hands it on. */
const VIA_PROXY = { host: 'atlas.example' };

let folder: string;
let sandbox: Sandbox;
let provider: OidcProvider;
let server: ServerProcess;
let url: string;
const others: { stop(): Promise<unknown> }[] = [];

async function started(
  issuer: string,
  env: Readonly<Record<string, string>> = {},
): Promise<[ServerProcess, string]> {
  const one = new ServerProcess({
    KUBECONFIG: join(folder, 'kubeconfig'),
    ATLAS_AUTH: 'oidc',
    ATLAS_DNS: 'off',
    // A proxy in front tells people's addresses apart: each may try a few times.
    ATLAS_PROXY_PEERS: '127.0.0.1',
    // Only here is it said how people call the dashboard.
    ATLAS_PUBLIC_URL: PUBLIC,
    ATLAS_OIDC_ISSUER: issuer,
    ATLAS_OIDC_CLIENT_ID: 'atlas',
    ATLAS_OIDC_CLIENT_SECRET: CLIENT_SECRET,
    ...env,
  });
  others.push(one);
  return [one, await one.url()];
}

/** Goes to the provider, and answers where that sends the browser back to. */
async function atProvider(browser: Browser, to = '/?q=shop'): Promise<URL> {
  const start = await browser.ask(`/auth/start?${new URLSearchParams({ to })}`);
  expect(start.status).toBe(303);
  const away = start.headers.get('location') ?? '';
  const back = await fetch(away, { redirect: 'manual' });
  return new URL(back.headers.get('location') ?? '');
}

/** A dashboard's path as the browser asks for it on its way back. */
const pathOf = (back: URL): string => `${back.pathname}${back.search}`;

async function failure(misbehaviour: Misbehaviour): Promise<string | null> {
  provider.misbehaviour = misbehaviour;
  const browser = new Browser(url);
  const answer = await browser.ask(pathOf(await atProvider(browser)));
  expect(browser.cookies.has('atlas-session')).toBe(false);
  expect((await browser.ask('/api/v1/findings')).status).toBe(401);
  return answer.headers.get('location');
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ingress-atlas-'));
  sandbox = await startSandbox({ scenario: 'online-store', speed: 50 });
  await addPeople(sandbox);
  await writeKubeconfig(join(folder, 'kubeconfig'), { server: sandbox.url });
  provider = await OidcProvider.start();
  [server, url] = await started(provider.issuer, { ATLAS_OIDC_GROUPS_PREFIX: 'idp:' });
});
afterEach(() => {
  provider.misbehaviour = {};
});
afterAll(async () => {
  await Promise.all(others.map((one) => one.stop()));
  await provider.stop();
  await sandbox.close();
  await rm(folder, { recursive: true });
});

describe('signing in by an OpenID provider', () => {
  it('sends there with PKCE, state and nonce, and never by what a request calls the dashboard', async () => {
    const browser = new Browser(url);
    const answer = await browser.ask('/auth/start?to=/', { headers: { 'x-forwarded-host': 'evil.example' } });
    const query = new URL(answer.headers.get('location') ?? '').searchParams;
    expect(Object.fromEntries(query)).toMatchObject({
      response_type: 'code',
      client_id: 'atlas',
      redirect_uri: `${PUBLIC}/auth/callback`,
      scope: 'openid profile email groups',
      code_challenge_method: 'S256',
    });
    for (const name of ['code_challenge', 'state', 'nonce'])
      expect(query.get(name)?.length, name).toBeGreaterThan(40);
    const other = new URL((await browser.ask('/auth/start')).headers.get('location') ?? '').searchParams;
    for (const name of ['code_challenge', 'state', 'nonce'])
      expect(other.get(name)).not.toBe(query.get(name));
    expect(answer.headers.getSetCookie().join()).toMatch(
      /^atlas-sign-in=[\w.-]+; Path=\/; HttpOnly; SameSite=Lax; Max-Age=600$/,
    );
  });

  it('lets in whom the provider knows, leads back, and keeps no token', async () => {
    const browser = new Browser(url);
    const answer = await browser.ask(pathOf(await atProvider(browser)));
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/?q=shop']);
    expect([...browser.cookies.keys()]).toEqual(['atlas-session']);
    const line = server.log.split('\n').find((one) => one.includes('"event":"audit.login"')) ?? '';
    // `team-a` and who is authenticated; what the provider says of the cluster's own groups counts for nothing.
    expect(JSON.parse(line)).toMatchObject({ user: 'alice@example.com', way: 'oidc', groups: 3 });
    expect(server.log).not.toContain(CLIENT_SECRET);
    const [request] = provider.tokenRequests;
    expect(server.log).not.toContain(request?.get('code'));
  });

  it('gives the rights that the cluster gives that name and those groups', async () => {
    const RBAC = '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings';
    const browser = new Browser(url);
    await browser.ask(pathOf(await atProvider(browser)));
    const isRead = (one: Browser) => async () =>
      (await (await one.ask('/readyz')).text()).includes('"synced":true');
    await until('the cluster is read', isRead(browser));
    expect(seenIn(await (await browser.ask('/api/v1/topology')).text())).toEqual(NOTHING);
    await fetch(`${sandbox.url}${RBAC}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'ClusterRoleBinding',
        metadata: { name: 'team-a' },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'looks' },
        subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'idp:team-a' }],
      }),
    });
    provider.misbehaviour = { claims: { email: 'bob@example.com' } };
    const other = new Browser(url);
    await other.ask(pathOf(await atProvider(other)));
    await until('the cluster is read', isRead(other));
    const seen = seenIn(await (await other.ask('/api/v1/topology')).text());
    expect(seen.limited).toBeNull();
    expect(seen.namespaces).toContain('shop');
    await fetch(`${sandbox.url}${RBAC}/team-a`, { method: 'DELETE' });
  });

  it('keeps cookies to https where people use https', async () => {
    // The name that people use is the proxy's to hand on: HOST is open here, as in a cluster.
    const [, at] = await started(provider.issuer, { HOST: '0.0.0.0' });
    const browser = new Browser(at);
    const { request } = await import('node:http');
    const answer = await new Promise<{ status: number | undefined; cookies: readonly string[] }>(
      (resolve, reject) => {
        request(`${at}/auth/start`, { headers: VIA_PROXY }, (response) => {
          response.resume();
          resolve({ status: response.statusCode, cookies: response.headers['set-cookie'] ?? [] });
        })
          .on('error', reject)
          .end();
      },
    );
    expect(answer.status).toBe(303);
    expect(answer.cookies[0]).toMatch(/^__Host-atlas-sign-in=.*; Secure; Path=\/; HttpOnly; SameSite=Lax/);
    expect(browser.cookies.size).toBe(0);
  });
});

describe('what comes back from the provider and cannot be trusted lets nobody in', () => {
  it.each<[string, Misbehaviour, string]>([
    ['another nonce', { claims: { nonce: 'another' } }, 'untrusted'],
    ['no nonce', { claims: { nonce: undefined as unknown as string } }, 'untrusted'],
    ['another issuer in the token', { claims: { iss: 'https://evil.example' } }, 'untrusted'],
    ['a token for another client', { claims: { aud: 'another' } }, 'untrusted'],
    ['a token that has ended', { claims: { exp: 1_700_000_000 } }, 'untrusted'],
    ['a token that nobody signed', { unsigned: true }, 'untrusted'],
    ['a token that someone else signed', { foreignKey: true }, 'untrusted'],
    ['another state', { returned: { state: 'another' } }, 'untrusted'],
    ['an unknown code', { returned: { code: 'another' } }, 'untrusted'],
    ['a mixed-up issuer', { returned: { iss: 'https://evil.example' } }, 'untrusted'],
    ['an error', { error: 'access_denied' }, 'denied'],
    ['no name', { claims: { email: undefined } }, 'no-name'],
    ['an address that is not verified', { claims: { email_verified: false } }, 'no-name'],
    ['a name of the cluster’s own', { claims: { email: 'system:admin' } }, 'no-name'],
  ])('%s', async (_, misbehaviour, error) => {
    expect(await failure(misbehaviour)).toBe(`/auth/login?error=${error}&to=%2F%3Fq%3Dshop`);
  });

  it('a way back that was not begun in this browser', async () => {
    const back = await atProvider(new Browser(url));
    const victim = new Browser(url);
    const answer = await victim.ask(pathOf(back));
    expect(answer.headers.get('location')).toBe('/auth/login?error=expired');
    expect(victim.cookies.has('atlas-session')).toBe(false);
    // One of the victim's own is no help: state, verifier and nonce are others.
    await atProvider(victim);
    expect((await victim.ask(pathOf(back))).headers.get('location')).toContain('error=untrusted');
    expect(victim.cookies.size).toBe(0);
  });

  it('a way back that was used before', async () => {
    const browser = new Browser(url);
    const back = await atProvider(browser);
    const flow = browser.cookies.get('atlas-sign-in') ?? '';
    expect((await browser.ask(pathOf(back))).headers.get('location')).toBe('/?q=shop');
    expect((await browser.ask(pathOf(back))).headers.get('location')).toBe('/auth/login?error=expired');
    const copy = new Browser(url);
    copy.cookies.set('atlas-sign-in', flow);
    expect((await copy.ask(pathOf(back))).headers.get('location')).toContain('error=untrusted');
    expect(copy.cookies.size).toBe(0);
  });

  it('a code without the verifier that began it', async () => {
    const [thief, victim] = [new Browser(url), new Browser(url)];
    const stolen = await atProvider(victim);
    const own = await atProvider(thief);
    own.searchParams.set('code', stolen.searchParams.get('code') ?? '');
    expect((await thief.ask(pathOf(own))).headers.get('location')).toContain('error=untrusted');
    expect(thief.cookies.size).toBe(0);
  });
});

describe('a provider', () => {
  it('that is someone else than it should be is not used', async () => {
    provider.misbehaviour = { issuer: 'https://evil.example' };
    const [, at] = await started(provider.issuer);
    const answer = await new Browser(at).ask('/auth/start?to=/');
    expect(answer.headers.get('location')).toBe('/auth/login?error=unavailable');
  });

  it('that is away keeps nobody from starting, and is used once it is back', async () => {
    const gone = await OidcProvider.start();
    const { issuer } = gone;
    await gone.stop();
    const [own, at] = await started(issuer);
    expect((await new Browser(at).ask('/auth/start')).headers.get('location')).toBe(
      '/auth/login?error=unavailable',
    );
    expect(own.log).toContain('nobody can sign in');
    expect((await fetch(`${at}/healthz`)).status).toBe(200);
  });

  it('with a certificate of an authority of one’s own is trusted where that is named, and only there', async () => {
    const { certificate, key } = await testCertificate('idp', ['127.0.0.1']);
    const secure = await OidcProvider.start({ key, cert: certificate });
    others.push(secure);
    const caFile = join(folder, 'ca.pem');
    await writeFile(caFile, certificate);
    const [, trusting] = await started(secure.issuer, { ATLAS_OIDC_CA_FILE: caFile });
    const browser = new Browser(trusting);
    const away = (await browser.ask('/auth/start?to=/')).headers.get('location') ?? '';
    expect(away).toMatch(/^https:\/\/127\.0\.0\.1:\d+\/authorize\?/);
    const [, strict] = await started(secure.issuer);
    expect((await new Browser(strict).ask('/auth/start')).headers.get('location')).toBe(
      '/auth/login?error=unavailable',
    );
  });
});
