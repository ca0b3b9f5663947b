import { mkdtemp, rm } from 'node:fs/promises';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '@/sandbox/start';
import { anyRequest, ask, faultOf } from '@/server/testing/any-request';
import { until } from '@/server/testing/open-stream';
import { serveWhole, type WholeServer } from '@/server/testing/whole-server';

/** Fixed, so that what failed once fails again. */
const SEED = 20_261_123;
const RUNS = 10_000;

let folder: string;
let sandbox: Sandbox;
let server: WholeServer;
const agent = new Agent({ keepAlive: true, maxSockets: 8 });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ingress-atlas-'));
  sandbox = await startSandbox({ scenario: 'online-store-incident', speed: 20 });
  server = await serveWhole({
    NODE_ENV: 'test',
    KUBECONFIG: sandbox.kubeconfig,
    ATLAS_SECRETS: 'watch',
    ATLAS_DNS: 'off',
    DATABASE_URL: `sqlite:${join(folder, 'history.sqlite')}`,
    LOG_LEVEL: 'silent',
  });
  await until('the cluster is read', () => server.runtime.hub.synced);
  await until('something is recorded', () => server.runtime.recorder.status.newest !== null);
});
afterAll(async () => {
  agent.destroy();
  await server.close();
  await sandbox.close();
  await rm(folder, { recursive: true });
});

test(`${RUNS} requests with whatever parameters: never a 500, and what is refused is a problem+json`, async () => {
  const statuses = new Map<number, number>();
  await fc.assert(
    fc.asyncProperty(anyRequest, async (asked) => {
      const got = await ask(server.url, agent, asked);
      statuses.set(got.status, (statuses.get(got.status) ?? 0) + 1);
      expect(faultOf(got)).toBeNull();
    }),
    { seed: SEED, numRuns: RUNS },
  );
  // It has been everywhere: answers, redirects, wrong parameters, paths and methods.
  for (const status of [200, 302, 400, 404, 405])
    expect(statuses.get(status), String(status)).toBeGreaterThan(20);
  const metrics = await (await fetch(`${server.url}/metrics`)).text();
  expect(metrics).toMatch(/^atlas_errors_total 0$/m);
  await until('no stream is left open', () => server.runtime.first.streams.clients === 0);
}, 240_000);
