/* The production build of the dashboard with the probe inside. */

import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { serverFlags } from '../../scripts/launch/server-flags.mjs';
import type { Cluster } from './cluster';
import { endProcess, freePort, ROOT, startNode } from './processes';

const WITHIN_MS = 180_000;
const PROBE = pathToFileURL(join(ROOT, 'bench/probe.ts')).href;

/** Event-loop delays since the reset, ms. */
export interface Loop {
  readonly max: number;
  readonly p99: number;
  /** The longest turn by its own CPU time. */
  readonly cpu: number;
}

export interface Times {
  readonly firstList: number | null;
  readonly complete: number | null;
  /** CPU time of the process when it was complete, ms. */
  readonly cpuAtComplete: number | null;
}

export interface Dashboard {
  readonly url: string;
  /** Heap after a forced collection, in bytes. */
  memory(): Promise<{ readonly heapUsed: number; readonly external: number; readonly rss: number }>;
  /** Epoch ms of the first list request and of the first complete topology. */
  times(): Promise<Times>;
  resetLoop(): Promise<void>;
  loop(): Promise<Loop>;
  /** User and system time since the start, ms. */
  cpu(): Promise<number>;
  listening(): Promise<void>;
  synced(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts the server of a build; does not wait for anything. */
export async function startDashboard(folder: string, cluster: Cluster): Promise<Dashboard> {
  const file = join(folder, 'server.js');
  if (!existsSync(file)) throw new Error(`${file} is not there: build the dashboard first`);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const env = {
    NODE_ENV: 'production',
    NEXT_TELEMETRY_DISABLED: '1',
    HOST: '127.0.0.1',
    HOSTNAME: '127.0.0.1',
    PORT: String(port),
    KUBECONFIG: cluster.kubeconfig,
    ATLAS_DNS: 'off',
    ATLAS_SECRETS: 'watch',
    LOG_LEVEL: 'error',
  } as const;
  const args = [...serverFlags, '--expose-gc', '--import', PROBE, file];
  const child = startNode(args, { cwd: folder, env, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const ask = asker(child);
  const until = async (what: string, isThere: () => Promise<boolean>) => {
    const deadline = Date.now() + WITHIN_MS;
    while (!(await isThere())) {
      if (child.exitCode !== null) throw new Error('the dashboard ended');
      if (Date.now() > deadline) throw new Error(`the dashboard is not ${what} in time`);
      await sleep(100);
    }
  };
  return {
    url,
    memory: () => ask('memory'),
    times: () => ask('times'),
    resetLoop: () => ask('loop-reset'),
    loop: () => ask('loop'),
    cpu: () => ask('cpu'),
    listening: () => until('listening', () => answers(url)),
    // Over the probe's line: requests for /readyz would be part of what is measured.
    synced: () => until('complete', async () => (await ask<Times>('times')).complete !== null),
    stop: () => endProcess(child),
  };
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(20_000) });
    return response.ok;
  } catch {
    // Not listening yet: asked again.
    return false;
  }
}

function asker(child: ChildProcess): <T>(what: string) => Promise<T> {
  const waiting = new Map<number, (answer: unknown) => void>();
  let count = 0;
  child.on('message', ({ id, answer }: { id: number; answer: unknown }) => {
    waiting.get(id)?.(answer);
    waiting.delete(id);
  });
  return <T>(what: string) =>
    new Promise<T>((resolve) => {
      const id = ++count;
      // The probe answers each question with its own shape.
      waiting.set(id, (answer) => resolve(answer as T));
      child.send({ id, ask: what });
    });
}
