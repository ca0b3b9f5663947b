// The launcher's promise that nothing outlives it, with real processes.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { at } from './paths.mjs';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'launch-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

function gone(pid: number): Promise<boolean> {
  const until = Date.now() + 8_000;
  return new Promise((done) => {
    const look = setInterval(() => {
      const dead = !isAlive(pid);
      if (!dead && Date.now() < until) return;
      clearInterval(look);
      done(dead);
    }, 50);
  });
}

/** A launcher in small: starts one child that never ends by itself and prints its process id. */
async function launcher(childProgram: string): Promise<{ parent: ChildProcess; child: number }> {
  writeFileSync(join(folder, 'child.mjs'), childProgram);
  writeFileSync(
    join(folder, 'parent.mjs'),
    `import { startProgram, stopAll, stopRequested } from ${JSON.stringify(pathToFileURL(at('scripts/launch/processes.mjs')).href)};
     const child = startProgram(process.execPath, [${JSON.stringify(join(folder, 'child.mjs'))}]);
     child.stdout.once('data', () => console.log(child.pid));
     await stopRequested();
     await stopAll();`,
  );
  const parent = spawn(process.execPath, [join(folder, 'parent.mjs')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const child = await new Promise<number>((done) => {
    parent.stdout.once('data', (text) => done(Number(text)));
  });
  return { parent, child };
}

const patient = "setInterval(() => {}, 1000); console.log('up');";
const deaf = `process.on('SIGTERM', () => {}); ${patient}`;

describe('children end with the launcher', () => {
  test.each(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGKILL'] as const)('on %s', async (signal) => {
    const { parent, child } = await launcher(patient);
    parent.kill(signal);
    expect(await gone(child)).toBe(true);
  });

  test.each(['SIGTERM', 'SIGKILL'] as const)('on %s, also one that does not listen', async (signal) => {
    const { parent, child } = await launcher(deaf);
    parent.kill(signal);
    expect(await gone(child)).toBe(true);
  });
});
