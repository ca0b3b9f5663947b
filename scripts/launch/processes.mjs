import { spawn } from 'node:child_process';
import { delimiter, dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { ancestors } from './ancestors.mjs';
import { at, root } from './paths.mjs';
import { Refusal } from './say.mjs';

const running = new Set();
let stopping;

const GRACE = 6_000;
const watch = pathToFileURL(at('scripts/launch/parent-watch.mjs')).href;

function environment(node, extra = {}) {
  const path = `${dirname(node)}${delimiter}${process.env.PATH ?? ''}`;
  const merged = { ...process.env, PATH: path, ...extra };
  // `undefined` means: not this one.
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== undefined));
}

/** Starts a Node program that ends with the launcher. */
export function startProgram(node, args, { env, cwd = root, stdio = ['ignore', 'pipe', 'pipe'] } = {}) {
  if (stopping) throw new Refusal('Stopped.', 130);
  const child = spawn(node, ['--import', watch, ...args], {
    cwd,
    env: environment(node, { ...env, ATLAS_PARENT_PIPE: '3' }),
    stdio: [...stdio, 'pipe'],
  });
  running.add(child);
  child.exited = new Promise((done) => {
    child.once('error', (error) => done({ code: 1, error }));
    child.once('exit', (code, signal) => done({ code: code ?? 1, signal }));
  }).finally(() => running.delete(child));
  return child;
}

/** Runs a Node program to its end and keeps what it says. */
export async function runCaptured(node, args, options = {}) {
  const child = startProgram(node, args, options);
  let output = '';
  const keep = (chunk) => {
    output += chunk;
  };
  child.stdout.setEncoding('utf8').on('data', keep);
  child.stderr.setEncoding('utf8').on('data', keep);
  const [{ code }] = await Promise.all([child.exited, closed(child.stdout), closed(child.stderr)]);
  return { code, output };
}

// A grandchild may hold the pipe a moment longer; what matters has been said by then.
const closed = (stream) =>
  Promise.race([
    new Promise((done) => stream.once('close', done)),
    sleep(120_000, undefined, { ref: false }),
  ]);

/** Asks every child to end, insists after a while, then tidies up. Safe to call twice. */
export function stopAll() {
  stopping ??= (async () => {
    const children = [...running];
    for (const child of children) child.kill('SIGTERM');
    const timer = setTimeout(() => {
      for (const child of running) child.kill('SIGKILL');
    }, GRACE);
    await Promise.all(children.map((child) => child.exited));
    clearTimeout(timer);
  })();
  return stopping;
}

/**
 * Resolves when someone wants this to end: Ctrl-C, SIGTERM, a closed terminal, or the death of the
 * npm that started it (npm does not always pass signals on).
 */
export function stopRequested() {
  return new Promise((done) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => done(signal));
    if (!process.env.npm_lifecycle_event) return;
    const before = ancestors();
    setInterval(() => ancestors() !== before && done('SIGHUP'), 500).unref();
  });
}

/** For commands that end by themselves: a wish to stop ends them early. */
export async function untilStopped(work) {
  const stop = stopRequested().then(async (signal) => {
    await stopAll();
    process.exit(signal === 'SIGINT' ? 130 : 143);
  });
  return Promise.race([work(), stop]);
}
