/* Limits count who asks: the other end of the socket, and what a proxy says only where the proxy is one of ours. */
import { request } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { serveWhole, type WholeServer } from '@/server/testing/whole-server';

/** More than an address may ask of snapshots at once (server/http/admission.ts), and more wrong guesses than it has. */
const MANY = 140;

let server: WholeServer | undefined;

afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function start(env: Readonly<Record<string, string>>): Promise<string> {
  server = await serveWhole({
    NODE_ENV: 'test',
    KUBECONFIG: '/nonexistent/kubeconfig',
    ATLAS_DNS: 'off',
    LOG_LEVEL: 'silent',
    ...env,
  });
  return server.url;
}

/** The statuses of so many requests from an address of this machine. */
async function statuses(
  url: string,
  localAddress: string,
  forwarded: (index: number) => string | null,
  path = '/api/v1/snapshots/x',
): Promise<ReadonlySet<number | undefined>> {
  const all = new Set<number | undefined>();
  for (let i = 0; i < MANY; i += 1) {
    const way = forwarded(i);
    const headers = way === null ? {} : { 'x-forwarded-for': way };
    all.add(
      await new Promise((resolve, reject) => {
        request(`${url}${path}`, { localAddress, headers, agent: false }, (response) => {
          response.resume().on('end', () => resolve(response.statusCode));
        })
          .on('error', reject)
          .end();
      }),
    );
  }
  return all;
}

describe('without proxies of ours', () => {
  it.each([
    ['a new one each time', (index: number) => `203.0.113.${index}`],
    ['this machine', () => '127.0.0.1'],
    ['this machine, at the end of a way', (index: number) => `203.0.113.${index}, ::1`],
    ['none', () => null],
  ])('one who asks too much is told to wait, whatever address it names: %s', async (_, forwarded) => {
    const url = await start({});
    expect(await statuses(url, '127.0.0.3', forwarded)).toContain(429);
    // Others are not kept out by it.
    expect(await statuses(url, '127.0.0.4', () => '127.0.0.3').then((all) => all.has(404))).toBe(true);
  });

  it('this machine itself is not counted, but what a proxy on it passes on is', async () => {
    const url = await start({});
    expect([...(await statuses(url, '127.0.0.1', () => null, '/api/v1/history'))]).not.toContain(429);
    expect(await statuses(url, '127.0.0.1', () => '203.0.113.7', '/api/v1/history')).toContain(429);
  });
});

describe('behind a proxy of ours', () => {
  it('counts whom the proxy has a request from, and not what that one says before it', async () => {
    const url = await start({ ATLAS_PROXY_PEERS: '127.0.0.2' });
    expect(await statuses(url, '127.0.0.2', (index) => `198.51.100.${index}, 203.0.113.7`)).toContain(429);
    expect([...(await statuses(url, '127.0.0.2', (index) => `198.51.100.${index}`))]).not.toContain(429);
  });
});
