import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeKubeconfig } from './kubeconfig';
import { startTestServer, type TestServer } from './test-server';

const KUBECTL = process.env.KUBECTL ?? 'kubectl';
const hasKubectl = spawnSync(KUBECTL, ['version', '--client']).status === 0;

const MANIFEST = `
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: 'nginx:1.27'}]}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 80}]}
`;

let server: TestServer;
let folder: string;

type Result = { code: number; out: string };

function kubectl(...args: string[]): Promise<Result> {
  const env = {
    ...process.env,
    KUBECONFIG: join(folder, 'kubeconfig'),
    HOME: folder,
    EDITOR: 'sed -i s/1.27/1.28/',
  };
  return new Promise((resolve) => {
    execFile(KUBECTL, ['-n', 'shop', ...args], { env }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : 1, out: stdout + stderr });
    });
  });
}

beforeAll(async () => {
  server = await startTestServer({ logs: (object) => [`hello from ${object.metadata.name}`] });
  folder = await mkdtemp(join(tmpdir(), 'sandbox-kubectl-'));
  await writeKubeconfig(join(folder, 'kubeconfig'), { server: server.api.url });
  await writeFile(join(folder, 'shop.yaml'), MANIFEST);
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

describe.skipIf(!hasKubectl)('kubectl (skipped where it is not installed)', () => {
  it('applies, and finds nothing to change the second time', async () => {
    const file = join(folder, 'shop.yaml');
    expect((await kubectl('apply', '-f', file)).out).toContain('deployment.apps/web created');
    expect((await kubectl('apply', '-f', file)).out).toContain('deployment.apps/web unchanged');
    expect((await kubectl('apply', '--dry-run=server', '-f', file)).out).toContain(
      'unchanged (server dry run)',
    );
    expect((await kubectl('apply', '--server-side', '-f', file)).out).toContain(
      'service/web serverside-applied',
    );
  });

  it('gets tables, describes, explains', async () => {
    const services = await kubectl('get', 'svc');
    expect(services.out).toMatch(
      /^NAME\s+TYPE\s+CLUSTER-IP\s+EXTERNAL-IP\s+PORT\(S\)\s+AGE\nweb\s+LoadBalancer\s+10\.96/,
    );
    expect((await kubectl('describe', 'deploy', 'web')).out).toContain('Image:         nginx:1.27');
    expect((await kubectl('explain', 'ingress')).code).toBe(0);
  });

  it('patches, scales, edits, labels', async () => {
    await kubectl(
      'patch',
      'deploy',
      'web',
      '-p',
      '{"spec":{"template":{"spec":{"containers":[{"name":"side","image":"x"}]}}}}',
    );
    await kubectl('scale', 'deploy', 'web', '--replicas=3');
    await kubectl('edit', 'deploy', 'web');
    await kubectl('label', 'deploy', 'web', 'tier=front');
    const path = '{.spec.replicas} {.spec.template.spec.containers[*].image} {.metadata.labels.tier}';
    expect((await kubectl('get', 'deploy', 'web', '-o', `jsonpath=${path}`)).out).toMatch(
      /^3 .*nginx:1\.28.* front$/,
    );
  });

  it('creates from the command line, in protobuf', async () => {
    expect((await kubectl('create', 'ingress', 'web', '--rule=a.example/*=web:80')).out).toContain('created');
    expect((await kubectl('get', 'ing', 'web')).out).toContain('a.example');
    expect((await kubectl('create', 'configmap', 'c', '--from-literal=a=b')).code).toBe(0);
    expect((await kubectl('auth', 'can-i', 'get', 'pods')).out).toContain('yes');
    expect((await kubectl('run', 'p', '--image=nginx')).code).toBe(0);
    expect((await kubectl('logs', 'p')).out).toBe('hello from p\n');
  });

  it('deletes, and says what is not there', async () => {
    expect((await kubectl('delete', 'deploy', 'web')).out).toContain('deleted');
    expect((await kubectl('get', 'deploy', 'web')).out).toContain('deployments.apps "web" not found');
    expect((await kubectl('delete', 'ns', 'shop')).code).toBe(0);
    expect(server.storage.list('services')).toEqual([]);
  });
});
