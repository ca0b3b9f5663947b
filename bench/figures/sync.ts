/* How long from the first list request to the complete topology, against a script that only lists and parses. */
import { setTimeout as sleep } from 'node:timers/promises';
import { RESOURCES } from '@/lib/kube/resources';
import { type Cluster, startCluster } from '../measure/cluster';
import { type Loop, startDashboard } from '../measure/dashboard';
import { runNode } from '../measure/processes';
import type { Result } from '../measure/report';
import { sizeWords } from '../measure/sizes';
import { median } from '../measure/statistics';
import type { Setup } from './setup';

/** As many lists at once as `server/cluster/cluster-watch` makes. */
const LISTS_AT_ONCE = 4;
const TARGET_RATIO = 1.5;

interface Run {
  readonly ms: number;
  /** Of all threads. Steadier than the clock on a busy machine, yet not free of it: seen a third higher at load 10. */
  readonly cpuMs: number;
}

interface SyncRun extends Run {
  readonly loop: Loop;
}

export async function measureSync({ folder, sizes, quick }: Setup): Promise<Result> {
  const cluster = await startCluster(sizes);
  try {
    // The first list makes the pages' JSON; after it all are served as they lie.
    await plainList(cluster);
    const plain: Run[] = [];
    const whole: SyncRun[] = [];
    const runs = quick ? 3 : 5;
    for (let i = 0; i < runs; i++) {
      plain.push(await plainList(cluster));
      whole.push(await sync(folder, cluster));
    }
    return resultOf(sizeWords(sizes), plain, whole);
  } finally {
    await cluster.stop();
  }
}

function resultOf(on: string, plain: readonly Run[], whole: readonly SyncRun[]): Result {
  const how = `median of ${plain.length}, alternating with the plain script`;
  const of = <R extends Run>(runs: readonly R[], value: (run: R) => number) => median(runs.map(value));
  const ratio = of(whole, (run) => run.ms) / of(plain, (run) => run.ms);
  const cpuRatio = of(whole, (run) => run.cpuMs) / of(plain, (run) => run.cpuMs);
  return {
    name: 'sync',
    on,
    figures: [
      { name: 'list, parse, keep 12 fields', value: of(plain, (run) => run.ms), unit: 'ms', how },
      { name: 'complete topology', value: of(whole, (run) => run.ms), unit: 'ms', how },
      { name: 'ratio', value: ratio, unit: '', target: TARGET_RATIO, how: 'of the medians' },
      { name: 'CPU: list, parse, keep', value: of(plain, (run) => run.cpuMs), unit: 'ms', how },
      { name: 'CPU: complete topology', value: of(whole, (run) => run.cpuMs), unit: 'ms', how },
      { name: 'CPU ratio', value: cpuRatio, unit: '', how: 'of the medians' },
      {
        name: 'longest block while starting',
        value: of(whole, (run) => run.loop.max),
        unit: 'ms',
        target: 100,
        how: `median of ${whole.length} maxima`,
      },
      {
        name: 'longest block while starting, CPU',
        value: of(whole, (run) => run.loop.cpu),
        unit: 'ms',
        target: 100,
        how: `median of ${whole.length} maxima of a turn's CPU time`,
      },
    ],
    samples: { plain, whole },
  };
}

async function plainList(cluster: Cluster): Promise<Run> {
  // ConfigMaps are asked for by name only.
  const paths = RESOURCES.filter(({ id }) => id !== 'configmaps').map((row) =>
    row.group === ''
      ? `/api/${row.version}/${row.resource}`
      : `/apis/${row.group}/${row.version}/${row.resource}`,
  );
  const text = await runNode(['bench/plain-list.ts', cluster.url, String(LISTS_AT_ONCE), ...paths]);
  return JSON.parse(text) as Run;
}

/** The cluster stands still until the server has booted, so that Next's own start is not in the figure. */
async function sync(folder: string, cluster: Cluster): Promise<SyncRun> {
  cluster.pause();
  const dashboard = await startDashboard(folder, cluster);
  try {
    await dashboard.listening();
    await sleep(500);
    await dashboard.resetLoop();
    const cpu = await dashboard.cpu();
    const began = performance.timeOrigin + performance.now();
    cluster.resume();
    await dashboard.synced();
    const { complete, cpuAtComplete } = await dashboard.times();
    if (complete === null || cpuAtComplete === null) throw new Error('synced, but the probe has not seen it');
    return { ms: complete - began, cpuMs: cpuAtComplete - cpu, loop: await dashboard.loop() };
  } finally {
    cluster.resume();
    await dashboard.stop();
  }
}
