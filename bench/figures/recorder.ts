/* The flight recorder on the large cluster: what recording costs, what a day takes, and how long the past takes to show. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { Atlas } from '@/lib/diagnosis/atlas';
import type { EndpointSlice, Pod } from '@/lib/kube/objects';
import { NO_FILTERS, type ViewFilters } from '@/lib/topology/view-filters';
import { Recorder } from '@/server/recorder/recorder';
import { DEFAULT_RETENTION } from '@/server/recorder/retention';
import { TopologyHub } from '@/server/topology-hub';
import { candidates, coverage, flip } from '../library/build';
import { largeObjects } from '../library/objects';
import type { Figure, Result } from '../measure/report';
import { sizeWords } from '../measure/sizes';
import { median, quantile } from '../measure/statistics';
import type { Setup } from './setup';
import { measureSnapshots } from './snapshots';

const RATE = 500;
/** Changes arrive in handfuls, as watchers hand them on. */
const HANDFUL_MS = 20;
const DAY = 86_400;

type Pair = readonly [Pod, EndpointSlice];

/** A hub on the large cluster, and a recorder that is told what it publishes; null: nobody is. */
interface Stage {
  readonly hub: TopologyHub;
  recorder: Recorder | null;
  readonly pairs: readonly Pair[];
  readonly unready: Set<string>;
  published: number;
}

/** What it costs with a recorder and without, in turns: a busy machine and a warm one harm both alike. */
interface Costs {
  readonly without: readonly number[];
  readonly withIt: readonly number[];
  /** Of that the recorder's thread. */
  readonly thread: readonly number[];
  /**
   * Versions published while it was on. Few mean a starved hub, in which pods turn back before anybody hears of it: then
   * there was little to record, and the figures say nothing.
   */
  readonly published: readonly number[];
}

export async function measureRecorder({ sizes, quick }: Setup): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'atlas-bench-'));
  const stage = await setUp(sizes);
  try {
    const seconds = quick ? 10 : 30;
    const cost = await inTurns(stage, seconds, quick ? 2 : 3, folder);
    const first = await begin(stage, recorderOf(folder, 'kept', 1));
    const oneByOne = await slowly(first.recorder, stage, quick ? 300 : 4100);
    const views = await shown(stage.hub, first.recorder, first.at, quick ? 5 : 12);
    const kept = await measureSnapshots(stage.hub, first.recorder, quick ? 4 : 10);
    return {
      name: 'recorder',
      on: sizeWords(sizes),
      figures: [
        ...costs(cost, seconds),
        ...sizesOf(first.bytes, oneByOne),
        ...views.figures,
        ...kept,
        { name: 'a first key of everything', value: first.ms, unit: 'ms', how: 'once, until it is written' },
        { name: 'its size', value: first.bytes / 1e6, unit: 'MB', how: 'on disk' },
      ],
      samples: { ...cost, oneByOne: [oneByOne], ...views.samples },
    };
  } finally {
    stage.hub.stop();
    await stage.recorder?.stop();
    rmSync(folder, { recursive: true });
  }
}

async function setUp(sizes: Setup['sizes']): Promise<Stage> {
  const objects = await largeObjects(sizes);
  const engine = new Atlas({ dns: false });
  const stage: { -readonly [K in keyof Stage]: Stage[K] } = {
    hub: new TopologyHub({
      engine,
      epoch: 'bench',
      cluster: { id: 'bench', name: 'bench', connection: 'live', since: new Date().toISOString() },
      coverageOf: (found) => ({ ...found, fix: '' }),
      onPublished: ({ head, delta }) => {
        stage.published++;
        stage.recorder?.published(head, delta, engine.before);
      },
      onError: (error) => {
        throw error;
      },
    }),
    recorder: null,
    pairs: candidates(objects, 2000),
    unready: new Set(),
    published: 0,
  };
  stage.hub.change(coverage);
  stage.hub.change(objects.map((change) => ({ type: 'object', change })));
  stage.hub.markReady();
  while (!stage.hub.synced) await sleep(100);
  return stage;
}

function recorderOf(folder: string, name: string, batchMs?: number): Recorder {
  return new Recorder({
    url: `sqlite:${join(folder, `${name}.sqlite`)}`,
    retention: { ...DEFAULT_RETENTION, bytes: 20e9 },
    cluster: 'bench',
    log: pino({ level: 'silent' }),
    ...(batchMs === undefined ? {} : { batchMs }),
  });
}

async function inTurns(stage: Stage, seconds: number, rounds: number, folder: string): Promise<Costs> {
  const none = (): number[] => [];
  const cost = { without: none(), withIt: none(), thread: none(), published: none() };
  await underChurn(stage, seconds);
  for (let round = 0; round < rounds; round++) {
    cost.without.push(await underChurn(stage, seconds));
    const { recorder } = await begin(stage, recorderOf(folder, `${round}`));
    // What the first key has left to be collected is the cost of beginning, not of going on.
    await underChurn(stage, seconds / 2);
    const before = await workerCpu(recorder);
    const version = stage.published;
    cost.withIt.push(await underChurn(stage, seconds));
    cost.published.push(stage.published - version);
    cost.thread.push((await workerCpu(recorder)) - before);
    stage.recorder = null;
    await recorder.stop();
  }
  return cost;
}

/** CPU time of the process in ms while pods turn, so many a second. */
async function underChurn(stage: Stage, seconds: number): Promise<number> {
  await sleep(2000);
  const before = process.cpuUsage();
  const began = performance.now();
  let done = 0;
  while (performance.now() - began < seconds * 1000) {
    await sleep(HANDFUL_MS);
    const due = ((performance.now() - began) / 1000) * RATE;
    for (; done < due; done++) turn(stage, done);
  }
  // What was begun is part of the cost.
  await sleep(3000);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** Turns a pod: unready if it was ready. */
function turn({ hub, pairs, unready }: Stage, n: number): void {
  const pair = pairs[n % pairs.length];
  if (!pair) return;
  const name = `${pair[0].namespace}/${pair[0].name}`;
  const ready = unready.delete(name);
  if (!ready) unready.add(name);
  hub.change(flip(...pair, ready).map((change) => ({ type: 'object', change })));
}

/** Begins to record; how long that takes, and what it takes on disk. */
async function begin(stage: Stage, recorder: Recorder) {
  const began = performance.now();
  stage.recorder = recorder;
  recorder.start({ freeze: () => stage.hub.frozen() });
  while (recorder.status.state !== 'recording') await sleep(20);
  const ms = performance.now() - began;
  return { recorder, ms, bytes: await bytesOf(recorder), at: Date.now() };
}

/** CPU time of the recorder's thread so far, ms, all that was sent written. */
async function workerCpu(recorder: Recorder): Promise<number> {
  while (recorder.metrics().queueBytes > 0) await sleep(20);
  await bytesOf(recorder);
  return recorder.metrics().cpuMs;
}

/** What the database takes, once that has been measured anew. */
async function bytesOf(recorder: Recorder): Promise<number> {
  const { newest } = recorder.status;
  while (recorder.status.newest === newest) await sleep(100);
  return recorder.status.bytes;
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
    ['a folded overview of 300 nodes', { budget: 300 }, undefined],
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
    samples[name] = took.map(Math.round);
  }
  return { figures, samples };
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

function costs({ without, withIt, thread, published }: Costs, seconds: number): readonly Figure[] {
  const how = `CPU time of all threads, ${seconds} s at ${RATE} changes/s, ${without.length} times in turns with and without; median`;
  const unit = '% of a core';
  const share = (samples: readonly number[]) => median(samples) / seconds / 10;
  const extra = withIt.map((ms, i) => ((ms - (without[i] ?? 0)) / (without[i] ?? 1)) * 100);
  return [
    { name: 'the hub without it', value: share(without), unit, how },
    { name: 'the hub with it', value: share(withIt), unit, how },
    { name: 'of that its thread', value: share(thread), unit, how: 'CPU time of the thread' },
    { name: 'recording', value: median(extra), unit: "% of the hub's", target: 10, how },
    {
      name: 'versions that were recorded',
      value: median(published) / seconds,
      unit: 'a second',
      how: 'fewer than 2: the machine was too busy for any of these to say something',
    },
  ];
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
