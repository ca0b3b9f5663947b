import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeKubeconfig } from '@/sandbox/api/kubeconfig';
import { type Sandbox, startSandbox } from '@/sandbox/start';
import { addPeople, dismissAdmin } from '@/server/testing/cluster-people';
import { openStream, until } from '@/server/testing/open-stream';
import { NOTHING, seenIn } from '@/server/testing/seen';
import { ServerProcess } from '@/server/testing/server-process';

const ADMIN = { 'x-forwarded-user': 'admin@example.com', 'x-forwarded-groups': 'admins' };
/** Where the proxy is. */
const PROXY = '127.0.0.1';
const STRANGER = '127.0.0.7';

let folder: string;
let sandbox: Sandbox;
const servers: ServerProcess[] = [];
let url: string;

async function started(env: Readonly<Record<string, string>> = {}): Promise<string> {
  const server = new ServerProcess({
    KUBECONFIG: join(folder, 'kubeconfig'),
    ATLAS_AUTH: 'proxy',
    ATLAS_PROXY_PEERS: PROXY,
    ATLAS_DNS: 'off',
    ...env,
  });
  servers.push(server);
  return await server.url();
}

/** A request from an address of this machine. */
async function ask(
  from: string,
  headers: Readonly<Record<string, string | readonly string[]>>,
  path = '/api/v1/topology',
  at = url,
): Promise<{ readonly status: number | undefined; readonly text: string }> {
  return await new Promise((resolve, reject) => {
    const sent = Object.entries(headers).flatMap(([name, values]) =>
      [values].flat().flatMap((value) => [name, value as string]),
    );
    const options = {
      localAddress: from,
      headers: ['host', new URL(at).host, ...sent],
      agent: false as const,
    };
    request(`${at}${path}`, options, (response) => {
      let text = '';
      response.on('data', (piece: Buffer) => {
        text += piece.toString();
      });
      response.on('end', () => resolve({ status: response.statusCode, text }));
    })
      .on('error', reject)
      .end();
  });
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ingress-atlas-'));
  sandbox = await startSandbox({ scenario: 'online-store', speed: 50 });
  await addPeople(sandbox);
  await writeKubeconfig(join(folder, 'kubeconfig'), { server: sandbox.url });
  url = await started();
  await until('the cluster is read', async () =>
    (await ask(PROXY, ADMIN, '/readyz')).text.includes('"synced":true'),
  );
});
afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  await sandbox.close();
  await rm(folder, { recursive: true });
});

describe('a proxy in front', () => {
  it('says who asks, and the cluster what they may see', async () => {
    expect((await ask(PROXY, ADMIN)).status).toBe(200);
    const tenant = { 'x-forwarded-user': 'tenant@example.com', 'x-forwarded-groups': 'tenants' };
    expect(seenIn((await ask(PROXY, ADMIN)).text).limited).toBeNull();
    expect(seenIn((await ask(PROXY, tenant)).text)).toEqual({
      limited: { namespaces: 1, reason: '' },
      namespaces: ['shop'],
    });
    expect((await ask(PROXY, {})).status).toBe(401);
  });

  it.each<[string, Readonly<Record<string, string | readonly string[]>>]>([
    ['its headers alone', ADMIN],
    ['a forged way', { ...ADMIN, 'x-forwarded-for': PROXY, 'x-real-ip': PROXY, forwarded: `for=${PROXY}` }],
    ['a forged stamp', { ...ADMIN, 'x-ingress-atlas-peer': ` ${PROXY}` }],
    ['a guessed stamp', { ...ADMIN, 'x-ingress-atlas-peer': [`AAAAAAAAAAAAAAAAAAAAAA ${PROXY}`, PROXY] }],
    [
      'a stamp that is to join ours',
      { ...ADMIN, 'X-Ingress-Atlas-Peer': PROXY, 'x-ingress-atlas-peer': PROXY },
    ],
    ['a session', { ...ADMIN, cookie: 'atlas-session=1~x' }],
    ['a token', { ...ADMIN, authorization: 'Bearer token-of-an-admin' }],
  ])('is nobody else: %s from another address is not believed', async (_, headers) => {
    const answer = await ask(STRANGER, headers);
    expect(answer.status).toBe(401);
    expect(answer.text).toContain('did not come from the sign-in proxy');
  });

  it.each<[string, Readonly<Record<string, string | readonly string[]>>]>([
    ['two names', { ...ADMIN, 'x-forwarded-user': ['mallory', 'admin@example.com'] }],
    ['two names in one', { ...ADMIN, 'x-forwarded-user': 'mallory, admin@example.com' }],
    ['a name of the cluster’s own', { 'x-forwarded-user': 'system:admin' }],
    ['an empty name', { 'x-forwarded-user': '' }],
  ])('that lets through %s is not believed', async (_, headers) => {
    expect((await ask(PROXY, headers)).status).toBe(401);
  });

  it('that names a group of the cluster’s own gives no rights by it', async () => {
    const headers = { 'x-forwarded-user': 'mallory', 'x-forwarded-groups': 'system:masters' };
    expect(seenIn((await ask(PROXY, headers)).text)).toEqual(NOTHING);
  });

  it('has to bring its secret where there is one, and may name its headers', async () => {
    const at = await started({
      ATLAS_PROXY_PEERS: '127.0.0.0/8',
      ATLAS_PROXY_SECRET: 'a-secret-of-the-proxy',
      ATLAS_PROXY_USER_HEADER: 'Remote-User',
      ATLAS_PROXY_GROUPS_HEADER: 'Remote-Groups',
    });
    const named = { 'remote-user': 'admin@example.com', 'remote-groups': 'admins' };
    const secret = { 'x-atlas-proxy-secret': 'a-secret-of-the-proxy' };
    expect((await ask(STRANGER, named, '/api/v1/marks', at)).status).toBe(401);
    expect((await ask(STRANGER, { ...ADMIN, ...secret }, '/api/v1/marks', at)).status).toBe(401);
    expect((await ask(STRANGER, { ...named, ...secret }, '/api/v1/findings', at)).status).not.toBe(401);
  });

  it('has no sessions of ours to begin or end', async () => {
    const sent = { method: 'POST', headers: { 'sec-fetch-site': 'same-origin' } };
    expect((await fetch(`${url}/auth/token`, sent)).status).toBe(404);
    expect((await fetch(`${url}/auth/start`, { redirect: 'manual' })).headers.get('location')).toBe(
      '/auth/login',
    );
    expect(
      (await fetch(`${url}/auth/callback?code=x&state=y`, { redirect: 'manual' })).headers.get('location'),
    ).toBe('/auth/login');
  });
});

describe('who loses rights while a stream is open', () => {
  it('is said goodbye to, and shown nothing when coming back', async () => {
    const stream = await openStream(`${url}/api/v1/stream`, ADMIN);
    await until('a snapshot is there', () => stream.client.states.size > 0);
    await dismissAdmin(sandbox);
    const end = Date.now() + 90_000;
    const isOver = () => stream.client.events.some(({ name }) => name === 'bye');
    while (!isOver() && Date.now() < end) await new Promise((done) => setTimeout(done, 100));
    expect(stream.client.events.at(-1)).toMatchObject({
      name: 'bye',
      data: expect.stringContaining('what you may see has changed'),
    });
    expect(seenIn((await ask(PROXY, ADMIN)).text)).toEqual(NOTHING);
    await stream.close();
    const again = await openStream(`${url}/api/v1/stream`, ADMIN);
    await until('a snapshot is there', () => again.client.states.size > 0);
    expect(again.client.states.get('main')?.cluster.limited).toEqual(NOTHING.limited);
    expect(again.client.events.map(({ data }) => data).join()).not.toContain('shop');
    await again.close();
  }, 120_000);
});
