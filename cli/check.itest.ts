import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const HEALTHY = `apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop }
spec: { selector: { app: web }, ports: [{ port: 80, targetPort: 8080 }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec:
  replicas: 2
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - name: web
          image: example.com/web:1.0
          ports: [{ containerPort: 8080 }]
          readinessProbe: { httpGet: { path: /, port: 8080 } }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web, namespace: shop }
spec:
  ingressClassName: nginx
  rules:
    - host: www.example.com
      http:
        paths:
          - { path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }
`;
const BROKEN = HEALTHY.replace('selector: { app: web }, ports', 'selector: { app: wbe }, ports');

let folder = '';
let healthy = '';
let broken = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'check-'));
  healthy = join(folder, 'healthy.yaml');
  broken = join(folder, 'broken.yaml');
  writeFileSync(healthy, HEALTHY);
  writeFileSync(broken, BROKEN);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function check(...args: string[]) {
  const flags = ['--conditions=react-server', '--import', 'tsx', join(import.meta.dirname, 'check.ts')];
  const { status, stdout, stderr } = spawnSync(process.execPath, [...flags, ...args], {
    encoding: 'utf8',
    env: { ...process.env, KUBECONFIG: join(folder, 'no-such-kubeconfig'), NO_COLOR: '1' },
  });
  return { status, stdout, stderr };
}

describe('check', () => {
  it('passes what is healthy, without a controller among the manifests', () => {
    const { status, stdout } = check(healthy);
    expect(stdout).toContain('1 rule, 0 of them not served as they should be');
    expect(stdout).toContain('judged as ingress-nginx would serve them');
    expect(status).toBe(0);
  });

  it('fails what is broken, with its place, cause and fix', () => {
    const { status, stdout } = check(broken);
    expect(stdout).toContain('www.example.com/ → 503  [service-no-endpoints]');
    expect(stdout).toContain(`at ${broken}:1`);
    expect(stdout).toContain('because selector app=wbe matches no pod');
    expect(status).toBe(1);
    expect(check(broken, '--fail-on', 'never').status).toBe(0);
  });

  it('writes SARIF that points at the line', () => {
    const file = join(folder, 'out.sarif');
    expect(check(broken, '--format', 'sarif', '--output', file)).toMatchObject({ status: 1, stdout: '' });
    const { runs } = JSON.parse(spawnSync('cat', [file], { encoding: 'utf8' }).stdout);
    expect(runs[0].results).toContainEqual(
      expect.objectContaining({
        ruleId: 'service-no-endpoints',
        level: 'error',
        locations: [
          expect.objectContaining({
            physicalLocation: { artifactLocation: { uri: broken }, region: { startLine: 1 } },
          }),
        ],
      }),
    );
    const rules = runs[0].tool.driver.rules.map(({ id }: { id: string }) => id);
    expect(rules).toContain('service-no-endpoints');
  });

  it('writes JUnit and JSON', () => {
    const { stdout: xml } = check(broken, '--format', 'junit');
    expect(xml).toContain('<testcase classname="rules.shop" name="www.example.com/">');
    expect(xml).toContain('<failure type="service-no-endpoints"');
    const json = JSON.parse(check(broken, '--format', 'json').stdout);
    expect(json).toMatchObject({ failed: true, rules: [{ name: 'www.example.com/', status: 'broken' }] });
  });

  it('takes what a dump holds none of for unknown, not for missing', () => {
    const dump = join(folder, 'dump.yaml');
    const tls = 'spec:\n  tls: [{ hosts: [www.example.com], secretName: web-tls }]\n  ingressClassName';
    writeFileSync(dump, HEALTHY.replace('spec:\n  ingressClassName', tls));
    const { status, stdout } = check('--dump', dump);
    expect(stdout).not.toMatch(/^(broken|degraded)/m);
    expect(stdout).toMatch(/^not seen:\n.*endpointslices,.* secrets,.*: the dump holds none/m);
    expect(status).toBe(0);
  });

  it('says with status 2 what it cannot check', () => {
    const missing = check(join(folder, 'nothing.yaml'));
    expect([missing.status, missing.stderr]).toEqual([2, expect.stringContaining('no such file or folder')]);
    const odd = join(folder, 'odd.yaml');
    writeFileSync(odd, 'a: [1\n');
    expect(check(odd)).toMatchObject({ status: 2, stderr: expect.stringContaining('odd.yaml:') });
    const cluster = check();
    expect([cluster.status, cluster.stderr]).toEqual([
      2,
      expect.stringContaining('the cluster cannot be read'),
    ]);
  });
});
