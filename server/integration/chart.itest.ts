/* What the chart renders, given to an API server that checks types and unknown fields; nothing is stored. */
import { execFile, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeKubeconfig } from '@/sandbox/api/kubeconfig';
import { type Sandbox, startSandbox } from '@/sandbox/start';
import { type ChartObject, renderedObjects } from '@/server/testing/chart';

const ROOT = join(import.meta.dirname, '..', '..');
const KUBECTL = process.env.KUBECTL ?? 'kubectl';
const hasKubectl = spawnSync(KUBECTL, ['version', '--client']).status === 0;

const FILES = ['deploy/helm/golden', 'deploy/manifests'].flatMap((folder) =>
  readdirSync(join(ROOT, folder)).map((name) => `${folder}/${name}`),
);

/** Kinds of others, that a cluster has where they are installed; their fields are not known here. */
const ADDED = [
  { group: 'monitoring.coreos.com', version: 'v1', resource: 'servicemonitors', kind: 'ServiceMonitor' },
  { group: 'monitoring.coreos.com', version: 'v1', resource: 'prometheusrules', kind: 'PrometheusRule' },
  { group: 'gateway.networking.k8s.io', version: 'v1', resource: 'httproutes', kind: 'HTTPRoute' },
];

let sandbox: Sandbox;
let folder: string;

beforeAll(async () => {
  sandbox = await startSandbox({ scenario: 'online-store-incident' });
  for (const added of ADDED) {
    if (sandbox.storage.info(`${added.resource}.${added.group}`)) continue;
    sandbox.storage.register({
      ...added,
      singular: added.kind.toLowerCase(),
      namespaced: true,
      shortNames: [],
      subresources: { status: false },
      custom: true,
    });
  }
  await post('/api/v1/namespaces', {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'ingress-atlas' },
  });
  folder = await mkdtemp(join(tmpdir(), 'ingress-atlas-chart-'));
  await writeKubeconfig(join(folder, 'kubeconfig'), { server: sandbox.url });
});
afterAll(async () => {
  await sandbox.close();
  await rm(folder, { recursive: true });
});

interface Answer {
  readonly status: number;
  readonly text: string;
}

async function post(path: string, body: object): Promise<Answer> {
  const response = await fetch(`${sandbox.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, text: await response.text() };
}

/** Where objects of its kind are made; throws if the cluster does not know the kind. */
function collection({ apiVersion, kind, metadata: { namespace } }: ChartObject): string {
  const resource = sandbox.storage.resourceOf({ apiVersion, kind });
  const info = resource === undefined ? undefined : sandbox.storage.info(resource);
  if (!info) throw new Error(`${apiVersion} ${kind} is no kind of the cluster`);
  if (info.namespaced !== (namespace !== undefined)) throw new Error(`${kind}: namespace ${namespace}`);
  const within = namespace === undefined ? '' : `/namespaces/${namespace}`;
  return `${apiVersion.includes('/') ? '/apis' : '/api'}/${apiVersion}${within}/${info.resource}`;
}

const dryRun = (object: ChartObject) =>
  post(`${collection(object)}?dryRun=All&fieldValidation=Strict`, object);

/** The namespace that a manifest brings is there already, as it is after the second time. */
const isTaken = ({ kind }: ChartObject) => kind !== 'Namespace';

describe.each(FILES)('%s', (file) => {
  it('is taken by the API server, document by document', async () => {
    const objects = renderedObjects(file);
    expect(objects.length).toBeGreaterThan(4);
    for (const object of objects.filter(isTaken)) {
      const { status, text } = await dryRun(object);
      expect([object.kind, status, text]).toEqual([object.kind, 201, text]);
    }
  });

  it.skipIf(!hasKubectl)('is taken by kubectl (skipped where it is not installed)', async () => {
    const { code, out } = await kubectl('apply', '--dry-run=server', '-f', join(ROOT, file));
    expect([code, out]).toEqual([0, out]);
    expect(out.match(/\(server dry run\)/g)).toHaveLength(renderedObjects(file).length);
  });
});

it('is refused with a field that there is not, or a value of another type', async () => {
  const [deployment] = renderedObjects('deploy/helm/golden/cluster-wide.yaml').filter(
    ({ kind }) => kind === 'Deployment',
  );
  if (!deployment) throw new Error('no Deployment');
  const spec = deployment.spec as object;
  const misspelt = await dryRun({ ...deployment, spec: { ...spec, replica: 1 } });
  expect([misspelt.status, misspelt.text]).toEqual([
    400,
    expect.stringContaining('unknown field \\"spec.replica\\"'),
  ]);
  const mistyped = await dryRun({ ...deployment, spec: { ...spec, replicas: '1' } });
  expect(mistyped.status).toBe(400);
});

function kubectl(...args: readonly string[]): Promise<{ readonly code: number; readonly out: string }> {
  const env = { ...process.env, KUBECONFIG: join(folder, 'kubeconfig'), HOME: folder };
  return new Promise((resolve) => {
    execFile(KUBECTL, [...args], { env }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : 1, out: stdout + stderr });
    });
  });
}
