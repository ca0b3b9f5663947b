/* 500 pod changes a second for a minute: the lag of one pod's delta must not grow. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Cluster, startCluster } from '../measure/cluster';
import { type Dashboard, startDashboard } from '../measure/dashboard';
import { flipOnce, namespacesOf, type PodName, readyPods } from '../measure/pods';
import type { Result } from '../measure/report';
import { sizeWords } from '../measure/sizes';
import { median } from '../measure/statistics';
import { openStream, type StreamClient } from '../measure/stream';
import type { Setup } from './setup';

const RATE = 500;
/** Lag of the last third against the first: above it the server falls behind. */
const GROWTH = 1.5;

/** A probe of which nothing is heard for so long changed nothing: the churn had the same pod. */
const SILENT_MS = 3000;

interface Lag {
  /** Seconds since the churn began. */
  readonly at: number;
  readonly ms: number;
}

export async function measureChurn({ folder, sizes, quick }: Setup): Promise<Result> {
  const seconds = quick ? 20 : 60;
  const cluster = await startCluster(sizes);
  const dashboard = await startDashboard(folder, cluster);
  try {
    await dashboard.synced();
    await sleep(3000);
    const namespaces = await namespacesOf(cluster);
    const filters = `namespace=${namespaces[0] ?? ''}`;
    // The churn begins at the first pod of all: a probe there would change nothing.
    const pods = (await readyPods(dashboard.url, filters)).slice(10);
    const stream = await openStream(dashboard.url, filters);
    const { lags, silent, again, cpuShare, loop } = await underChurn(
      cluster,
      dashboard,
      stream,
      pods,
      seconds,
    );
    stream.close();
    const third = (n: number) =>
      median(lags.filter((lag) => Math.floor((lag.at / seconds) * 3) === n).map((lag) => lag.ms));
    const how = `${lags.length} probes during ${seconds} s at ${RATE} pods/s`;
    return {
      name: 'churn',
      on: sizeWords(sizes),
      figures: [
        { name: 'lag, first third', value: third(0), unit: 'ms', how: `median, ${how}` },
        { name: 'lag, last third', value: third(2), unit: 'ms', how: `median, ${how}` },
        {
          name: 'growth',
          value: third(2) / third(0),
          unit: '',
          target: GROWTH,
          how: 'last third / first third',
        },
        { name: 'CPU of the server', value: cpuShare, unit: '% of a core', how: `over ${seconds} s` },
        { name: 'longest block', value: loop.max, unit: 'ms', target: 100, how: `maximum of ${seconds} s` },
        {
          name: 'longest block, CPU',
          value: loop.cpu,
          unit: 'ms',
          target: 100,
          how: "the same by a turn's CPU time",
        },
      ],
      samples: {
        silent,
        snapshotsAgain: again,
        lags: lags.map(({ at, ms }) => [Math.round(at * 10) / 10, Math.round(ms)]),
      },
    };
  } finally {
    await dashboard.stop();
    await cluster.stop();
  }
}

async function underChurn(
  cluster: Cluster,
  dashboard: Dashboard,
  stream: StreamClient,
  pods: readonly PodName[],
  seconds: number,
) {
  await dashboard.resetLoop();
  const cpu = await dashboard.cpu();
  const began = performance.now();
  await cluster.churn(RATE, seconds);
  const lags: Lag[] = [];
  let silent = 0;
  for (let i = 0; ; i++) {
    const at = (performance.now() - began) / 1000;
    const pod = pods[Math.floor(i / 2) % pods.length];
    if (at >= seconds || !pod) break;
    // The churn may have flipped this very pod: then its delta is the churn's, and a probe that hears nothing is let go.
    const ms = await flipOnce(cluster, stream, pod, i % 2 === 1, SILENT_MS).catch(() => null);
    if (ms === null) silent++;
    else lags.push({ at, ms });
    await sleep(200);
  }
  const elapsed = performance.now() - began;
  const cpuShare = (((await dashboard.cpu()) - cpu) / elapsed) * 100;
  return { lags, silent, again: stream.again, cpuShare, loop: await dashboard.loop() };
}
