import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ExecPlugin, type ExecTiming } from './exec-plugin';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'exec-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A real program; `body` is JavaScript, with `n` for how often it has been asked. */
function plugin(body: string, timing: Partial<ExecTiming> = {}, more: object = {}): ExecPlugin {
  const script = join(folder, 'plugin.mjs');
  const counter = JSON.stringify(join(folder, 'count'));
  writeFileSync(
    script,
    `import fs from 'node:fs';
     const n = fs.existsSync(${counter}) ? Number(fs.readFileSync(${counter})) + 1 : 1;
     fs.writeFileSync(${counter}, String(n));
     const give = (status) => console.log(JSON.stringify({ kind: 'ExecCredential', status }));
     ${body}`,
  );
  const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: process.execPath, args: [script] };
  return new ExecPlugin({ ...exec, ...more }, folder, timing);
}
const asked = () => Number(readFileSync(join(folder, 'count'), 'utf8'));

it('is asked once by all who ask together, and again when what it gave has ended', async () => {
  // What ends within seconds is not begun with.
  const one = plugin(
    `give({ token: 't' + n, expirationTimestamp: new Date(Date.now() + (n === 1 ? 1000 : 3600000)) })`,
  );
  const tokens = await Promise.all([one.credential(), one.credential(), one.credential()]);
  expect(tokens.map(({ token }) => token)).toEqual(['t1', 't1', 't1']);
  expect((await one.credential()).token).toBe('t2');
  expect((await one.credential()).token).toBe('t2');
  expect(asked()).toBe(2);
});

it('gives certificates too, and is told what client-go tells', async () => {
  const { token, certificate, key } = await plugin(
    `const { apiVersion, kind } = JSON.parse(process.env.KUBERNETES_EXEC_INFO);
     give({ token: [apiVersion, kind, process.env.EXTRA].join(' '), clientCertificateData: 'CERT', clientKeyData: 'KEY' })`,
    {},
    { env: [{ name: 'EXTRA', value: 'yes' }] },
  ).credential();
  expect(token).toBe('client.authentication.k8s.io/v1 ExecCredential yes');
  expect([certificate, key]).toEqual(['CERT', 'KEY']);
});

it('that fails says so with its first line, and is not asked again at once', async () => {
  const failing = plugin(
    `console.error('\\nThe SSO session has expired.\\nTraceback: canary'); process.exit(n)`,
  );
  await expect(failing.credential()).rejects.toThrow(/ended with 1: The SSO session has expired\.$/);
  await expect(failing.credential()).rejects.toThrow('ended with 1');
  expect(asked()).toBe(1);
  const patient = plugin(`console.error('no'); process.exit(9)`, { failedAgain: 0 });
  await expect(patient.credential()).rejects.toThrow('ended with 9');
  await expect(patient.credential()).rejects.toThrow('ended with 9');
  expect(asked()).toBe(3);
});

it('works again once its failure has passed', async () => {
  const moody = plugin(`if (n === 1) process.exit(1); give({ token: 'better' })`, { failedAgain: 0 });
  await expect(moody.credential()).rejects.toThrow('ended with 1');
  expect((await moody.credential()).token).toBe('better');
});

it('that hangs is ended, and one that asks finds nobody to answer', async () => {
  const pid = JSON.stringify(join(folder, 'pid'));
  const hanging = plugin(`fs.writeFileSync(${pid}, String(process.pid)); setInterval(() => {}, 1000)`, {
    within: 1500,
    failedAgain: 0,
  });
  await expect(hanging.credential()).rejects.toThrow('did not end within');
  const child = Number(readFileSync(join(folder, 'pid'), 'utf8'));
  const isAlive = () => {
    // A zombie of a moment is gone for good; what runs is not.
    const path = `/proc/${child}/stat`;
    return existsSync(path) && !readFileSync(path, 'utf8').includes(') Z ');
  };
  for (let i = 0; isAlive() && i < 500; i++) await new Promise((done) => setTimeout(done, 10));
  expect(isAlive()).toBe(false);
  const asking = plugin(`process.stdin.on('end', () => give({ token: 'eof' })).resume()`);
  expect((await asking.credential()).token).toBe('eof');
});

it('shows nothing of what it prints: that may be credentials', async () => {
  for (const output of [`'canary {'`, `JSON.stringify({ status: { other: 'canary' } })`]) {
    const error = await plugin(`console.log(${output})`)
      .credential()
      .catch((thrown: Error) => thrown);
    expect(String(error)).toContain('the credential plugin');
    expect(String(error)).not.toContain('canary');
  }
});

it('that is not installed says how to get it; a relative one lies beside its kubeconfig', async () => {
  const missing = new ExecPlugin(
    { command: 'no-such-plugin', installHint: '\nbrew install it\nmore' },
    folder,
  );
  await expect(missing.credential()).rejects.toThrow(
    'the credential plugin no-such-plugin is not installed: brew install it',
  );
  const path = join(folder, 'beside');
  writeFileSync(path, `#!${process.execPath}\nconsole.log(JSON.stringify({ status: { token: 'beside' } }))`);
  chmodSync(path, 0o700);
  expect((await new ExecPlugin({ command: './beside' }, folder).credential()).token).toBe('beside');
});
