import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Topology } from '@/lib/topology/model';
import { RandomCluster, randomOf } from '@/lib/topology/testing/random-cluster';
import { NO_FILTERS } from '@/lib/topology/view-filters';
import type { Db } from './database/db';
import { openDatabase } from './database/open';
import { HEAD } from './messages';
import { Scribe } from './testing/child';
import { DATABASES, type TestDatabase } from './testing/databases';
import { CHANGES, TICK_MS } from './testing/scribe';
import { type FrameRow, frameAt, logUpTo, recorded } from './worker/frames';
import { PastGraph } from './worker/past-graph';
import { Rebuild } from './worker/rebuild';

/** So often a process that records is killed. */
const ROUNDS = Number(process.env.KILL_ROUNDS ?? 100);
/** At the same time, each with a database of its own. */
const SIDE_BY_SIDE = 2;
const CLUSTER = 1;

describe.each(DATABASES)('killed while it writes into $name', ({ name, open, skip }) => {
  let databases: TestDatabase;
  beforeAll(async () => {
    if (!skip) databases = await open();
  });
  afterAll(() => databases?.close());
  beforeEach(({ skip: skipTest }) => skipTest(skip, 'no PostgreSQL server is installed'));

  // PostgreSQL keeps its own promise about transactions; ours is that a run is whole, which a tenth of the rounds shows.
  const rounds = name === 'SQLite' ? ROUNDS : Math.ceil(ROUNDS / 10);

  test(`${rounds} times: what was acknowledged is there, and nothing is half there`, {
    timeout: 900_000,
  }, async () => {
    const lanes = await Promise.all(
      Array.from({ length: SIDE_BY_SIDE }, async (_, lane) => {
        const url = await databases.fresh();
        const found: Round[] = [];
        for (let round = lane; round < rounds; round += SIDE_BY_SIDE) found.push(await oneRound(url, round));
        return found;
      }),
    );
    // Rounds in which nothing had been acknowledged would prove nothing.
    const acknowledged = lanes.flat().reduce((sum, round) => sum + round.acknowledged, 0);
    expect(acknowledged).toBeGreaterThan(rounds * 5);
    // Nor would rounds in which the log was never sorted.
    expect(lanes.flat().some(({ isSorted }) => isSorted)).toBe(true);
  });
});

interface Round {
  /** Versions that were said to be written. */
  readonly acknowledged: number;
  /** Whether a chapter of the log had been sorted. */
  readonly isSorted: boolean;
}

/** Lets a process record for a moment, kills it, and looks. */
async function oneRound(url: string, round: number): Promise<Round> {
  const epoch = `round${round}`;
  const start = Date.now() - 3_600_000 + round * 30_000;
  const scribe = new Scribe(url, round + 1, epoch, start);
  await scribe.writes();
  await delay(randomOf(round)() * 250);
  const acknowledged = await scribe.kill();
  let isSorted = false;
  const db = await openDatabase(url);
  try {
    const frames = await db.read
      .selectFrom('atlas_frames')
      .select(['id', 'run', 'version', 'since', 'at'])
      .where('epoch', '=', epoch)
      .orderBy('id')
      .execute();
    const last = frames.at(-1);
    expect(last?.version, `round ${round}`).toBeGreaterThanOrEqual(acknowledged);
    if (!last) return { acknowledged: 0, isSorted: false };
    isSorted = frames.length <= last.version;
    expect(await versionsOf(db, last)).toEqual(Array.from({ length: last.version }, (_, i) => i + 1));
    // The last frame stands in the log, most others have been sorted into chapters.
    const between = Math.floor(randomOf(round + 1000)() * last.version);
    for (const version of [last.version, between]) {
      const time = start + version * TICK_MS;
      await expectWhole(db, time, round + 1, version);
    }
  } finally {
    await db.close();
  }
  return { acknowledged: Math.max(0, acknowledged), isSorted };
}

/** The versions that are recorded after the first of a run: of each there is one, and none is missing. */
async function versionsOf(db: Db, frame: Pick<FrameRow, 'id' | 'run'>): Promise<readonly number[]> {
  const log = await logUpTo(db.read, CLUSTER, frame);
  const { lines } = await recorded(db.read, CLUSTER, HEAD, frame, log);
  return lines.map(({ text }) => (JSON.parse(text) as { readonly version: number }).version);
}

/** The topology at a time is the one that the seed gives for the version. */
async function expectWhole(db: Db, time: number, seed: number, version: number): Promise<void> {
  const frame = await frameAt(db.read, CLUSTER, time);
  if (!frame) throw new Error('there is no frame');
  const pieces = await new Rebuild(db.read, CLUSTER, frame, time).view(NO_FILTERS, new PastGraph());
  const found = JSON.parse(Buffer.concat(pieces).toString()) as Topology;
  const cluster = new RandomCluster(seed);
  for (let step = 0; step <= version; step++) cluster.step(CHANGES);
  const { nodes, edges, findings } = cluster.graph;
  expect(found.version).toBe(version);
  expect(found.takenAt.endsWith(new Date(time).toISOString().slice(-10))).toBe(true);
  expect(byId(found.nodes)).toEqual(byId([...nodes.values()]));
  expect(byId(found.edges)).toEqual(byId([...edges.values()]));
  expect(byId(found.findings)).toEqual(byId([...findings.values()]));
}

function byId<T extends { readonly id: string }>(items: readonly T[]): unknown {
  return JSON.parse(JSON.stringify(items.toSorted((a, b) => (a.id < b.id ? -1 : 1))));
}
