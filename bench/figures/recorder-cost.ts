/* What recording costs the hub: CPU time of the process under churn, with a recorder and without, in turns. */
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Recorder } from '@/server/recorder/recorder';
import { RecorderThread } from '@/server/recorder/thread';
import type { Figure } from '../measure/report';
import { median, quantile } from '../measure/statistics';
import { begin, bytesOf, recorderOf, type Stage, turn } from './recorder-stage';

const RATE = 500;
/** Changes arrive in handfuls, as watchers hand them on. */
const HANDFUL_MS = 20;
const TARGET = 10;
/** At this rate a chapter of the log ends by its size about as often, counted in frames: so sorting is counted too. */
const CHAPTER_FRAMES = 17;

interface Spent {
  /** CPU time of all threads, ms. */
  readonly cpu: number;
  /** Of that the recorder's. */
  readonly thread: number;
  /**
   * Versions published meanwhile. Few mean a starved hub, in which pods turn back before anybody hears of it: then there
   * was little to record, and the figures say nothing.
   */
  readonly versions: number;
}

interface Round {
  readonly without: Spent;
  readonly withIt: Spent;
}

/**
 * Rounds of both, each time in the other order, from a heap that was just collected: a busy machine, a warm one and a
 * collection that falls due harm both alike. The recorder's thread is one and the same throughout, as in a server: with
 * a new one each time, compiling its code would be counted again and again. Sorting the
 * log is in it.
 */
export async function costInTurns(stage: Stage, seconds: number, rounds: number, folder: string) {
  const thread = new RecorderThread();
  const keeper = recorderOf(folder, 'keeper', { thread });
  const found: Round[] = [];
  const withIt = async (name: string): Promise<Spent> => {
    const recorder = recorderOf(folder, name, { thread, chapterFrames: CHAPTER_FRAMES });
    await begin(stage, recorder);
    // What the first key has left to be collected is the cost of beginning, not of going on.
    const settling = await underChurn(stage, seconds / 2, recorder);
    const spent = name === WARM ? settling : await underChurn(stage, seconds, recorder);
    stage.recorder = null;
    await recorder.stop();
    return spent;
  };
  await withIt(WARM);
  for (let round = 0; round < rounds; round++) {
    const first = round % 2 === 0 ? null : await withIt(`${round}`);
    const without = await underChurn(stage, seconds, null);
    found.push({ without, withIt: first ?? (await withIt(`${round}`)) });
  }
  await keeper.stop();
  return { figures: figuresOf(found, seconds), samples: { rounds: found } };
}

/** The round that only compiles code. */
const WARM = 'warm';

/** What is spent while pods turn, so many a second. */
async function underChurn(stage: Stage, seconds: number, recorder: Recorder | null): Promise<Spent> {
  collect();
  await sleep(2000);
  const thread = recorder ? await threadCpu(recorder) : 0;
  const versions = stage.published;
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
  return {
    cpu: (user + system) / 1000,
    thread: recorder ? (await threadCpu(recorder)) - thread : 0,
    versions: stage.published - versions,
  };
}

/** CPU time of the recorder's thread so far, ms, all that was sent written. */
async function threadCpu(recorder: Recorder): Promise<number> {
  while (recorder.metrics().queueBytes > 0) await sleep(20);
  await bytesOf(recorder);
  return recorder.metrics().cpuMs;
}

/** Collects all garbage there is. */
function collect(): void {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;
  gc();
}

/** Of an even number of rounds between the two in the middle: the lower one would flatter. */
function middle(samples: readonly number[]): number {
  return (quantile(samples, 0.5) + quantile(samples, 0.5 + 1e-9)) / 2;
}

function figuresOf(rounds: readonly Round[], seconds: number): readonly Figure[] {
  const how = `CPU time of all threads, ${seconds} s at ${RATE} changes/s, ${rounds.length} rounds with and without in turns; median`;
  const unit = '% of a core';
  const share = (ms: readonly number[]) => median(ms) / seconds / 10;
  const extra = rounds.map(({ without, withIt }) => (withIt.cpu / without.cpu - 1) * 100);
  const version = (spent: Spent) => spent.cpu / spent.versions;
  const each = rounds.map(({ without, withIt }) => (version(withIt) / version(without) - 1) * 100);
  const versions = rounds.flatMap(({ without, withIt }) => [without.versions, withIt.versions]);
  return [
    { name: 'the hub without it', value: share(rounds.map(({ without }) => without.cpu)), unit, how },
    { name: 'the hub with it', value: share(rounds.map(({ withIt }) => withIt.cpu)), unit, how },
    {
      name: 'of that its thread',
      value: share(rounds.map(({ withIt }) => withIt.thread)),
      unit,
      how: 'CPU time of the thread; its part of collecting garbage is not in it',
    },
    { name: 'recording', value: middle(extra), unit: "% of the hub's", target: TARGET, how },
    {
      name: 'recording, middle half of the rounds',
      value: quantile(extra, 0.75) - quantile(extra, 0.25),
      unit: '%',
      how: 'from the first to the third quartile: how far one round can be trusted',
    },
    {
      name: 'recording, by version',
      value: middle(each),
      unit: "% of the hub's",
      how: 'CPU time for each published version: what a busy machine leaves out is in neither',
    },
    {
      name: 'versions that were recorded',
      value: median(versions) / seconds,
      unit: 'a second',
      how: 'fewer than 2: the machine was too busy for any of these to say something',
    },
  ];
}
