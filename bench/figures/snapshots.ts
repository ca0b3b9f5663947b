/* What it takes to keep a moment: the document and its four pictures. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { NO_FILTERS } from '@/lib/topology/view-filters';
import { makePictures } from '@/server/picture/pictures';
import type { Recorder } from '@/server/recorder/recorder';
import { SNAPSHOT_LIMITS } from '@/server/snapshots/limits';
import { Snapshots } from '@/server/snapshots/snapshots';
import type { TopologyHub } from '@/server/topology-hub';
import type { Figure } from '../measure/report';
import { median } from '../measure/statistics';

const NODES = 300;
const TARGET_MS = 1000;
const TARGET_BLOCK_MS = 50;
const TARGET_PICTURE_KB = 300;
const RESOLUTION_MS = 5;

/** Snapshots of a view of 300 nodes of this hub, so many times. */
export async function measureSnapshots(
  hub: TopologyHub,
  recorder: Recorder,
  times: number,
): Promise<readonly Figure[]> {
  let largest = 0;
  const snapshots = new Snapshots({
    store: recorder.snapshots,
    sources: { freeze: (filters) => hub.frozen(filters), at: (time, filters) => recorder.at(time, filters) },
    cluster: () => 'bench',
    pictures: async (topology, options) => {
      const made = await makePictures(topology, options);
      largest = Math.max(largest, ...Object.values(made).map((png) => png.length));
      return made;
    },
    limits: { ...SNAPSHOT_LIMITS, creating: { ...SNAPSHOT_LIMITS.creating, burst: times + 1 } },
  });
  const view = { filters: { ...NO_FILTERS, budget: NODES }, page: [] };
  const make = async (): Promise<number> => {
    const began = performance.now();
    const made = await snapshots.create({ note: 'bench' }, view);
    if ('refused' in made) throw new Error(`no snapshot was made: ${made.refused}`);
    return performance.now() - began;
  };
  // The first loads fonts and code.
  await make();
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  const busiest = longestTurn();
  const took: number[] = [];
  for (let i = 0; i < times; i++) took.push(await make());
  delay.disable();
  const cpu = busiest();
  const how = `${times} snapshots of ${NODES} nodes, four pictures each`;
  return [
    { name: 'a snapshot with its pictures, median', value: median(took), unit: 'ms', target: TARGET_MS, how },
    {
      name: 'the longest turn meanwhile, by CPU',
      value: cpu,
      unit: 'ms',
      target: TARGET_BLOCK_MS,
      how: 'of the event loop, by its own CPU time: what others of the machine do is not in it',
    },
    {
      name: 'the longest block meanwhile, by the clock',
      value: delay.max / 1e6 - RESOLUTION_MS,
      unit: 'ms',
      target: TARGET_BLOCK_MS,
      how: 'of the event loop; on a busy machine others are in it',
    },
    { name: 'the largest picture', value: largest / 1000, unit: 'kB', target: TARGET_PICTURE_KB, how },
  ];
}

/** Watches turns of the event loop; called, it ends and says how much CPU time the longest took, in ms. */
function longestTurn(): () => number {
  let longest = 0;
  let last = threadCpu();
  const timer = setInterval(() => {
    const now = threadCpu();
    longest = Math.max(longest, now - last);
    last = now;
  }, 1);
  return () => {
    clearInterval(timer);
    return longest;
  };
}

function threadCpu(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
