import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { sourceHash } from './build.mjs';
import { playwrightCounts, vitestCounts } from './counts.mjs';
import { listenHost } from './dashboard.mjs';
import { staleness } from './install.mjs';
import { checkNode } from './node.mjs';
import { choosePort } from './ports.mjs';
import { contextsOf } from './start.mjs';
import { sum } from './steps.mjs';

const folders: string[] = [];

function folder(files: Record<string, unknown>): string {
  const path = mkdtempSync(join(tmpdir(), 'launch-'));
  folders.push(path);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(path, name, '..'), { recursive: true });
    writeFileSync(join(path, name), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return path;
}

afterEach(() => {
  for (const path of folders.splice(0)) rmSync(path, { recursive: true, force: true });
});

describe('the Node that starts the launcher', () => {
  test.each(['v20.19.0', 'v20.20.2', 'v22.4.0', 'v24.21.0'])('%s will do', (version) => {
    expect(() => checkNode(version)).not.toThrow();
  });

  test.each(['v18.20.8', 'v20.18.3'])('%s is refused in one line', (version) => {
    expect(() => checkNode(version)).toThrow(/^Node v\S+ is too old: 20\.19 or newer.*$/);
  });
});

describe('whether packages must be installed', () => {
  const lock = {
    packages: {
      '': { name: 'project' },
      'node_modules/a': { version: '1.0.0' },
      'node_modules/a-darwin': { version: '1.0.0', optional: true },
    },
  };
  const check = (installed: unknown) => {
    const path = folder({ 'lock.json': lock, ...(installed ? { 'note.json': installed } : {}) });
    return staleness(join(path, 'lock.json'), join(path, 'note.json'));
  };

  test('nothing is installed', () => {
    expect(check(undefined)).toBe('nothing is installed yet');
  });

  test('another version is installed', () => {
    expect(check({ packages: { 'node_modules/a': { version: '0.9.0' } } })).toBe(
      'node_modules/a is 0.9.0, wanted is 1.0.0',
    );
  });

  test('a package is missing', () => {
    expect(check({ packages: {} })).toBe('node_modules/a is missing');
  });

  test("another system's package may be missing", () => {
    expect(check({ packages: { 'node_modules/a': { version: '1.0.0' } } })).toBeUndefined();
  });
});

describe('whether to build', () => {
  test('a changed, added or moved source asks for a build; a test does not', () => {
    const before = { 'lib/a.ts': '1', 'app/page.tsx': '2' };
    const hash = (files: Record<string, string>) => sourceHash(folder(files));
    expect(hash({ ...before })).toBe(hash(before));
    expect(hash({ ...before, 'lib/a.test.ts': '3' })).toBe(hash(before));
    expect(hash({ ...before, 'lib/a.ts': '4' })).not.toBe(hash(before));
    expect(hash({ ...before, 'lib/b.ts': '' })).not.toBe(hash(before));
    expect(hash({ 'lib/b.ts': '1', 'app/page.tsx': '2' })).not.toBe(hash(before));
  });
});

describe('the port', () => {
  const host = '127.0.0.1';
  const taken = () =>
    new Promise<{ port: number; close: () => void }>((done) => {
      const server = createServer();
      server.listen(0, host, () => {
        const address = server.address();
        const port = typeof address === 'object' && address ? address.port : 0;
        done({ port, close: () => server.close() });
      });
    });

  test('0 takes any free one', async () => {
    expect(await choosePort({ host, mayMove: false, env: { PORT: '0' } })).toBeGreaterThan(0);
  });

  test('one that is in use and asked for by name is refused', async () => {
    const { port, close } = await taken();
    const choice = choosePort({ host, mayMove: true, env: { PORT: String(port) } });
    await expect(choice).rejects.toThrow(`Port ${port} is in use: set PORT to another one`);
    close();
  });

  test.each(['abc', '-1', '70000', '80.5'])('%s is no port', async (PORT) => {
    await expect(choosePort({ host, mayMove: true, env: { PORT } })).rejects.toThrow(
      `PORT="${PORT}" is not a port`,
    );
  });

  test('it listens on the loopback address, in a cluster on all', () => {
    expect(listenHost({})).toBe('127.0.0.1');
    expect(listenHost({ KUBERNETES_SERVICE_HOST: '10.0.0.1' })).toBe('0.0.0.0');
    expect(listenHost({ HOST: '::1', KUBERNETES_SERVICE_HOST: '10.0.0.1' })).toBe('::1');
  });
});

describe('arguments of start', () => {
  test('contexts, in both spellings', () => {
    expect(contextsOf(['--context', 'a', '--context=b=c'])).toEqual(['a', 'b=c']);
  });

  test.each([[['--foo']], [['--context']], [['--context=']]])('%j is refused', (args) => {
    expect(() => contextsOf(args)).toThrow(/--context/);
  });
});

describe('counting tests', () => {
  test('both runners are understood, and a run without an answer counts nothing', () => {
    const path = folder({
      'vitest.json': { numPassedTests: 3, numFailedTests: 1 },
      'playwright.json': { stats: { expected: 4, unexpected: 2, flaky: 1, skipped: 5 } },
    });
    expect(vitestCounts(join(path, 'vitest.json'))).toEqual({ passed: 3, failed: 1 });
    expect(playwrightCounts(join(path, 'playwright.json'))).toEqual({ passed: 5, failed: 2 });
    expect(vitestCounts(join(path, 'none.json'))).toEqual({ passed: 0, failed: 0 });
  });

  test('one step that is not in order makes the whole not in order', () => {
    const steps = [
      { name: 'unit', ok: true, passed: 3, failed: 0 },
      { name: 'lint', ok: false, passed: 0, failed: 1 },
    ];
    expect(sum(steps)).toEqual({ ok: false, passed: 3, failed: 1 });
  });
});
