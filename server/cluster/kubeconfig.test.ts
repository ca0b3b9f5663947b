import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { kubeconfigText } from '@/sandbox/api/kubeconfig';
import { openAccess } from './access';
import { contextsOf } from './kubeconfig';

let folder: string;
const env = {};
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kubeconfig-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const put = (name: string, clusterName: string, server: string, token: string) =>
  writeFileSync(join(folder, name), kubeconfigText({ clusterName, server, token }));
const tokenOf = async (context: string, kubeconfig = folder) =>
  (await openAccess({ kubeconfig, context, env }).credentials()).headers.Authorization;

it('a folder is all its files, each with its own clusters and users, whatever they are called', async () => {
  put('a.yaml', 'default', 'http://127.0.0.1:81', 'first');
  put('b.yaml', 'default', 'http://127.0.0.1:82', 'second');
  put('c.yaml', 'third', 'http://127.0.0.1:83', 'third');
  expect(contextsOf({ kubeconfig: folder, env })).toEqual({
    current: 'default',
    names: ['default', 'b/default', 'third'],
  });
  expect(openAccess({ kubeconfig: folder, context: 'b/default', env }).server).toBe('http://127.0.0.1:82/');
  expect(await Promise.all(['default', 'b/default', 'third'].map((name) => tokenOf(name)))).toEqual([
    'Bearer first',
    'Bearer second',
    'Bearer third',
  ]);
});

it('a mounted folder’s own links are none of them, and a folder may stand in a path list', async () => {
  mkdirSync(join(folder, '..data'));
  writeFileSync(
    join(folder, '..data', 'kubeconfig'),
    kubeconfigText({ clusterName: 'm', server: 'http://a' }),
  );
  symlinkSync(join('..data', 'kubeconfig'), join(folder, 'kubeconfig'));
  writeFileSync(join(folder, '.hidden'), 'nothing to see');
  const beside = mkdtempSync(join(tmpdir(), 'kubeconfig-'));
  const file = join(beside, 'config');
  writeFileSync(file, kubeconfigText({ clusterName: 'own', server: 'http://b' }));
  expect(contextsOf({ kubeconfig: [file, folder].join(delimiter), env }).names).toEqual(['own', 'm']);
  rmSync(beside, { recursive: true });
});

it('an empty folder says so', () => {
  expect(() => contextsOf({ kubeconfig: folder, env })).toThrow(`no kubeconfig with a context in ${folder}`);
});

it('credentials that are written anew are taken without a refusal', async () => {
  put('a.yaml', 'here', 'http://127.0.0.1:81', 'old');
  const access = openAccess({ kubeconfig: folder, context: 'here', env });
  const given = async () => (await access.credentials()).headers.Authorization;
  expect(await given()).toBe('Bearer old');
  put('a.yaml', 'here', 'http://127.0.0.1:8181', 'newer');
  for (let i = 0; (await given()) === 'Bearer old' && i < 1000; i++)
    await new Promise((done) => setTimeout(done, 10));
  expect(await given()).toBe('Bearer newer');
  expect(access.server).toBe('http://127.0.0.1:8181/');
});
