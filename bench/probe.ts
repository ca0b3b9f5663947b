/*
 * Loaded into the dashboard's process by the bench (`node --import`): answers over IPC what cannot be seen from outside.
 * Plain Node reads this file, so its types must be erasable and it imports nothing of the project.
 */
import { subscribe } from 'node:diagnostics_channel';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';

/** What the runtime hangs on `globalThis`, as far as it is read here. */
interface Runtime {
  readonly hub?: { readonly synced: boolean; readonly head: { readonly version: number } };
}

const SLOT = Symbol.for('ingress-atlas.runtime');
const LOOK_EVERY_MS = 5;

const loop = monitorEventLoopDelay({ resolution: 1 });
loop.enable();

/**
 * The longest turn of the event loop by the CPU time that it used: on a machine that others use too, the clock also counts
 * the time in which they ran. (Node 23.9; older ones leave it at 0.)
 */
let busiest = 0;
let threadCpu = 0;
const TURN_MS = 1;
setInterval(() => {
  const used = process.threadCpuUsage?.();
  if (!used) return;
  const now = (used.user + used.system) / 1000;
  if (threadCpu > 0) busiest = Math.max(busiest, now - threadCpu);
  threadCpu = now;
}, TURN_MS).unref();

const cpuMs = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};
const wallClock = () => performance.timeOrigin + performance.now();
let firstList: number | null = null;
let complete: number | null = null;
let cpuAtComplete: number | null = null;
let before = -1;

subscribe('http.client.request.start', (message) => {
  const { request } = message as { request: { path: string } };
  if (request.path.includes('limit=')) firstList ??= wallClock();
});

/** Complete: a version has been published since the lists were read. */
const looking = setInterval(() => {
  const { hub } = (globalThis as Record<symbol, Runtime | undefined>)[SLOT] ?? {};
  if (!hub) return;
  if (!hub.synced) before = hub.head.version;
  else if (hub.head.version > before) {
    complete = wallClock();
    cpuAtComplete = cpuMs();
    clearInterval(looking);
  }
}, LOOK_EVERY_MS);
looking.unref();

function collected(): { heapUsed: number; external: number; rss: number } {
  // Twice: what a first round finalises, a second one frees.
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heapUsed, external, rss };
}

const ANSWERS: Readonly<Record<string, () => unknown>> = {
  memory: collected,
  rss: () => process.memoryUsage.rss(),
  times: () => ({ firstList, complete, cpuAtComplete }),
  cpu: cpuMs,
  'loop-reset': () => {
    loop.reset();
    busiest = 0;
  },
  loop: () => ({ max: loop.max / 1e6, p99: loop.percentile(99) / 1e6, cpu: busiest }),
};

process.on('message', ({ id, ask }: { id: number; ask: string }) => {
  process.send?.({ id, answer: ANSWERS[ask]?.() ?? null });
});
process.on('disconnect', () => process.exit(0));
// The bench is no reason to stay alive.
process.channel?.unref();
