/* What the server keeps for a large cluster beyond what it keeps for an empty one. */
import { setTimeout as sleep } from 'node:timers/promises';
import { EMPTY, startCluster } from '../measure/cluster';
import { type Loop, startDashboard } from '../measure/dashboard';
import type { Result } from '../measure/report';
import { type Sizes, sizeWords } from '../measure/sizes';
import type { Setup } from './setup';

const TARGET_MB = 250;
/** Until views that nobody holds are gone and the last timers of the start have run. */
const REST_MS = 5000;
const CHURN = { podsPerSecond: 500, seconds: 10 };

interface Held {
  readonly heapMb: number;
  readonly externalMb: number;
  readonly rssMb: number;
  readonly start: Loop;
  readonly churn: Loop;
}

export async function measureMemory({ folder, sizes }: Setup): Promise<Result> {
  const empty = await held(folder, EMPTY);
  const full = await held(folder, sizes);
  const kept = full.heapMb + full.externalMb - empty.heapMb - empty.externalMb;
  const how = '1 run, after forced collection';
  return {
    name: 'memory',
    on: sizeWords(sizes),
    figures: [
      { name: 'heap + external beyond an empty cluster', value: kept, unit: 'MB', target: TARGET_MB, how },
      { name: 'heap + external, empty cluster', value: empty.heapMb + empty.externalMb, unit: 'MB', how },
      { name: 'resident', value: full.rssMb, unit: 'MB', how },
      {
        name: 'longest block, boot included',
        value: full.start.max,
        unit: 'ms',
        how: 'maximum of 1 start',
      },
      {
        name: 'longest block, boot, empty cluster',
        value: empty.start.max,
        unit: 'ms',
        how: 'maximum of 1 start',
      },
      {
        name: 'longest block under churn',
        value: full.churn.max,
        unit: 'ms',
        target: 100,
        how: `maximum of ${CHURN.seconds} s at ${CHURN.podsPerSecond} pods/s`,
      },
      {
        name: 'longest block under churn, CPU',
        value: full.churn.cpu,
        unit: 'ms',
        target: 100,
        how: "the same by a turn's CPU time",
      },
    ],
    samples: { empty, full },
  };
}

async function held(folder: string, sizes: Sizes): Promise<Held> {
  const cluster = await startCluster(sizes);
  const dashboard = await startDashboard(folder, cluster);
  try {
    await dashboard.synced();
    await sleep(REST_MS);
    const start = await dashboard.loop();
    const { heapUsed, external, rss } = await dashboard.memory();
    await dashboard.resetLoop();
    await cluster.churn(CHURN.podsPerSecond, CHURN.seconds);
    await sleep(CHURN.seconds * 1000);
    const churn = await dashboard.loop();
    const mb = (bytes: number) => bytes / 1024 / 1024;
    return {
      heapMb: mb(heapUsed),
      externalMb: mb(external),
      rssMb: mb(rss),
      start,
      churn,
    };
  } finally {
    await dashboard.stop();
    await cluster.stop();
  }
}
