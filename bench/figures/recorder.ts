/* The flight recorder on the large cluster: what recording costs, what a day takes, and how long the past takes to show. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { NO_FILTERS, type ViewFilters } from '@/lib/topology/view-filters';
import type { Recorder } from '@/server/recorder/recorder';
import type { TopologyHub } from '@/server/topology-hub';
import type { Figure, Result } from '../measure/report';
import { sizeWords } from '../measure/sizes';
import { median, quantile } from '../measure/statistics';
import { costInTurns } from './recorder-cost';
import { begin, bytesOf, recorderOf, type Stage, setUp, turn } from './recorder-stage';
import type { Setup } from './setup';
import { measureSnapshots } from './snapshots';

const DAY = 86_400;
const OVERVIEW: Partial<ViewFilters> = { budget: 300 };

export async function measureRecorder({ sizes, quick }: Setup): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'atlas-bench-'));
  const stage = await setUp(sizes);
  try {
    const cost = await costInTurns(stage, quick ? 10 : 20, quick ? 2 : 8, folder);
    const first = await begin(stage, recorderOf(folder, 'kept', { batchMs: 1 }));
    const oneByOne = await slowly(first.recorder, stage, quick ? 200 : 4100);
    const views = await shown(stage.hub, first.recorder, first.at, quick ? 5 : 12);
    const ready = await afterTimeline(folder, first.at);
    const latest = await atLatest(folder);
    const kept = await measureSnapshots(stage.hub, first.recorder, quick ? 4 : 10);
    return {
      name: 'recorder',
      on: sizeWords(sizes),
      figures: [
        ...cost.figures,
        ...sizesOf(first.bytes, oneByOne),
        ...views.figures,
        ready,
        latest,
        ...kept,
        { name: 'a first key of everything', value: first.ms, unit: 'ms', how: 'once, until it is written' },
        { name: 'its size', value: first.bytes / 1e6, unit: 'MB', how: 'on disk' },
      ],
      samples: { ...cost.samples, oneByOne: [oneByOne], ...views.samples },
    };
  } finally {
    stage.hub.stop();
    await stage.recorder?.stop();
    rmSync(folder, { recursive: true });
  }
}

/**
 * Bytes that each change takes, where each is a frame of its own as at one change a second: over many chapters of the log,
 * the last of which is not packed for good yet.
 */
async function slowly(recorder: Recorder, stage: Stage, changes: number): Promise<number> {
  const before = await bytesOf(recorder);
  const from = stage.published;
  for (let i = 0; i < changes; i++) {
    const version = stage.published;
    turn(stage, i * 7);
    for (let waited = 0; stage.published === version && waited < 400; waited += 5) await sleep(5);
    while (recorder.metrics().queueBytes > 0) await sleep(2);
  }
  return ((await bytesOf(recorder)) - before) / (stage.published - from);
}

async function shown(hub: TopologyHub, recorder: Recorder, from: number, times: number) {
  const namespace = await busyNamespace(hub);
  const views: readonly (readonly [string, Partial<ViewFilters>, number | undefined])[] = [
    ['a namespace', { namespace: [namespace.name] }, 500],
    ['a folded overview of 300 nodes', OVERVIEW, 500],
    ['everything', {}, 3000],
  ];
  const figures: Figure[] = [];
  const samples: Record<string, readonly number[]> = {};
  for (const [name, change, target] of views) {
    const took: number[] = [];
    let nodes = 0;
    for (let i = 0; i < times; i++) {
      const time = from + ((Date.now() - from) * i) / times;
      const began = performance.now();
      const found = await recorder.atText(time, { ...NO_FILTERS, ...change });
      took.push(performance.now() - began);
      if ('missing' in found) throw new Error(found.reason);
      nodes = Buffer.concat(found.pieces).toString().split('"kind":"pod"').length - 1;
    }
    const how = `${times} times over what is recorded; ${nodes} pods in it`;
    figures.push({ name: `the past: ${name}, median`, value: median(took), unit: 'ms', how });
    const worst = { name: `the past: ${name}, worst`, value: quantile(took, 1), unit: 'ms', how };
    figures.push(target === undefined ? worst : { ...worst, target });
    if (change === OVERVIEW)
      figures.push({
        name: `the past: ${name}, first`,
        value: took[0] ?? 0,
        unit: 'ms',
        how: 'nothing ready',
      });
    samples[name] = took.map(Math.round);
  }
  return { figures, samples };
}

/** The first overview that somebody asks for who has read the timeline, as its page does, and looked at it for a while. */
async function afterTimeline(folder: string, from: number): Promise<Figure> {
  // A thread of its own: the other one keeps what it has shown.
  const recorder = recorderOf(folder, 'kept');
  while (recorder.status.oldest === null) await sleep(20);
  await recorder.history({ from, to: Date.now(), limit: 100 });
  await sleep(4000);
  const began = performance.now();
  const found = await recorder.atText(from + (Date.now() - from) / 2, { ...NO_FILTERS, ...OVERVIEW });
  const value = performance.now() - began;
  await recorder.stop();
  if ('missing' in found) throw new Error(found.reason);
  const name = 'the past: the first folded overview after the timeline was read';
  return { name, value, unit: 'ms', target: 500, how: 'once, in a thread that has shown nothing before' };
}

/** The first overview of a thread that is asked for the latest moment: what has changed since the keys is in the way then. */
async function atLatest(folder: string): Promise<Figure> {
  const recorder = recorderOf(folder, 'kept');
  while (recorder.status.newest === null) await sleep(20);
  const began = performance.now();
  const found = await recorder.atText(recorder.status.newest, { ...NO_FILTERS, ...OVERVIEW });
  const value = performance.now() - began;
  await recorder.stop();
  if ('missing' in found) throw new Error(found.reason);
  const name = 'the past: a folded overview of the latest moment, first';
  return { name, value, unit: 'ms', target: 500, how: 'once, in a thread that has shown nothing before' };
}

/** The namespace whose view has nearest to 300 nodes. */
async function busyNamespace(hub: TopologyHub): Promise<{ readonly name: string; readonly nodes: number }> {
  const counts = new Map<string, number>();
  for (const { namespace } of (await hub.frozen()).nodes)
    counts.set(namespace, (counts.get(namespace) ?? 0) + 1);
  counts.delete('');
  const far = (nodes: number) => Math.abs(nodes - 300);
  const [first] = [...counts].sort(([, a], [, b]) => far(a) - far(b));
  return { name: first?.[0] ?? '', nodes: first?.[1] ?? 0 };
}

function sizesOf(key: number, each: number): readonly Figure[] {
  return [
    { name: 'a change', value: each, unit: 'bytes', how: 'on disk, keys and indexes in it; mean' },
    {
      name: 'a day of one change a second',
      value: (each * DAY + key) / 1e6,
      unit: 'MB',
      target: 150,
      how: 'extrapolated, with one key of everything',
    },
  ];
}
