import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { NO_FILTERS } from '@/lib/topology/view-filters';
import { openDatabase } from './database/open';
import { Scribe } from './testing/child';
import { DATABASES, postgresServer, type TestDatabase } from './testing/databases';
import { comparable, Recording, until } from './testing/recording';

const folder = mkdtempSync(join(tmpdir(), 'atlas-faults-'));
const path = (name: string) => join(folder, `${name}.sqlite`);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Every moment that is remembered is shown as it was. */
async function expectAll(recording: Recording): Promise<void> {
  for (const { at } of recording.moments) {
    const found = await recording.recorder.at(at, NO_FILTERS);
    if ('missing' in found) throw new Error(`${found.reason} ${recording.words()}`);
    expect({ at, topology: comparable(found.topology) }).toEqual({
      at,
      topology: recording.expected(at, NO_FILTERS),
    });
  }
}

async function started(
  url: string,
  options: ConstructorParameters<typeof Recording>[2] = {},
): Promise<Recording> {
  const recording = new Recording(url, 21, options);
  recording.step(30);
  await recording.start();
  return recording;
}

const gapsOf = async ({ recorder }: Recording) =>
  (await recorder.history({ from: 0, to: Date.now() + 60_000, limit: 1 })).gaps;

describe('a file', () => {
  test('that another process has locked: it says so, and loses nothing', async () => {
    const recording = await started(`sqlite:${path('locked')}`);
    for (let i = 0; i < 5; i++) recording.step(4);
    const other = new DatabaseSync(path('locked'));
    await until(() => recording.recorder.metrics().queueBytes === 0);
    other.exec('begin immediate');
    for (let i = 0; i < 10; i++) recording.step(4);
    await recording.reaches('down');
    expect(recording.recorder.status.reason).toContain('locked');
    other.exec('rollback');
    other.close();
    await recording.reaches('recording');
    await until(() => recording.recorder.metrics().queueBytes === 0);
    expect(await gapsOf(recording)).toEqual([]);
    await expectAll(recording);
    await recording.recorder.stop();
  });

  test('that is locked for longer than changes can wait: they are let go, and the gap is told', async () => {
    const recording = await started(`sqlite:${path('overflow')}`, { limits: { bytes: 20_000, items: 60 } });
    await until(() => recording.recorder.metrics().queueBytes === 0);
    const before = recording.now;
    const other = new DatabaseSync(path('overflow'));
    other.exec('begin immediate');
    await until(async () => {
      recording.step(6);
      await delay(10);
      return recording.log.lines.some((line) => line.includes('let go'));
    });
    other.exec('rollback');
    other.close();
    recording.moments.length = 0;
    recording.step(3);
    await until(
      async () => (await gapsOf(recording).catch(() => [])).length === 1,
      () => recording.words(),
    );
    const [gap] = await gapsOf(recording);
    expect(gap?.reason).toContain('let go');
    expect(gap?.from).toBeLessThanOrEqual(before);
    expect(await recording.recorder.at(before + 1, NO_FILTERS)).toMatchObject({ exact: false, gap });
    recording.step(3);
    await expectAll(recording);
    await recording.recorder.stop();
  });

  test.each([
    ['garbage', (file: string) => writeFileSync(file, 'this is no database '.repeat(1000))],
    [
      'a database with a damaged middle',
      (file: string) => {
        const bytes = readFileSync(file);
        for (let at = 4096; at < bytes.length; at += 4096) bytes.fill(0xa5, at, at + 2000);
        writeFileSync(file, bytes);
      },
    ],
  ])('that is %s is kept aside, and a fresh one begun', async (what, damage) => {
    const name = what.slice(0, 9).replaceAll(' ', '-');
    const first = await started(`sqlite:${path(name)}`);
    for (let i = 0; i < 20; i++) first.step(6);
    await first.recorder.stop();
    damage(path(name));
    const second = await started(`sqlite:${path(name)}`);
    second.step(5);
    await until(() => second.recorder.metrics().queueBytes === 0);
    expect(second.log.lines.join()).toContain('damaged');
    expect(readdirSync(folder).filter((file) => file.startsWith(`${name}.sqlite.corrupt-`))).not.toEqual([]);
    await expectAll(second);
    await second.recorder.stop();
  });

  test('of a newer version is left alone, and the recorder is off', async () => {
    const first = await started(`sqlite:${path('newer')}`);
    await first.recorder.stop();
    const database = new DatabaseSync(path('newer'));
    database.exec('update atlas_schema set version = 99');
    database.close();
    const second = new Recording(`sqlite:${path('newer')}`, 2);
    await second.reaches('off');
    expect(second.recorder.status.reason).toContain('schema 99');
    second.step(3);
    expect(await second.recorder.at(Date.now(), NO_FILTERS)).toMatchObject({ missing: 'off' });
    await expect(second.recorder.marks.list()).rejects.toThrow('schema 99');
    await second.recorder.stop();
  });

  test('on a disk that is full: it says so, and goes on when there is room', async ({ skip }) => {
    const disk = join(folder, 'disk');
    mkdirSync(disk);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', disk], { stdio: 'pipe' });
    } catch {
      skip('a small disk cannot be mounted here');
    }
    try {
      const recording = await started(`sqlite:${join(disk, 'h.sqlite')}`);
      await until(() => recording.recorder.metrics().queueBytes === 0);
      // The rest of the disk is taken by others.
      const ballast = join(disk, 'ballast');
      execFileSync('sh', ['-c', `cat /dev/zero > ${ballast} || true`], { stdio: 'pipe' });
      await until(async () => {
        recording.step(30);
        await delay(20);
        return recording.recorder.status.state === 'down';
      });
      expect(recording.recorder.status.reason).toMatch(/full|disk/);
      rmSync(ballast);
      await recording.reaches('recording');
      await until(() => recording.recorder.metrics().queueBytes === 0);
      expect(await gapsOf(recording)).toEqual([]);
      recording.moments.splice(5, recording.moments.length - 15);
      await expectAll(recording);
      await recording.recorder.stop();
    } finally {
      execFileSync('umount', ['-l', disk]);
    }
  });
});

test('a PostgreSQL server that restarts: the recording goes on, with the gap told', async ({ skip }) => {
  const server = await postgresServer();
  if (!server) return skip('no PostgreSQL server is installed');
  try {
    const recording = await started(await server.database());
    recording.step(4);
    await until(() => recording.recorder.metrics().queueBytes === 0);
    await server.down();
    recording.now = Date.now();
    for (let i = 0; i < 5; i++) recording.step(4);
    await recording.reaches('down');
    expect(recording.words()).not.toContain('canary-password');
    expect(await recording.recorder.at(recording.now, NO_FILTERS)).toMatchObject({ missing: 'down' });
    await server.up();
    await recording.reaches('recording');
    await until(() => Date.now() > recording.now);
    expect(await gapsOf(recording)).toHaveLength(1);
    recording.moments.length = 0;
    recording.step(4);
    // Its steps are longer than it takes: a recorder shows no future.
    await until(() => Date.now() > recording.now);
    await expectAll(recording);
    await recording.recorder.stop();
    expect(recording.words()).not.toContain('canary-password');
  } finally {
    await server.remove();
  }
});

describe.each(DATABASES)('on $name', ({ open, skip }) => {
  let databases: TestDatabase;
  beforeAll(async () => {
    if (!skip) databases = await open();
  });
  afterAll(() => databases?.close());
  beforeEach(({ skip: skipTest }) => skipTest(skip, 'no PostgreSQL server is installed'));

  test('a clock that is set back keeps the order, and is noted', async () => {
    const recording = await started(await databases.fresh());
    for (let i = 0; i < 5; i++) recording.step(4);
    const latest = recording.now;
    recording.now -= 60_000;
    for (let i = 0; i < 5; i++) recording.step(4);
    const { events } = await recording.recorder.history({ from: 0, to: Date.now(), limit: 1000 });
    expect(events.filter(({ type }) => type === 'clock-set-back')).toHaveLength(1);
    expect(events.map(({ at }) => at)).toEqual(events.map(({ at }) => at).toSorted((a, b) => a - b));
    const found = await recording.recorder.at(latest + 1, NO_FILTERS);
    if ('missing' in found) throw new Error(found.reason);
    expect(found.topology.version).toBe(recording.head.version);
    recording.now = latest + 1000;
    recording.moments.splice(0, recording.moments.length);
    recording.step(4);
    await expectAll(recording);
    await recording.recorder.stop();
  });

  test('of two at once one records and both answer; killed, the other takes over', async () => {
    const url = await databases.fresh();
    const scribe = new Scribe(url, 5, 'first', Date.now() - 1_800_000);
    await scribe.writes();
    const second = new Recording(url, 21);
    second.now = Date.now();
    second.recorder.start({ freeze: () => Promise.resolve(second.frozen()) });
    await second.reaches('following');
    second.step(30);
    expect(await second.recorder.at(Date.now() - 1_799_990, NO_FILTERS)).toMatchObject({
      topology: { epoch: 'first' },
    });
    const acknowledged = await scribe.kill();
    await second.reaches('recording');
    second.step(5);
    await until(() => second.recorder.metrics().queueBytes === 0);
    const last = second.moments.at(-1)?.at ?? 0;
    const found = await second.recorder.at(last, NO_FILTERS);
    if ('missing' in found) throw new Error(found.reason);
    expect(comparable(found.topology)).toEqual(second.expected(last, NO_FILTERS));
    const [gap, ...others] = await gapsOf(second);
    expect(others).toEqual([]);
    const before = await second.recorder.at((gap?.from ?? 0) - 1, NO_FILTERS);
    if ('missing' in before) throw new Error(before.reason);
    expect(before.topology.epoch).toBe('first');
    expect(acknowledged).toBeGreaterThan(0);
    await second.recorder.stop();
  });

  test.each(['body', 'events'] as const)(
    'a frame of the log whose %s is damaged is kept aside with what builds upon it, and the gap is told',
    async (column) => {
      const url = await databases.fresh();
      const first = await started(url, { batchMs: 1 });
      for (let i = 0; i < 12; i++) {
        first.step(6);
        await until(() => first.recorder.metrics().queueBytes === 0);
      }
      await first.recorder.stop();
      const db = await openDatabase(url);
      const log = await db.read.selectFrom('atlas_log').selectAll().orderBy('frame').execute();
      const bad = log.find((row, i) => i > 4 && row[column] !== null);
      const body = Buffer.from(bad?.[column] ?? []);
      body[body.length >> 1] = (body[body.length >> 1] ?? 0) ^ 0x10;
      await db.change((trx) =>
        trx
          .updateTable('atlas_log')
          .set({ [column]: body })
          .where('frame', '=', bad?.frame ?? 0)
          .execute(),
      );
      const frame = await db.read
        .selectFrom('atlas_frames')
        .select('since')
        .where('id', '=', bad?.frame ?? 0)
        .executeTakeFirstOrThrow();

      const second = await started(url);
      second.now = Date.now();
      second.step(5);
      await until(() => second.recorder.metrics().queueBytes === 0);
      expect(second.log.lines.join()).toContain(`damaged at frame ${bad?.frame}`);
      const aside = await db.read.selectFrom('atlas_aside').select(['frame', column]).execute();
      expect(aside.map((row) => row.frame)).toEqual(
        log.flatMap((row) => (row.frame >= (bad?.frame ?? 0) ? [row.frame] : [])),
      );
      expect(Buffer.from(aside[0]?.[column] ?? []).equals(body)).toBe(true);
      await db.close();

      const gaps = await gapsOf(second);
      expect(gaps.some(({ from, reason }) => from === frame.since - 1 && reason.includes('damaged'))).toBe(
        true,
      );
      for (const { at } of first.moments.slice(1)) {
        const found = await second.recorder.at(at, NO_FILTERS);
        if ('missing' in found) throw new Error(found.reason);
        expect(found.exact).toBe(at < frame.since);
        if (found.exact) expect(comparable(found.topology)).toEqual(first.expected(at, NO_FILTERS));
        else expect(found.gap?.reason).toContain('damaged');
      }
      second.moments.splice(0, second.moments.length - 1);
      await until(() => Date.now() > second.now);
      await expectAll(second);
      await second.recorder.stop();
    },
  );

  test('a leader that stops makes room at once', async () => {
    const url = await databases.fresh();
    const first = await started(url);
    const second = new Recording(url, 22);
    second.recorder.start({ freeze: () => Promise.resolve(second.frozen()) });
    await second.reaches('following');
    await first.recorder.stop();
    await second.reaches('recording');
    await second.recorder.stop();
  });
});
