import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { problemSchema } from '@/lib/wire/api';
import { snapshotSchema } from '@/lib/wire/snapshot';
import { ServerProcess } from '@/server/testing/server-process';

const FIXTURE = join(import.meta.dirname, '../../lib/snapshot/fixtures/version-1.json');

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ingress-atlas-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('an exported file in place of a cluster', () => {
  it('is served whole, with its pictures, and nothing is made, revoked or asked of a cluster', async () => {
    const file = join(folder, 'export.json');
    await copyFile(FIXTURE, file);
    const server = new ServerProcess({
      ATLAS_SNAPSHOT_FILE: file,
      KUBECONFIG: join(folder, 'none'),
      LOG_LEVEL: 'debug',
    });
    const url = await server.url();
    const api = `${url}/api/v1/snapshots`;
    const snapshot = snapshotSchema.parse(await (await fetch(`${api}/file`)).json());
    expect(snapshot).toEqual({ id: 'file', ...JSON.parse(await readFile(FIXTURE, 'utf8')) });
    expect(await (await fetch(`${api}/file/export`)).json()).toEqual(
      JSON.parse(await readFile(FIXTURE, 'utf8')),
    );
    const png = Buffer.from(await (await fetch(`${api}/file/image.png`)).arrayBuffer());
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([1200, 630]);
    const made = await fetch(api, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    expect(made.status).toBe(503);
    expect(problemSchema.parse(await made.json()).detail).toContain('a file is shown, not a cluster');
    expect((await fetch(`${api}/file`, { method: 'DELETE' })).status).toBe(404);
    expect(server.log).not.toContain('kubeconfig');
    await server.stop();
  });

  it.each([
    ['that is not there', null, 'there is no such file'],
    ['that is a picture', '\u0089PNG', 'it is no JSON'],
    ['that is cut off', 'half', 'it is cut off or damaged'],
    ['of a newer version', 'newer', 'it was written by a newer version of Ingress Atlas (schema 2;'],
  ])('one %s ends the start with one line and status 1', async (name, content, words) => {
    const file = join(folder, `${name.replaceAll(' ', '-')}.json`);
    const text = await readFile(FIXTURE, 'utf8');
    const made = { half: text.slice(0, 5000), newer: text.replace('"schema": 1', '"schema": 2') }[
      content ?? ''
    ];
    if (content !== null) await writeFile(file, made ?? content);
    const server = new ServerProcess({ ATLAS_SNAPSHOT_FILE: file });
    expect(await server.exited).toBe(1);
    const [line, ...more] = server.log.trim().split('\n');
    expect(line).toContain(`${file} cannot be shown as a snapshot: ${words}`);
    expect(more).toEqual([]);
  });
});

describe('without a recorder', () => {
  it('no snapshot is made or found, and the answer says why', async () => {
    const server = new ServerProcess({
      KUBECONFIG: join(folder, 'none'),
      DATABASE_URL: 'off',
      ATLAS_DNS: 'off',
    });
    const api = `${await server.url()}/api/v1/snapshots`;
    const post = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' };
    for (const response of [await fetch(api, post), await fetch(`${api}/${'A'.repeat(22)}`)]) {
      expect(response.status).toBe(503);
      expect(problemSchema.parse(await response.json()).detail).toContain('DATABASE_URL=off');
    }
    await server.stop();
  });
});
