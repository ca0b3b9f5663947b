import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '@/sandbox/start';
import { until } from '@/server/testing/open-stream';
import { serveWhole, type WholeServer } from '@/server/testing/whole-server';

let sandbox: Sandbox;
let server: WholeServer;

beforeAll(async () => {
  sandbox = await startSandbox({ scenario: 'online-store-incident' });
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

const found = async (): Promise<readonly { code: string; detail: string; cause: string | null }[]> => {
  const response = await fetch(`${server.url}/api/v1/findings`);
  const body = (await response.json()) as { findings?: never[]; items?: never[] };
  return body.findings ?? body.items ?? [];
};

it('what ingress-nginx says in its log hangs under what is broken, with the last lines of what crashes', async () => {
  let codes = '';
  const end = Date.now() + 15_000;
  while (!codes.includes('controller-log-missing-backend') && Date.now() < end) {
    codes = JSON.stringify(await found());
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const findings = await found();
  const missing = findings.find(({ code }) => code === 'controller-log-missing-backend');
  expect(missing?.detail).toContain('ops/admin-ui');
  expect(missing?.cause).toContain('service-missing:');
  expect(findings.some(({ code }) => code === 'controller-log-no-endpoints')).toBe(true);
  expect(findings.some(({ code }) => code === 'controller-log-tls-fallback')).toBe(true);
  expect(JSON.stringify(findings)).toContain("Unknown column 'owner_id'");
  expect(findings.filter(({ code }) => code === 'check-failed')).toEqual([]);
}, 40_000);
