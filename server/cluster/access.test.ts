import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { openAccess } from './access';
import { AccessError, contextsOf } from './kubeconfig';

interface Entry {
  readonly server?: string;
  readonly user?: object;
}

let folder: string;
const write = (name: string, contexts: Record<string, Entry>, current = Object.keys(contexts)[0]): string => {
  const path = join(folder, name);
  const all = Object.entries(contexts);
  writeFileSync(
    path,
    stringify({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': current,
      clusters: all.map(([key, { server = 'http://127.0.0.1:1' }]) => ({ name: key, cluster: { server } })),
      users: all.map(([key, { user = {} }]) => ({ name: key, user })),
      contexts: all.map(([key]) => ({ name: key, context: { cluster: key, user: key } })),
    }),
  );
  return path;
};
const env = {};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'access-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('access', () => {
  it('takes the current context, or the one that is named', async () => {
    const kubeconfig = write('c', {
      a: { server: 'http://127.0.0.1:81' },
      b: { server: 'https://127.0.0.1:82/k8s/c-1/', user: { token: 'tok' } },
    });
    expect(openAccess({ kubeconfig, env })).toMatchObject({ context: 'a', server: 'http://127.0.0.1:81/' });
    const named = openAccess({ kubeconfig, env, context: 'b' });
    expect((await named.credentials()).headers).toEqual({ Authorization: 'Bearer tok' });
    expect((await named.credentials()).server.pathname).toBe('/k8s/c-1');
    expect(contextsOf({ kubeconfig, env })).toEqual({ current: 'a', names: ['a', 'b'] });
  });

  it('merges files as kubectl does: the first wins, missing ones are left out', () => {
    const first = write('1', { a: { server: 'http://127.0.0.1:81' } });
    const second = write('2', { a: { server: 'http://127.0.0.1:99' }, b: {} }, 'b');
    const kubeconfig = [first, join(folder, 'missing'), second].join(delimiter);
    expect(openAccess({ kubeconfig, env })).toMatchObject({ context: 'a', server: 'http://127.0.0.1:81/' });
    expect(contextsOf({ kubeconfig, env }).names).toEqual(['a', 'b']);
  });

  it('says what to do when there is no kubeconfig, no such context, or no YAML', () => {
    expect(() => openAccess({ kubeconfig: join(folder, 'none'), env })).toThrow(/set KUBECONFIG/);
    const kubeconfig = write('c', { a: {} });
    expect(() => openAccess({ kubeconfig, env, context: 'zzz' })).toThrow('no context "zzz"; it has: a');
    writeFileSync(join(folder, 'bad'), '{{{{');
    expect(() => openAccess({ kubeconfig: join(folder, 'bad'), env })).toThrow(AccessError);
  });

  it('keeps one agent, so that connections are reused', async () => {
    const access = openAccess({ kubeconfig: write('c', { a: {} }), env });
    expect((await access.credentials()).agent).toBe((await access.credentials()).agent);
  });

  it('asks an exec plugin, and again after a refusal', async () => {
    const script = join(folder, 'plugin.mjs');
    const counter = join(folder, 'count');
    writeFileSync(counter, '0');
    writeFileSync(
      script,
      `import fs from 'node:fs'; const n = Number(fs.readFileSync(${JSON.stringify(counter)})) + 1; fs.writeFileSync(${JSON.stringify(counter)}, String(n));
       console.log(JSON.stringify({ apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', status: { token: 'token-' + n } }));`,
    );
    const user = {
      exec: { apiVersion: 'client.authentication.k8s.io/v1', command: process.execPath, args: [script] },
    };
    const access = openAccess({ kubeconfig: write('c', { a: { user } }), env });
    const token = async () => (await access.credentials()).headers.Authorization;
    expect(await Promise.all([token(), token(), token()])).toEqual(Array(3).fill('Bearer token-1'));
    expect(await token()).toBe('Bearer token-1');
    access.refresh();
    expect(await token()).toBe('Bearer token-2');
  });

  it('reads a token file again after a refusal, without its line break', async () => {
    const tokenFile = join(folder, 'token');
    writeFileSync(tokenFile, 'first\n');
    const access = openAccess({ kubeconfig: write('c', { a: { user: { tokenFile } } }), env });
    const token = async () => (await access.credentials()).headers.Authorization;
    expect(await token()).toBe('Bearer first');
    writeFileSync(tokenFile, 'second\n');
    access.refresh();
    expect(await token()).toBe('Bearer second');
  });

  it('stays with its context and its credentials when the kubeconfig changes or breaks', async () => {
    const kubeconfig = write('c', { a: { user: { token: 'one' } }, b: {} });
    const access = openAccess({ kubeconfig, env });
    write('c', { a: { user: { token: 'two' } }, b: {} }, 'b');
    access.refresh();
    expect((await access.credentials()).headers.Authorization).toBe('Bearer two');
    expect(access.context).toBe('a');
    writeFileSync(kubeconfig, '');
    access.refresh();
    expect((await access.credentials()).headers.Authorization).toBe('Bearer two');
  });

  it('sends a user and password as basic authentication', async () => {
    const access = openAccess({
      kubeconfig: write('c', { a: { user: { username: 'u', password: 'p' } } }),
      env,
    });
    expect((await access.credentials()).headers.Authorization).toBe(
      `Basic ${Buffer.from('u:p').toString('base64')}`,
    );
  });
});
