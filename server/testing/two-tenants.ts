import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Topology } from '@/lib/topology/model';
import { writeKubeconfig } from '@/sandbox/api/kubeconfig';
import { CertificateAuthority } from '@/sandbox/controllers/certificates';
import { type Sandbox, startSandbox } from '@/sandbox/start';
import { type Call, caller } from './cluster-changes';
import { addPeople, letGet, letSee } from './cluster-people';
import { ADMIN, LeakMatrix, TENANTS, topologyIn } from './leak-matrix';
import { until } from './open-stream';
import { ServerProcess } from './server-process';
import { MARKS, type Mark, tenantLines, tenantObjects, tenantRecords } from './tenants';

export interface TwoTenants {
  readonly call: Call;
  readonly server: ServerProcess;
  readonly url: string;
  readonly matrix: LeakMatrix;
  /** All of the cluster, when both tenants had all their troubles. */
  readonly whole: Topology;
  close(): Promise<void>;
}

/** A cluster with both tenants and people of each, and a dashboard of it that believes its proxy who asks. */
export async function startTwoTenants(): Promise<TwoTenants> {
  const folder = await mkdtemp(join(tmpdir(), 'ingress-atlas-'));
  const sandbox = await startSandbox({ scenario: 'online-store', speed: 50 });
  const call = caller(sandbox.url);
  await createTenants(call);
  await addPeople(sandbox);
  const namespaces = TENANTS.flatMap((viewer) => viewer.namespaces || []);
  await letSee(sandbox.url, namespaces);
  await letGet(sandbox.url, namespaces);
  const server = await startServer(sandbox, folder);
  const url = await server.url();
  const matrix = new LeakMatrix(url);
  const whole = await settledTopology(matrix);
  const pod = whole.nodes.find(
    ({ kind, namespace }) => kind === 'pod' && namespace === 'ingress-nginx',
  )?.name;
  for (const mark of MARKS)
    await call('POST', '/sandbox/pods/log', {
      namespace: 'ingress-nginx',
      pod: pod ?? 'none',
      lines: tenantLines(mark),
    });
  await until('the recorder records', async () =>
    (await matrix.ask(ADMIN, { path: '/readyz' })).text.includes('"state":"recording"'),
  );
  const close = async () => {
    await server.stop();
    await sandbox.close();
    await rm(folder, { recursive: true });
  };
  return { call, server, url, matrix, whole, close };
}

/** Makes tenants with all that they have. */
export async function createTenants(call: Call, marks: readonly Mark[] = MARKS): Promise<void> {
  const authority = await CertificateAuthority.create();
  for (const mark of marks) {
    await call('POST', '/sandbox/dns', { records: tenantRecords(mark) });
    const tls = await authority.issue([`${mark}.example`, `${mark}-cert.example`]);
    for (const [collection, object] of tenantObjects(mark, tls))
      expect(await call('POST', collection, object), JSON.stringify(object)).toBe(201);
  }
}

async function startServer(sandbox: Sandbox, folder: string): Promise<ServerProcess> {
  const kubeconfig = join(folder, 'kubeconfig');
  await writeKubeconfig(kubeconfig, { server: sandbox.url });
  return new ServerProcess({
    KUBECONFIG: kubeconfig,
    ATLAS_DNS_SERVERS: sandbox.dns.join(','),
    ATLAS_SECRETS: 'watch',
    DATABASE_URL: `sqlite:${join(folder, 'history.sqlite')}`,
    LOG_LEVEL: 'trace',
    ATLAS_AUTH: 'proxy',
    ATLAS_PROXY_PEERS: '127.0.0.1/32',
  });
}

async function settledTopology(matrix: LeakMatrix): Promise<Topology> {
  let whole: Topology | null = null;
  const has = ({ nodes, findings }: Topology) =>
    MARKS.every(
      (mark) =>
        nodes.some(({ id }) => id === `service:${mark}-ns/${mark}-lonely`) &&
        findings.some(({ id }) => id.startsWith('pod-') && id.includes(mark)),
    );
  await until('both tenants are drawn, and ail', async () => {
    const answer = await matrix.ask(ADMIN, { path: '/api/v1/topology?scope=all' });
    whole = answer.status === 200 ? topologyIn(answer) : null;
    // The last to come is what DNS says.
    return whole !== null && has(whole) && MARKS.every((mark) => answer.text.includes(`${mark}-alias`));
  });
  if (!whole) throw new Error('there is no topology');
  return whole;
}
