/* A hub on the large cluster, and a recorder that is told what it publishes. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { Atlas } from '@/lib/diagnosis/atlas';
import type { EndpointSlice, Pod } from '@/lib/kube/objects';
import { Recorder, type RecorderOptions } from '@/server/recorder/recorder';
import { DEFAULT_RETENTION } from '@/server/recorder/retention';
import { TopologyHub } from '@/server/topology-hub';
import { candidates, coverage, flip } from '../library/build';
import { largeObjects } from '../library/objects';
import type { Setup } from './setup';

export interface Stage {
  readonly hub: TopologyHub;
  /** null: nobody is told. */
  recorder: Recorder | null;
  readonly pairs: readonly (readonly [Pod, EndpointSlice])[];
  readonly unready: Set<string>;
  published: number;
}

export async function setUp(sizes: Setup['sizes']): Promise<Stage> {
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

export function recorderOf(folder: string, name: string, options: Partial<RecorderOptions> = {}): Recorder {
  return new Recorder({
    url: `sqlite:${join(folder, `${name}.sqlite`)}`,
    retention: { ...DEFAULT_RETENTION, bytes: 20e9 },
    cluster: 'bench',
    log: pino({ level: 'silent' }),
    ...options,
  });
}

/** Turns a pod: unready if it was ready. */
export function turn({ hub, pairs, unready }: Stage, n: number): void {
  const pair = pairs[n % pairs.length];
  if (!pair) return;
  const name = `${pair[0].namespace}/${pair[0].name}`;
  const ready = unready.delete(name);
  if (!ready) unready.add(name);
  hub.change(flip(...pair, ready).map((change) => ({ type: 'object', change })));
}

/** Begins to record; how long that takes, and what it takes on disk. */
export async function begin(stage: Stage, recorder: Recorder) {
  const began = performance.now();
  stage.recorder = recorder;
  recorder.start({ freeze: () => stage.hub.frozen() });
  while (recorder.status.state !== 'recording') await sleep(20);
  const ms = performance.now() - began;
  return { recorder, ms, bytes: await bytesOf(recorder), at: Date.now() };
}

/** What the database takes, once that has been measured anew. */
export async function bytesOf(recorder: Recorder): Promise<number> {
  const { newest } = recorder.status;
  while (recorder.status.newest === newest) await sleep(100);
  return recorder.status.bytes;
}
