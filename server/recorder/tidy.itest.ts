import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { NO_FILTERS } from '@/lib/topology/view-filters';
import type { Db } from './database/db';
import { openDatabase } from './database/open';
import { DATABASES, type TestDatabase } from './testing/databases';
import { comparable, Recording, until } from './testing/recording';
import { clusterOf } from './worker/clusters';
import { historyOf } from './worker/history';
import { tidy } from './worker/tidy';

const MUCH = 1e12;

describe.each(DATABASES)('the retention on $name', ({ open, skip }) => {
  let databases: TestDatabase;
  beforeAll(async () => {
    if (!skip) databases = await open();
  });
  afterAll(() => databases?.close());
  beforeEach(({ skip: skipTest }) => skipTest(skip, 'no PostgreSQL server is installed'));

  /** A history of some hours in two runs, tidied while nobody records. */
  async function tidied(
    chapterFrames: number,
    work: (db: Db, cluster: number, recording: Recording) => Promise<void>,
  ) {
    const url = await databases.fresh();
    const recording = new Recording(url, 31, { batchMs: 1, chapterFrames });
    recording.step(30);
    await recording.start();
    for (let i = 0; i < 40; i++) {
      recording.step(5);
      await until(() => recording.recorder.metrics().queueBytes === 0);
    }
    await recording.recorder.stop();
    const db = await openDatabase(url);
    const cluster = await clusterOf(db, 'test');
    await until(() => db.lead(cluster, Date.now(), 0));
    await work(db, cluster, recording);
    await db.resign(cluster);
    await db.close();
    return new Recording(url, 1);
  }

  // Of sorted chapters, and of a log that nothing has been sorted of.
  test.each([3, 1000])(
    'by age lets go of what is older, and shows the rest as it was (chapters of %i)',
    async (frames) => {
      let horizon = 0;
      let moments: Recording['moments'] = [];
      let expected: Recording | null = null;
      const again = await tidied(frames, async (db, cluster, recording) => {
        const middle = recording.moments[20]?.at ?? 0;
        const rows = async () => (await db.read.selectFrom('atlas_frames').select('id').execute()).length;
        const before = await rows();
        await tidy(db, cluster, { ageMs: 1000, bytes: MUCH }, middle + 1000);
        expect(await rows()).toBeLessThan(before);
        const { oldest_at } = await db.read
          .selectFrom('atlas_clusters')
          .select('oldest_at')
          .executeTakeFirstOrThrow();
        expect(oldest_at).toBeGreaterThanOrEqual(middle);
        horizon = oldest_at ?? 0;
        moments = recording.moments;
        expected = recording;
        const { events } = await historyOf(db, cluster, { from: 0, to: MUCH * 10, limit: 5000 }, 0);
        expect(events.length).toBeGreaterThan(5);
        expect(events.every(({ at }) => at >= horizon)).toBe(true);
      });
      await until(async () => (await again.recorder.marks.list().catch(() => null)) !== null);
      const late = moments.filter(({ at }) => at >= horizon);
      expect(late.length).toBeGreaterThan(10);
      for (const { at } of late) {
        const found = await again.recorder.at(at, NO_FILTERS);
        if ('missing' in found) throw new Error(found.reason);
        expect(comparable(found.topology)).toEqual((expected as Recording | null)?.expected(at, NO_FILTERS));
      }
      expect(await again.recorder.at(horizon - 1, NO_FILTERS)).toMatchObject({ missing: 'before-retention' });
      // Another run sorts what the first has left.
      again.step(10);
      await again.start();
      for (const { at } of late) {
        const found = await again.recorder.at(at, NO_FILTERS);
        if ('missing' in found) throw new Error(found.reason);
        expect(comparable(found.topology)).toEqual((expected as Recording | null)?.expected(at, NO_FILTERS));
      }
      await again.recorder.stop();
    },
  );

  test('by size lets go of the older part, never of how things stand', async () => {
    const again = await tidied(3, async (db, cluster, recording) => {
      const bytes = await db.bytes();
      await tidy(db, cluster, { ageMs: MUCH, bytes: bytes * 0.7 }, Date.now());
      const frames = await db.read.selectFrom('atlas_frames').select('id').execute();
      expect(frames.length).toBeLessThan(recording.moments.length);
      await tidy(db, cluster, { ageMs: MUCH, bytes: 1 }, Date.now());
      expect(await db.read.selectFrom('atlas_frames').select('id').execute()).toHaveLength(1);
    });
    await until(async () => (await again.recorder.marks.list().catch(() => null)) !== null);
    const found = await again.recorder.at(Date.now() - 1, NO_FILTERS);
    expect('missing' in found).toBe(false);
    await again.recorder.stop();
  });
});
