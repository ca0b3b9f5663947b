import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Topology } from '@/lib/topology/model';
import { type Sandbox, startSandbox } from '@/sandbox/start';
import { DATABASES, type TestDatabase } from '@/server/recorder/testing/databases';
import { anyRequest, ask, faultOf } from '@/server/testing/any-request';
import { hostileObjects, NAMES, UNSPEAKABLE } from '@/server/testing/hostile-objects';
import { until } from '@/server/testing/open-stream';
import { ServerProcess } from '@/server/testing/server-process';

/** What databases, logs and terminals choke on. */
const ODD = ['a\u0000b', '\ud800', '\u202e', '\u001b[31m', `'"\\`, '\uffff', '\u2028', '𝕏'.repeat(200)];

describe.each(DATABASES)('text that nobody should write, kept in $name', ({ open, skip }) => {
  let folder: string;
  let database: TestDatabase;
  let sandbox: Sandbox;
  let server: ServerProcess;
  let url: string;

  beforeAll(async () => {
    if (skip) return;
    folder = await mkdtemp(join(tmpdir(), 'ingress-atlas-'));
    const dump = join(folder, 'dump.json');
    await writeFile(dump, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: hostileObjects() }));
    sandbox = await startSandbox({ paths: [dump], dump: true });
    database = await open();
    server = new ServerProcess({
      KUBECONFIG: sandbox.kubeconfig,
      ATLAS_SECRETS: 'watch',
      ATLAS_DNS: 'off',
      DATABASE_URL: await database.fresh(),
      LOG_LEVEL: 'trace',
    });
    url = await server.url();
    await until('it is recorded', async () => (await ready()).recorder?.newest !== null);
  });
  afterAll(async () => {
    if (skip) return;
    await server.stop();
    await sandbox.close();
    await database.close();
    await rm(folder, { recursive: true });
  });

  const ready = async () =>
    (await (await fetch(`${url}/readyz`)).json()) as {
      readonly recorder: { readonly state: string; readonly newest: string | null } | null;
    };
  const send = (method: string, path: string, body: object) =>
    fetch(`${url}/api/v1/${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const metrics = async () => await (await fetch(`${url}/metrics`)).text();
  const topology = async () => (await (await fetch(`${url}/api/v1/topology`)).json()) as Topology;

  it.skipIf(skip)('is drawn, recorded, and found again in the past', async () => {
    const now = await topology();
    const hosts = now.nodes.filter(({ kind }) => kind === 'host').map(({ name }) => name);
    expect(hosts).toEqual(expect.arrayContaining([...NAMES]));
    expect(hosts.filter((name) => name.startsWith('nul') || name.startsWith('line')).length).toBe(2);
    expect(UNSPEAKABLE.length).toBe(3);
    await until('it is kept', async () => (await ready()).recorder?.state === 'recording');
    const at = new Date().toISOString();
    await until('the past can be read', async () => (await fetch(`${url}/api/v1/topology?at=${at}`)).ok);
    const past = (await (await fetch(`${url}/api/v1/topology?at=${at}`)).json()) as Topology;
    expect(past.nodes.length).toBe(now.nodes.length);
    expect(now.findings.some(({ code }) => code.startsWith('tls-'))).toBe(true);
  });

  it.skipIf(skip)('is taken as note of a snapshot and of a mark, or refused, never a fault', async () => {
    const { findings } = await topology();
    const finding = encodeURIComponent(findings[0]?.id ?? '');
    for (const text of ODD) {
      const mark = await send('PUT', `marks/${finding}`, { note: text, fingerprint: text });
      expect([200, 400], JSON.stringify(text)).toContain(mark.status);
      const made = await send('POST', 'snapshots', { note: text });
      expect([201, 429], JSON.stringify(text)).toContain(made.status);
    }
    expect((await fetch(`${url}/api/v1/marks`)).status).toBe(200);
  });

  it.skipIf(skip)(
    'survives five hundred odd requests, and tells nothing of it in metrics or log',
    async () => {
      const agent = new Agent({ keepAlive: true, maxSockets: 8 });
      const property = fc.asyncProperty(anyRequest, async (asked) => {
        expect(faultOf(await ask(url, agent, asked))).toBeNull();
      });
      await fc.assert(property, { seed: 11, numRuns: 500 });
      agent.destroy();
      const scraped = await metrics();
      expect(scraped).toMatch(/^atlas_errors_total 0$/m);
      expect(scraped).toMatch(/^atlas_build_failures 0$/m);
      // No name of an object is a label, and each line of the log is one whole JSON object.
      expect(scraped).not.toMatch(/<script|pwned|evil|\.example|__proto__/i);
      const lines = server.log.trim().split('\n');
      for (const line of lines) expect(() => JSON.parse(line), line).not.toThrow();
      expect(lines.length).toBeGreaterThan(300);
      expect(server.log).not.toMatch(/pwned|\u202e/);
      expect(server.log.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
      expect((await ready()).recorder?.state).toBe('recording');
    },
  );
});
