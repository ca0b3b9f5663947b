/* What strangers may try on the server as it is shipped, over sockets. */
import { Agent } from 'node:http';
import type { Socket } from 'node:net';
import fc from 'fast-check';
import { anyRequest, ask, faultOf } from '@/server/testing/any-request';
import { ended, exchange, open, rawGet, statusOf } from './support/raw';
import { expect, test } from './support/test';

const IDLE = 2000;
const SLOW = 200;
const RUNS = 3000;

/** Node looks for connections that take too long twice a minute: these tests wait for it. */
const PATIENCE_MS = 180_000;

test('any request at all: never a 500, and every refusal of the API says what is wrong', async ({
  incident,
}) => {
  test.setTimeout(PATIENCE_MS);
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  const property = fc.asyncProperty(anyRequest, async (asked) => {
    const got = await ask(incident.url, agent, asked);
    expect(faultOf(got)).toBeNull();
  });
  await fc.assert(property, { seed: 7, numRuns: RUNS });
  agent.destroy();
  expect(await incident.dashboard.metric('atlas_errors_total')).toBe(0);
});

test(`${IDLE} connections that say nothing keep nobody out, and are closed`, async ({ incident }) => {
  test.setTimeout(PATIENCE_MS);
  const sockets: Socket[] = [];
  while (sockets.length < IDLE)
    sockets.push(...(await Promise.all(Array.from({ length: 100 }, () => open(incident.url)))));
  const closed = sockets.map((socket) => ended(socket));
  const { nodes } = await incident.dashboard.json<{ nodes: readonly unknown[] }>('/api/v1/topology');
  expect(nodes.length).toBeGreaterThan(20);
  await Promise.all(closed);
});

test(`${SLOW} requests that come byte by byte are given up, heads and bodies`, async ({ incident }) => {
  test.setTimeout(PATIENCE_MS);
  const begun = [
    'GET /api/v1/topology HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ',
    'POST /api/v1/snapshots HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n',
    'POST /?x HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 60000\r\n\r\n',
  ];
  const sockets = await Promise.all(Array.from({ length: SLOW }, () => open(incident.url)));
  for (const [index, socket] of sockets.entries()) socket.write(begun[index % begun.length] ?? '');
  const drip = setInterval(() => {
    for (const socket of sockets) if (!socket.destroyed) socket.write('x');
  }, 1000);
  await Promise.all(sockets.map((socket) => ended(socket)));
  clearInterval(drip);
  expect((await fetch(`${incident.url}/readyz`)).status).toBe(200);
});

test('heads and addresses that are too long are refused', async ({ incident }) => {
  const long = 'x'.repeat(20_000);
  expect(statusOf(await rawGet(incident.url, '/', `X-Long: ${long}`))).toBe(431);
  expect(statusOf(await rawGet(incident.url, `/?q=${long}`))).toBe(431);
  const many = Array.from({ length: 3000 }, (_, index) => `X-H${index}: 1`);
  expect(statusOf(await rawGet(incident.url, '/', ...many))).toBe(431);
});

test('bodies that are too long are refused and not held', async ({ incident }) => {
  const { dashboard, url } = incident;
  const megabyte = Buffer.alloc(1 << 20, 'x');
  const head = (path: string, length: number) =>
    `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n`;
  await dashboard.metric('process_resident_memory_bytes');
  const before = await dashboard.metric('process_resident_memory_bytes');
  for (const [path, status] of [
    ['/api/v1/snapshots', 413],
    ['/', 405],
    ['/checks', 405],
  ] as const) {
    const answer = await exchange(url, head(path, 20 << 20), ...Array.from({ length: 20 }, () => megabyte));
    expect(statusOf(answer), path).toBe(status);
  }
  // A gigabyte that is only promised, and a length that is none.
  expect(statusOf(await exchange(url, head('/api/v1/marks', 1 << 30)))).toBe(405);
  expect(statusOf(await exchange(url, head('/', -1)))).toBe(400);
  const grown = (await dashboard.metric('process_resident_memory_bytes')) - before;
  expect(grown).toBeLessThan(200 << 20);
});

const CLIMBS = [
  '/../../../../etc/passwd',
  '/_next/static/../../server.js',
  '/_next/static/..%2f..%2f..%2fserver.js',
  '/_next/static/%2e%2e/%2e%2e/package.json',
  '/_next/static/..\\..\\package.json',
  '/_next/static/%5c..%5c..%5cpackage.json',
  '/..%252f..%252fetc/passwd',
  '/s/..%2f..%2fpackage.json',
  '/s/%2e%2e%2fapi%2fv1%2ftopology',
  '/api/v1/snapshots/..%2f..%2f..%2fpackage.json/image.png',
  '/api/v1/objects/..%2f..%2f/v1/secrets/shop/x',
  '/api/v1/objects/core/v1/services/..%2f..%2fkube-system/secrets',
  '/api/v1/objects/core/v1/pods/shop/x%2flog',
  '/api/v1/objects/core/v1/pods/shop/x%3Fwatch=1',
  '/learn/..%2f..%2f..%2fetc%2fpasswd',
  '/checks/__proto__',
  '/learn/constructor',
  '/%00',
  '/%ff',
  '/%',
  '//evil.example/%2f..',
  '///evil.example',
  '/\\evil.example',
  '/%5cevil.example',
  '/_next/data/x/index.json',
  '/_next/image?url=http://127.0.0.1:1/&w=64&q=75',
  'http://169.254.169.254/latest/meta-data/',
] as const;

for (const path of CLIMBS) {
  test(`leads nowhere: ${path}`, async ({ incident }) => {
    const answer = await rawGet(incident.url, path);
    expect(statusOf(answer)).toBeGreaterThanOrEqual(200);
    expect(statusOf(answer)).toBeLessThan(500);
    expect(answer).not.toMatch(/root:.*:0:0:|"dependencies"|startServer|stringData|ami-id/);
    const location = /^location: (.*?)\r$/im.exec(answer)?.[1];
    if (location !== undefined)
      expect(new URL(location, 'http://127.0.0.1').hostname, location).toBe('127.0.0.1');
  });
}

test('methods that no handler has are refused, whatever the framework makes of them', async ({
  incident,
}) => {
  const ask = (line: string) =>
    exchange(incident.url, `${line} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`);
  for (const line of [
    'TRACE /',
    'TRACE /api/v1/topology',
    'OPTIONS *',
    'OPTIONS /api/v1/topology',
    'OPTIONS /checks',
  ])
    expect(statusOf(await ask(line)), line).toBe(405);
  for (const method of ['PROPFIND', 'SEARCH', 'M-SEARCH', 'PURGE', 'LINK'])
    expect([400, 405], method).toContain(statusOf(await ask(`${method} /api/v1/topology`)));
  // Whoever asks by another's name is sent away, however it is written.
  for (const host of [
    'evil.example',
    'evil.example 127.0.0.1',
    '127.0.0.1.evil.example',
    'evil.example/@127.0.0.1',
    '',
  ])
    expect(
      statusOf(
        await exchange(
          incident.url,
          `GET /api/v1/topology HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
        ),
      ),
      host,
    ).toBe(421);
});

test('no connection is upgraded, and headers that the framework uses inside itself change nothing', async ({
  incident,
}) => {
  const upgraded = await rawGet(
    incident.url,
    '/',
    'Upgrade: websocket',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Version: 13',
  );
  expect(statusOf(upgraded)).not.toBe(101);
  for (const header of [
    'x-middleware-subrequest: proxy:proxy:proxy:proxy:proxy',
    'x-middleware-next: 1',
    'x-middleware-rewrite: http://127.0.0.1:1/',
    'x-middleware-override-headers: host',
    'x-invoke-path: /api/v1/topology',
    'x-matched-path: /s/file',
    'x-nextjs-data: 1',
    'x-forwarded-host: evil.example',
    'RSC: 1',
    'Next-Router-Prefetch: 1',
  ]) {
    const answer = await rawGet(incident.url, '/', header);
    expect(statusOf(answer), header).toBe(header.startsWith('RSC') ? statusOf(answer) : 200);
    expect(answer.toLowerCase(), header).toContain('content-security-policy: ');
    expect(answer, header).not.toContain('evil.example');
  }
});
