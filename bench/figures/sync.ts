/* How long from the first list request to the complete topology, against a script that only lists and parses. */
import { setTimeout as sleep } from 'node:timers/promises';
import { RESOURCES } from '@/lib/kube/resources';
import { type Cluster, startCluster } from '../measure/cluster';
import { startDashboard } from '../measure/dashboard';
import { runNode } from '../measure/processes';
import type { Result } from '../measure/report';
import { sizeWords } from '../measure/sizes';
import { median } from '../measure/statistics';
import type { Setup } from './setup';

/** As many lists at once as `server/cluster/cluster-watch` makes. */
const LISTS_AT_ONCE = 4;
const TARGET_RATIO = 1.5;

export async function measureSync({ folder, sizes, quick }: Setup): Promise<Result> {
  const cluster = await startCluster(sizes);
  try {
    // The first list makes the pages' JSON; after it all are served as they lie.
    await plainList(cluster);
    const plain: number[] = [];
    const whole: number[] = [];
    const blocks: number[] = [];
    const runs = quick ? 3 : 5;
    for (let i = 0; i < runs; i++) {
      plain.push(await plainList(cluster));
      const { ms, longest } = await sync(folder, cluster);
      whole.push(ms);
      blocks.push(longest);
    }
    const how = `median of ${runs}, alternating with the plain script`;
    return {
      name: 'sync',
      on: sizeWords(sizes),
      figures: [
        { name: 'list, parse, keep 12 fields', value: median(plain), unit: 'ms', how },
        { name: 'complete topology', value: median(whole), unit: 'ms', how },
        {
          name: 'ratio',
          value: median(whole) / median(plain),
          unit: '',
          target: TARGET_RATIO,
          how: 'of the medians',
        },
        {
          name: 'longest block while starting',
          value: median(blocks),
          unit: 'ms',
          target: 100,
          how: `median of ${runs} maxima`,
        },
      ],
      samples: { plain, whole, blocks },
    };
  } finally {
    await cluster.stop();
  }
}

async function plainList(cluster: Cluster): Promise<number> {
  const paths = RESOURCES.map((row) =>
    row.group === ''
      ? `/api/${row.version}/${row.resource}`
      : `/apis/${row.group}/${row.version}/${row.resource}`,
  );
  const text = await runNode(['bench/plain-list.ts', cluster.url, String(LISTS_AT_ONCE), ...paths]);
  return (JSON.parse(text) as { ms: number }).ms;
}

/** The cluster stands still until the server has booted, so that Next's own start is not in the figure. */
async function sync(folder: string, cluster: Cluster): Promise<{ ms: number; longest: number }> {
  cluster.pause();
  const dashboard = await startDashboard(folder, cluster);
  try {
    await dashboard.listening();
    await sleep(500);
    await dashboard.resetLoop();
    const began = performance.timeOrigin + performance.now();
    cluster.resume();
    await dashboard.synced();
    const { complete } = await dashboard.times();
    if (complete === null) throw new Error('synced, but the probe has not seen it');
    return { ms: complete - began, longest: (await dashboard.loop()).max };
  } finally {
    cluster.resume();
    await dashboard.stop();
  }
}
