/* From one pod's change in the cluster to its delta on the wire. */
import { setTimeout as sleep } from 'node:timers/promises';
import { startCluster } from '../measure/cluster';
import { startDashboard } from '../measure/dashboard';
import { flipMany, namespacesOf, readyPods } from '../measure/pods';
import type { Figure, Result } from '../measure/report';
import { type Sizes, sizeWords } from '../measure/sizes';
import { quantile, spread } from '../measure/statistics';
import { openStream } from '../measure/stream';
import type { Setup } from './setup';

/** What a change waits on purpose: 25 ms to come together with its like (server/cluster/timing), 50 before a publish (server/hub/publish-timer). */
export const WINDOW_MS = 75;
const TARGET_P50 = 20;
const TARGET_P99 = 60;
const SCALE = 1.5;

export async function measureLatency({ folder, sizes, tenth, quick }: Setup): Promise<Result> {
  const count = quick ? 60 : 200;
  const full = await flips(folder, sizes, count);
  const small = await flips(folder, tenth, count);
  const how = `${count} flips, from request to delta in the client, view of one namespace`;
  const p50 = quantile(full.view, 0.5);
  return {
    name: 'latency',
    on: `${sizeWords(sizes)}; a tenth of it`,
    figures: [
      ...figures('', full.view, how, true),
      ...figures('whole topology: ', full.whole, `${count} flips, unfiltered stream`, false),
      ...figures('a tenth: ', small.view, how, false),
      {
        name: 'p99 lateness of a timer meanwhile',
        value: quantile(full.lateness, 0.99),
        unit: 'ms',
        how: 'the same machine, in the idle client: its own noise',
      },
      {
        name: 'p50 against a tenth of the size',
        value: p50 / quantile(small.view, 0.5),
        unit: '',
        target: SCALE,
        how: 'ratio of the raw medians',
      },
    ],
    samples: {
      view: spread(full.view),
      whole: spread(full.whole),
      tenth: spread(small.view),
      windowMs: WINDOW_MS,
      snapshotBytes: full.snapshotBytes,
    },
  };
}

function figures(
  prefix: string,
  samples: readonly number[],
  how: string,
  isTarget: boolean,
): readonly Figure[] {
  const p50 = quantile(samples, 0.5);
  const p99 = quantile(samples, 0.99);
  return [
    { name: `${prefix}p50 raw`, value: p50, unit: 'ms', how },
    {
      name: `${prefix}p50 beyond the window`,
      value: p50 - WINDOW_MS,
      unit: 'ms',
      how,
      ...(isTarget && { target: TARGET_P50 }),
    },
    { name: `${prefix}p99 raw`, value: p99, unit: 'ms', how },
    {
      name: `${prefix}p99 beyond the window`,
      value: p99 - WINDOW_MS,
      unit: 'ms',
      how,
      ...(isTarget && { target: TARGET_P99 }),
    },
  ];
}

interface Runs {
  readonly lateness: readonly number[];
  readonly view: readonly number[];
  readonly whole: readonly number[];
  readonly snapshotBytes: readonly number[];
}

async function flips(folder: string, sizes: Sizes, count: number): Promise<Runs> {
  const cluster = await startCluster(sizes);
  const dashboard = await startDashboard(folder, cluster);
  try {
    await dashboard.synced();
    await sleep(3000);
    const [namespace = ''] = await namespacesOf(cluster);
    const filters = `namespace=${namespace}`;
    const pods = await readyPods(dashboard.url, filters);
    const samples: (readonly number[])[] = [];
    const snapshotBytes: number[] = [];
    const lateness: number[] = [];
    for (const view of [filters, '']) {
      const stream = await openStream(dashboard.url, view);
      snapshotBytes.push(stream.snapshot);
      // The first ones pay for compiling.
      await flipMany(cluster, stream, pods, 10);
      const run = await flipMany(cluster, stream, pods, count);
      samples.push(run.samples);
      lateness.push(...run.lateness);
      stream.close();
      await sleep(1000);
    }
    const [view = [], whole = []] = samples;
    return { view, whole, snapshotBytes, lateness };
  } finally {
    await dashboard.stop();
    await cluster.stop();
  }
}
