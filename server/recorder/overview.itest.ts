import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { RandomNamespaces } from '@/lib/topology/testing/random-namespaces';
import { NO_FILTERS } from '@/lib/topology/view-filters';
import { noted, noteOf, pack, unpack } from './codec';
import { openDatabase } from './database/open';
import { DATABASES, type TestDatabase } from './testing/databases';
import { comparable, Lines, Recording, recorderOf, until } from './testing/recording';

describe.each(DATABASES)('overviews of the past on $name', ({ open, skip }) => {
  let databases: TestDatabase;
  beforeAll(async () => {
    if (!skip) databases = await open();
  });
  afterAll(() => databases?.close());
  beforeEach(({ skip: skipTest }) => skipTest(skip, 'no PostgreSQL server is installed'));

  test.each([1, 2, 3])('are what they were, of counts and without them (seed %i)', async (seed) => {
    const url = await databases.fresh();
    const options = { batchMs: 1, chapterFrames: [3, 10, 2000][seed - 1] ?? 1 };
    const recording = await recorded(url, seed, options);
    await showsAll(recording);
    await recording.recorder.stop();

    // As they were recorded before there were notes.
    expect(await rewriteKeys(url, (body) => pack(unpack(body)))).toBeGreaterThan(3);
    recording.recorder = recorderOf(url, new Lines(), options);
    await until(() => recording.recorder.status.oldest !== null);
    await showsAll(recording);
    await recording.recorder.stop();
  });

  test('are drawn of the keys where notes are of another version', async () => {
    const url = await databases.fresh();
    const recording = await recorded(url, 4, { batchMs: 1, chapterFrames: 5 });
    await recording.recorder.stop();
    const other = (body: Uint8Array, note: string) =>
      noted(
        pack(unpack(body)),
        note.replace('"version":1', '"version":99').replaceAll('"owned"', '"counts"'),
      );
    expect(await rewriteKeys(url, other)).toBeGreaterThan(3);
    recording.recorder = recorderOf(url, new Lines());
    await until(() => recording.recorder.status.oldest !== null);
    await showsAll(recording);
    await recording.recorder.stop();
  });
});

/** A recording of many namespaces that change at random. */
async function recorded(
  url: string,
  seed: number,
  options: { readonly batchMs: number; readonly chapterFrames: number },
): Promise<Recording> {
  const cluster = new RandomNamespaces(seed);
  const recording = new Recording(url, seed, options);
  const { graph } = recording.cluster;
  const initial = cluster.topology();
  graph.apply(initial);
  recording.publish(initial);
  await recording.start();
  for (let i = 0; i < 40; i++) {
    recording.now += 1000;
    const delta = cluster.step();
    graph.apply(delta);
    recording.publish(delta);
    if (i % 4 === 3) await until(() => recording.recorder.metrics().queueBytes === 0);
  }
  return recording;
}

async function showsAll(recording: Recording): Promise<void> {
  for (const [i, { at }] of recording.moments.entries()) {
    const filters = { ...NO_FILTERS, budget: [3, 9, 25][i % 3] ?? 1 };
    const found = await recording.recorder.at(at, filters);
    if ('missing' in found) throw new Error(`${found.reason} ${recording.words()}`);
    const topology = recording.expected(at, filters);
    expect({ at, filters, topology: comparable(found.topology) }).toEqual({ at, filters, topology });
  }
}

/** Changes every key that has a note; how many there were. */
async function rewriteKeys(
  url: string,
  change: (body: Uint8Array, note: string) => Uint8Array,
): Promise<number> {
  const db = await openDatabase(url);
  let changed = 0;
  await db.change(async (trx) => {
    for (const { part, frame, body } of await trx.selectFrom('atlas_keys').selectAll().execute()) {
      const note = noteOf(body);
      if (note === null) continue;
      changed++;
      const after = Buffer.from(change(body, note));
      await trx
        .updateTable('atlas_keys')
        .set({ body: after })
        .where('part', '=', part)
        .where('frame', '=', frame)
        .execute();
    }
  });
  await db.close();
  return changed;
}
