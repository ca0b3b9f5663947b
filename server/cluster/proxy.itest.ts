import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import https from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { openAccess } from './access';
import { systemClock } from './clock';
import { KubeClient } from './kube-client';
import { testCertificate } from './testing/certificates';

/** The name that only the proxy can resolve, as behind a company's edge. */
const NAME = 'api.cluster.internal';

let folder: string;
let api: https.Server;
let proxy: Server;
let asked: string[] = [];
let authority: string;
const portOf = (server: Server | https.Server) => (server.address() as AddressInfo).port;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'proxy-'));
  const { certificate, key } = await testCertificate(NAME, [NAME], new Date('2036-01-01T00:00:00Z'));
  authority = certificate;
  api = https.createServer({ cert: certificate, key }, (request, response) =>
    response.end(JSON.stringify({ path: request.url, auth: request.headers.authorization })),
  );
  proxy = createServer((_, response) => response.writeHead(405).end());
  proxy.on('connect', ({ url = '', headers }, socket) => {
    asked.push(`${url} ${headers['proxy-authorization'] ?? ''}`.trim());
    if (url.startsWith('refused'))
      return void socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
    const onward = connect(portOf(api), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      onward.pipe(socket).pipe(onward);
    });
    for (const end of [socket, onward]) end.on('error', () => end.destroy());
  });
  for (const server of [api, proxy]) {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  }
});
afterAll(async () => {
  for (const server of [api, proxy]) {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  asked = [];
});

function client(env: Record<string, string>, host = NAME, cluster: object = {}): KubeClient {
  const path = join(folder, 'config');
  writeFileSync(
    path,
    stringify({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'c',
      contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
      users: [{ name: 'u', user: { token: 'secret-token' } }],
      clusters: [
        {
          name: 'c',
          cluster: {
            server: `https://${host}:6443`,
            'certificate-authority-data': Buffer.from(authority).toString('base64'),
            ...cluster,
          },
        },
      ],
    }),
  );
  return new KubeClient(openAccess({ kubeconfig: path, env }), systemClock);
}
const ask = (through: KubeClient) =>
  through.json('/version', { signal: new AbortController().signal, answerWithin: 10_000 });
const at = (user = '') => `http://${user}127.0.0.1:${portOf(proxy)}`;

describe('a proxy', () => {
  it('of the environment leads to the API server, whose certificate is checked and whose token it never sees', async () => {
    const through = client({ HTTPS_PROXY: at('me:canary@') });
    expect(await ask(through)).toEqual({
      status: 200,
      body: { path: '/version', auth: 'Bearer secret-token' },
    });
    expect(asked).toEqual([`${NAME}:6443 Basic ${Buffer.from('me:canary').toString('base64')}`]);
    // The way stays open.
    await ask(through);
    expect(asked).toHaveLength(1);
  });

  it('of the kubeconfig wins over the environment', async () => {
    await ask(client({ HTTPS_PROXY: 'http://127.0.0.1:9' }, NAME, { 'proxy-url': at() }));
    expect(asked).toEqual([`${NAME}:6443`]);
  });

  it('is left out for what NO_PROXY excepts', async () => {
    const error = await ask(client({ HTTPS_PROXY: at(), NO_PROXY: '.internal' })).catch(String);
    expect(error).toMatch(/ENOTFOUND|EAI_AGAIN/);
    expect(asked).toEqual([]);
  });

  it('that refuses or is not there says that it was the proxy, without its password', async () => {
    const refused = await ask(client({ HTTPS_PROXY: at('me:canary@') }, 'refused.internal')).catch(String);
    expect(refused).toMatch(/through the proxy http:\/\/127\.0\.0\.1:\d+: .*407/);
    expect(refused).not.toContain('canary');
    const gone = await ask(client({ HTTPS_PROXY: 'http://127.0.0.1:9' })).catch(String);
    expect(gone).toMatch(/through the proxy http:\/\/127\.0\.0\.1:9: .*ECONNREFUSED/);
  });
});
