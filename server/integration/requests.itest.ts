import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { problemSchema } from '@/lib/wire/api';
import { type Sandbox, startSandbox } from '@/sandbox/start';
import { until } from '@/server/testing/open-stream';
import { ServerProcess } from '@/server/testing/server-process';
import { serveWhole, type WholeServer } from '@/server/testing/whole-server';

let sandbox: Sandbox;
let server: WholeServer;

beforeAll(async () => {
  sandbox = await startSandbox({ scenario: 'online-store' });
  server = await serveWhole({
    NODE_ENV: 'test',
    KUBECONFIG: sandbox.kubeconfig,
    ATLAS_DNS: 'off',
    LOG_LEVEL: 'silent',
  });
  await until('the cluster is read', () => server.runtime.hub.synced);
});
afterAll(async () => {
  await server.close();
  await sandbox.close();
});

describe('a wrong request', () => {
  it.each([
    ['/api/v1/topology?status=red', 'status', 'broken'],
    ['/api/v1/topology?budget=-1', 'budget', '1 to'],
    ['/api/v1/topology?scope=world', 'scope', 'entry'],
    ['/api/v1/topology?cluster=other', 'cluster', 'sandbox'],
    [`/api/v1/topology?q=${'x'.repeat(3000)}`, 'q', '2048'],
    ['/api/v1/topology?q=a&q=b', 'q', 'once'],
    ['/api/v1/stream?status=red', 'status', 'broken'],
    ['/api/v1/stream?view=a:budget%3Dmany', 'budget', '1 to'],
    ['/api/v1/stream?view=%20:', 'view', 'NAME:FILTERS'],
    ['/api/v1/stream?view=a:&view=a:', 'view', 'twice'],
    ['/api/v1/findings?severity=loud', 'severity', 'degraded'],
    ['/api/v1/checklist', 'host', 'host name'],
    ['/api/v1/checklist?host=a%20b', 'host', 'host name'],
    ['/api/v1/checklist?host=a.example&path=relative', 'path', 'slash'],
    ['/go', 'host', 'missing'],
  ])('%s is a problem that names the parameter and what is allowed', async (path, parameter, hint) => {
    const response = await fetch(`${server.url}${path}`);
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    const problem = problemSchema.parse(await response.json());
    expect(problem.status).toBe(400);
    expect(problem.errors?.[0]?.parameter).toContain(parameter);
    expect(problem.detail).toContain(hint);
  });

  it.each([
    ['/api/v1/nothing', 404],
    ['/api/v1/objects/core/v1/pods', 404],
    ['/api/v1/objects/core/v1/pods/shop/%E0%A4%A', 404],
    ['/api/v1/objects/core/v1/services/shop/not-there', 404],
  ])('%s is a problem with status %i', async (path, status) => {
    const response = await fetch(`${server.url}${path}`);
    expect(response.status).toBe(status);
    expect(problemSchema.parse(await response.json()).status).toBe(status);
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'])('%s is not allowed anywhere', async (method) => {
    for (const path of [
      '/api/v1/topology',
      '/api/v1/stream',
      '/api/v1/objects/core/v1/services/shop/x',
      '/go',
    ]) {
      const response = await fetch(`${server.url}${path}`, { method });
      expect(response.status).toBe(405);
      expect(response.headers.get('allow')).toBe('GET, HEAD');
    }
  });
});

describe('every answer of the API', () => {
  it.each([
    ['GET', '/api/v1/topology', 200],
    ['HEAD', '/api/v1/stream', 200],
    ['GET', '/api/v1/topology?status=red', 400],
    ['GET', '/api/v1/nothing', 404],
    ['DELETE', '/api/nothing', 404],
    ['POST', '/api/v1/topology', 405],
    ['GET', '/api/v1/openapi.json', 200],
    ['GET', '/healthz', 200],
    ['PUT', '/healthz', 405],
    ['GET', '/readyz', 200],
    ['GET', '/metrics', 200],
  ])('has its id and the headers that keep browsers from mischief: %s %s', async (method, path, status) => {
    const response = await fetch(`${server.url}${path}`, {
      method,
      headers: { 'x-request-id': 'of-the-proxy' },
    });
    expect(response.status).toBe(status);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'x-request-id': 'of-the-proxy',
      'content-security-policy': expect.stringContaining("default-src 'none'"),
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'cache-control': expect.stringMatching(/no-store|no-cache/),
    });
    const text = await response.text();
    if (status >= 400)
      expect(problemSchema.parse(JSON.parse(text))).toMatchObject({ status, requestId: 'of-the-proxy' });
  });
});

describe('an answer that has not changed', () => {
  it('is not sent again to whoever has its ETag, and is once it changes', async () => {
    const url = `${server.url}/api/v1/topology?namespace=shop`;
    const first = await fetch(url);
    await first.arrayBuffer();
    const etag = first.headers.get('etag') ?? '';
    expect((await fetch(url, { headers: { 'If-None-Match': etag } })).status).toBe(304);
    const path = '/apis/apps/v1/namespaces/shop/deployments/wear';
    const { version } = server.runtime.hub.head;
    await fetch(`${sandbox.url}${path}`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/merge-patch+json' },
      body: JSON.stringify({ spec: { replicas: 1 } }),
    });
    await until('it is published', () => server.runtime.hub.head.version > version);
    expect((await fetch(url, { headers: { 'If-None-Match': etag } })).status).toBe(200);
  });
});

describe('wrong settings', () => {
  it('stop the start with a line for each: its name, its value and what is allowed', async () => {
    const process = new ServerProcess({
      KUBECONFIG: sandbox.kubeconfig,
      ATLAS_SECRETS: 'sometimes',
      ATLAS_NAMESPACES: 'shop,Not_A_Name',
      ATLAS_DNS_SERVERS: 'one.one.one.one',
      LOG_LEVEL: 'loud',
    });
    expect(await process.exited).toBe(1);
    const lines = process.log.trim().split('\n');
    expect(lines).toHaveLength(4);
    expect(lines[0]).toMatch(/ATLAS_NAMESPACES=.*Not_A_Name.*namespace name/);
    expect(lines[1]).toMatch(/ATLAS_SECRETS="sometimes".*get, watch, off/);
    expect(lines[2]).toMatch(/ATLAS_DNS_SERVERS=.*one\.one\.one\.one.*IP address/);
    expect(lines[3]).toMatch(/LOG_LEVEL="loud".*info, debug/);
  });

  it('a context that the kubeconfig does not have stops the start with those that it has', async () => {
    const process = new ServerProcess({ KUBECONFIG: sandbox.kubeconfig, ATLAS_CONTEXTS: 'production' });
    expect(await process.exited).toBe(1);
    expect(process.log).toMatch(/ATLAS_CONTEXTS=production.*sandbox/);
  });

  it('open to others without sign-in stops the start with both ways out', async () => {
    const process = new ServerProcess({ KUBECONFIG: sandbox.kubeconfig, HOST: '0.0.0.0' });
    expect(await process.exited).toBe(1);
    expect(process.log).toMatch(/ATLAS_AUTH="none".*HOST="0\.0\.0\.0".*ATLAS_AUTH_NONE_IS_FINE=true/);
  });
});
