import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { at } from './paths.mjs';
import { say } from './say.mjs';

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function take(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  const holder = Number(readFileSync(file, 'utf8') || 0);
  if (holder > 0 && !isAlive(holder)) rmSync(file, { force: true });
  return false;
}

/** Two launchers at once must not install or build over each other: the second waits. */
export async function withLock(name, work) {
  mkdirSync(at('.atlas'), { recursive: true });
  const file = at('.atlas', `${name}.lock`);
  let told = false;
  while (!take(file)) {
    if (!told) say(`Waiting for another ${name} to finish …`);
    told = true;
    await sleep(200);
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}
