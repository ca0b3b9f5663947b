import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { Resolver } from 'node:dns/promises';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { isReady } from './controllers/conditions';
import type { Ingress, Pod, Secret } from './controllers/shapes';
import { type Sandbox, type SandboxOptions, startSandbox } from './start';

let sandbox: Sandbox | undefined;
afterEach(async () => {
  await sandbox?.close();
  sandbox = undefined;
});

async function start(options: SandboxOptions): Promise<Sandbox> {
  sandbox = await startSandbox({ speed: 10, ...options });
  return sandbox;
}
async function post(path: string, body: unknown): Promise<number> {
  const response = await fetch(`${sandbox?.url}${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  await response.text();
  return response.status;
}
const allPods = (): Pod[] => (sandbox?.storage.list('pods') ?? []) as unknown as Pod[];
const pods = (app: string): Pod[] => allPods().filter((pod) => pod.metadata.labels?.app === app);
async function until(what: () => boolean): Promise<void> {
  for (let attempt = 0; attempt < 200 && !what(); attempt++)
    await new Promise((resolve) => setTimeout(resolve, 25));
  expect(what()).toBe(true);
}
async function resolve(name: string, server = 0): Promise<string> {
  const resolver = new Resolver({ timeout: 1000, tries: 1 });
  resolver.setServers([sandbox?.dns[server] ?? '']);
  return resolver.resolve4(name).then(
    (addresses) => addresses.join(),
    (error: NodeJS.ErrnoException) => error.code ?? '?',
  );
}

describe('the incident scenario', () => {
  it('stands at once as its comments say, in the API and in DNS', async () => {
    const { storage } = await start({ scenario: 'online-store-incident' });
    expect(pods('wear').filter(isReady)).toHaveLength(3);
    const watch = pods('watch');
    expect(watch).toHaveLength(3);
    expect(
      watch.every(
        (pod) =>
          pod.status?.containerStatuses?.[0]?.state.waiting?.reason === 'CrashLoopBackOff' ||
          pod.status?.containerStatuses?.[0]?.lastState.terminated,
      ),
    ).toBe(true);
    expect(watch[0]?.status?.containerStatuses?.[0]?.restartCount).toBeGreaterThan(3);
    expect(pods('reviews').filter(isReady)).toHaveLength(1);
    expect(pods('gift')).toHaveLength(0);
    const ingresses = storage.list('ingresses.networking.k8s.io') as unknown as Ingress[];
    const unserved = ingresses
      .filter((ingress) => !ingress.status?.loadBalancer?.ingress?.length)
      .map((ingress) => ingress.metadata.name);
    expect(unserved).toEqual(['news']);
    expect(await resolve('www.my-online-store.com')).toBe('203.0.113.10');
    expect(await resolve('shop.my-online-store.com')).toBe('198.51.100.77');
    expect(await resolve('blog.my-online-store.com')).toBe('ENOTFOUND');
    const secret = storage.get('secrets', 'shop', 'online-store-tls') as unknown as Secret;
    const certificate = new X509Certificate(Buffer.from(secret.data?.['tls.crt'] ?? '', 'base64'));
    expect(certificate.checkHost('www.my-online-store.com')).toBe('www.my-online-store.com');
    expect(storage.get('secrets', 'ops', 'admin-tls')).toBeUndefined();
  });

  it('is broken and mended by the page', async () => {
    const { storage, sandboxUrl } = await start({ scenario: 'online-store-incident' });
    expect(await (await fetch(sandboxUrl)).text()).toContain('<title>Sandbox cluster</title>');
    expect(await post('/sandbox/actions', { id: 'deployments.apps/shop/watch', action: 'undo' })).toBe(200);
    await until(() => pods('watch').filter(isReady).length === 3);
    expect(await post('/sandbox/actions', { id: 'services/shop/wear-service', action: 'delete' })).toBe(200);
    expect(storage.get('services', 'shop', 'wear-service')).toBeUndefined();
    expect(await post('/sandbox/actions', { id: 'services/shop/wear-service', action: 'restore' })).toBe(200);
    await until(() =>
      storage
        .list('endpoints', 'shop')
        .some((object) => object.metadata.name === 'wear-service' && 'subsets' in object),
    );
    await post('/sandbox/actions', { id: 'deployments.apps/shop/wear', action: 'scale-down' });
    await until(() => pods('wear').length === 0);
    await post('/sandbox/actions', { id: 'deployments.apps/shop/wear', action: 'scale-up' });
    await until(() => pods('wear').filter(isReady).length === 3);
    await post('/sandbox/actions', { id: 'dns/www.my-online-store.com', action: 'dns-split' });
    expect([
      await resolve('www.my-online-store.com', 0),
      await resolve('www.my-online-store.com', 1),
    ]).toEqual(['203.0.113.10', '198.51.100.66']);
    expect(await post('/sandbox/dns', { name: 'www.my-online-store.com', answer: 'SERVFAIL' })).toBe(200);
    expect(await resolve('www.my-online-store.com')).toBe('ESERVFAIL');
    expect(await post('/sandbox/dns', { name: 'www.my-online-store.com', restore: true })).toBe(200);
    expect(await resolve('www.my-online-store.com')).toBe('203.0.113.10');
    expect(await post('/sandbox/actions', { id: 'services/shop/none', action: 'delete' })).toBe(404);
    expect(await post('/sandbox/dns', { name: 'a b' })).toBe(400);
  });

  it('takes the address from DNS and Ingresses while the load balancer is pending', async () => {
    const { storage } = await start({ scenario: 'online-store' });
    const address = (): unknown =>
      (storage.get('ingresses.networking.k8s.io', 'shop', 'ingress-wear-watch') as unknown as Ingress).status
        ?.loadBalancer?.ingress;
    const id = 'services/ingress-nginx/ingress-nginx-controller';
    await post('/sandbox/actions', { id, action: 'balancer-pending' });
    await until(() => address() === undefined);
    expect(await resolve('www.my-online-store.com')).toBe('ENODATA');
    await post('/sandbox/actions', { id, action: 'balancer-restore' });
    await until(() => JSON.stringify(address()) === '[{"ip":"203.0.113.10"}]');
  });
});

describe('other inputs', () => {
  it.each(['guide', 'direct'])('runs scenario %s with every pod ready', async (scenario) => {
    await start({ scenario });
    expect(allPods().length).toBeGreaterThan(4);
    expect(allPods().every(isReady)).toBe(true);
  });

  it('serves a dump exactly as it is, and answers its hosts as external-dns would', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sandbox-dump-'));
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: 'p',
        namespace: 'x',
        uid: 'u-1',
        resourceVersion: '77',
        creationTimestamp: '2020-01-01T00:00:00Z',
      },
      spec: { containers: [{ name: 'c', image: 'i' }] },
      status: { phase: 'Running' },
    };
    const ingress = {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: { name: 'i', namespace: 'x' },
      spec: { rules: [{ host: 'a.example.org' }] },
      status: { loadBalancer: { ingress: [{ hostname: 'lb.example.net' }] } },
    };
    const path = join(folder, 'dump.json');
    await writeFile(path, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [pod, ingress] }));
    const { url } = await start({ paths: [path], dump: true });
    expect(await (await fetch(`${url}/api/v1/namespaces/x/pods/p`)).json()).toEqual(pod);
    expect(await resolve('a.example.org')).toMatch(/^198\.18\./);
    expect(await resolve('b.example.org')).toBe('EREFUSED');
    await rm(folder, { recursive: true });
  });
});

describe('the program', () => {
  it('ends with one clear line and a status for wrong input', async () => {
    const run = promisify(execFile);
    const main = join(import.meta.dirname, 'main.ts');
    const error = (await run(process.execPath, ['--import', 'tsx', main, '/no/such/file.yaml']).catch(
      (cause: unknown) => cause,
    )) as { code: number; stderr: string; stdout: string };
    expect(error.code).toBe(1);
    expect(error.stdout).toBe('');
    expect(error.stderr).toBe('sandbox: /no/such/file.yaml: no such file or folder\n');
  });
});
