import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttp } from 'node:http';
import { createServer, type Server } from 'node:https';
import { type AddressInfo, createServer as createTcp, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { openAccess } from './access';
import { systemClock } from './clock';
import { KubeClient } from './kube-client';
import { type TestCertificate, testCertificate } from './testing/certificates';
import { pause, plainAccess } from './testing/harness';

const { signal } = new AbortController();
const quick = { signal, answerWithin: 500 };
const base64 = (value: string): string => Buffer.from(value).toString('base64');
const listen = async (server: {
  listen(port: number, host: string, done: () => void): unknown;
  address(): unknown;
}): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
};

describe('TLS', () => {
  let folder: string;
  let server: Server;
  let port: number;
  let pair: TestCertificate;
  let client: TestCertificate;
  let seen: { subject: string | undefined; authorization: string | undefined };

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tls-'));
    pair = await testCertificate('api', ['127.0.0.1']);
    client = await testCertificate('atlas', ['atlas']);
    server = createServer(
      {
        cert: pair.certificate,
        key: pair.key,
        requestCert: true,
        ca: client.certificate,
        rejectUnauthorized: false,
      },
      (request, response) => {
        const certificate =
          'getPeerCertificate' in request.socket
            ? (
                request.socket as unknown as { getPeerCertificate(): { subject?: { CN?: string } } }
              ).getPeerCertificate()
            : {};
        seen = { subject: certificate.subject?.CN, authorization: request.headers.authorization };
        response.end('{"ok":true}');
      },
    );
    port = await listen(server);
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true });
  });

  const open = (cluster: object, user: object = {}, withUser = true): KubeClient => {
    const kubeconfig = join(folder, 'config');
    const context = withUser ? { cluster: 'c', user: 'u' } : { cluster: 'c' };
    writeFileSync(
      kubeconfig,
      stringify({
        'current-context': 'x',
        clusters: [{ name: 'c', cluster: { server: `https://127.0.0.1:${port}`, ...cluster } }],
        users: [{ name: 'u', user }],
        contexts: [{ name: 'x', context }],
      }),
    );
    return new KubeClient(openAccess({ kubeconfig, env: {} }), systemClock);
  };

  it('trusts the authority of the kubeconfig, and sends the client certificate and the token', async () => {
    const user = {
      'client-certificate-data': base64(client.certificate),
      'client-key-data': base64(client.key),
      token: 't',
    };
    expect(
      (await open({ 'certificate-authority-data': base64(pair.certificate) }, user).json('/x', quick)).body,
    ).toEqual({ ok: true });
    expect(seen).toEqual({ subject: 'atlas', authorization: 'Bearer t' });
  });

  it('trusts the authority also where the context names no user', async () => {
    expect(
      (await open({ 'certificate-authority-data': base64(pair.certificate) }, {}, false).json('/x', quick))
        .status,
    ).toBe(200);
  });

  it('refuses an unknown authority and a wrong server name, and says so', async () => {
    await expect(
      open({ 'certificate-authority-data': base64(client.certificate) }).json('/x', quick),
    ).rejects.toMatchObject({ kind: 'unreachable', message: expect.stringContaining('self-signed') });
    await expect(
      open({ 'certificate-authority-data': base64(pair.certificate), 'tls-server-name': 'other' }).json(
        '/x',
        quick,
      ),
    ).rejects.toMatchObject({ message: expect.stringContaining('altnames') });
  });

  it('is not checked where the kubeconfig says so', async () => {
    expect((await open({ 'insecure-skip-tls-verify': true }).json('/x', quick)).status).toBe(200);
  });
});

describe('requests', () => {
  it('are sent again, once, when the idle connection that they took was closed', async () => {
    const sockets: Socket[] = [];
    let answers = 0;
    const server = createTcp((socket) => {
      sockets.push(socket);
      socket.on('error', () => undefined);
      socket.on('data', () => {
        answers += 1;
        // The second request on a connection meets its end.
        if (answers === 2) socket.resetAndDestroy();
        else socket.write('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}');
      });
    });
    const port = await listen(server);
    const client = new KubeClient(plainAccess(`http://127.0.0.1:${port}`), systemClock);
    await client.json('/a', quick);
    await pause(20);
    expect((await client.json('/b', quick)).status).toBe(200);
    expect(sockets).toHaveLength(2);
    for (const socket of sockets) socket.destroy();
    server.close();
  });

  it('keep the prefix of a cluster behind a gateway', async () => {
    let path = '';
    const server = createHttp((request, response) => {
      path = request.url ?? '';
      response.end('{}');
    });
    const port = await listen(server);
    await new KubeClient(plainAccess(`http://127.0.0.1:${port}/k8s/clusters/c-1/`), systemClock).json(
      '/api/v1/pods',
      quick,
    );
    expect(path).toBe('/k8s/clusters/c-1/api/v1/pods');
    server.closeAllConnections();
    server.close();
  });

  it('end with a reason when nothing answers, and when credentials never come', async () => {
    const server = createHttp(() => undefined);
    const port = await listen(server);
    const url = `http://127.0.0.1:${port}`;
    const short = { signal, answerWithin: 50 };
    await expect(new KubeClient(plainAccess(url), systemClock).json('/x', short)).rejects.toMatchObject({
      kind: 'unreachable',
    });
    const hanging = { ...plainAccess(url), credentials: () => new Promise<never>(() => undefined) };
    await expect(new KubeClient(hanging, systemClock).json('/x', short)).rejects.toMatchObject({
      kind: 'unauthorized',
      message: expect.stringContaining('plugin'),
    });
    server.closeAllConnections();
    server.close();
  });

  it('know no verb but GET', () => {
    const methods = Object.getOwnPropertyNames(KubeClient.prototype);
    expect(methods.sort()).toEqual(['constructor', 'json', 'open', 'pieces', 'refresh', 'renew', 'server']);
  });
});
