import { closeSync, mkdtempSync, openSync, readdirSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { NO_FILTERS } from '@/lib/topology/view-filters';
import { DATABASES, type TestDatabase } from './testing/databases';
import { comparable, Recording, until } from './testing/recording';
import { RecorderThread } from './thread';

const folder = mkdtempSync(join(tmpdir(), 'atlas-shared-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Two clusters that are recorded by one thread. */
function pair(url: string): readonly [Recording, Recording] {
  const thread = new RecorderThread();
  return [
    new Recording(url, 5, { thread, cluster: 'one', batchMs: 5 }),
    new Recording(url, 6, { thread, cluster: 'two', batchMs: 5 }),
  ];
}

async function expectAll(recording: Recording): Promise<void> {
  for (const { at } of recording.moments) {
    const found = await recording.recorder.at(at, NO_FILTERS);
    if ('missing' in found) throw new Error(`${found.reason} ${recording.words()}`);
    expect(comparable(found.topology)).toEqual(recording.expected(at, NO_FILTERS));
  }
}

describe.each(DATABASES)('two clusters in one database on $name', ({ open, skip }) => {
  let database: TestDatabase;
  beforeAll(async () => {
    if (!skip) database = await open();
  }, 60_000);
  afterAll(() => database?.close());
  beforeEach(({ skip: skipTest }) => skipTest(skip, 'no PostgreSQL server is installed'));

  test('are each rebuilt as they were; one that stops takes nothing from the other', async () => {
    const url = await database.fresh();
    const [one, two] = pair(url);
    for (const recording of [one, two]) recording.step(20);
    await Promise.all([one.start(), two.start()]);
    for (let i = 0; i < 6; i++) for (const recording of [one, two]) recording.step(5);
    await expectAll(one);
    await expectAll(two);
    await one.recorder.stop();
    two.step(5);
    await expectAll(two);
    expect(two.recorder.status.state).toBe('recording');
    await two.recorder.stop();
  });
});

describe('a damaged file', () => {
  const aside = (name: string) => readdirSync(folder).filter((file) => file.startsWith(`${name}.corrupt-`));

  test('that both are to open is put aside once', async () => {
    writeFileSync(join(folder, 'a.sqlite'), 'this is no database '.repeat(500));
    const [one, two] = pair(`sqlite:${join(folder, 'a.sqlite')}`);
    await Promise.all([one.start(), two.start()]);
    expect(aside('a.sqlite')).toHaveLength(1);
    one.step(3);
    await expectAll(one);
    for (const { recorder } of [one, two]) await recorder.stop();
  });

  test('that one finds while both write is put aside once, and both go on', async () => {
    const path = join(folder, 'b.sqlite');
    const [one, two] = pair(`sqlite:${path}`);
    for (const recording of [one, two]) recording.step(60);
    await Promise.all([one.start(), two.start()]);
    for (let i = 0; i < 20; i++) for (const recording of [one, two]) recording.step(20);
    await until(() => [one, two].every(({ recorder }) => recorder.metrics().queueBytes === 0));
    const other = new DatabaseSync(path);
    other.exec('pragma wal_checkpoint(truncate)');
    const { page_count: pages } = other.prepare('pragma page_count').get() as { page_count: number };
    other.close();
    const file = openSync(path, 'r+');
    for (let page = 2; page < pages; page++) writeSync(file, Buffer.alloc(8000, 0x5a), 0, 8000, page * 8192);
    closeSync(file);
    await until(
      async () => {
        for (const recording of [one, two]) recording.step(20);
        await Promise.all(
          [one, two].map(({ recorder }) =>
            recorder.history({ from: 0, to: Date.now(), limit: 5 }).catch(() => null),
          ),
        );
        return (
          aside('b.sqlite').length > 0 &&
          [one, two].every(({ recorder }) => recorder.status.state === 'recording')
        );
      },
      () => `${one.words()} ${two.words()}`,
    );
    expect(aside('b.sqlite').filter((name) => !/-(wal|shm)$/.test(name))).toHaveLength(1);
    for (const recording of [one, two]) {
      recording.step(5);
      const found = await recording.recorder.at(recording.now, NO_FILTERS);
      expect('missing' in found).toBe(false);
    }
    for (const { recorder } of [one, two]) await recorder.stop();
  }, 60_000);
});
