import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { NO_FILTERS, type ViewFilters } from '@/lib/topology/view-filters';
import { DATABASES, type TestDatabase } from './testing/databases';
import { comparable, Recording, recorderOf, until } from './testing/recording';

const FILTERS: readonly Partial<ViewFilters>[] = [
  {},
  { namespace: ['a'] },
  { namespace: ['b', 'c'], budget: 8 },
  { host: ['x.example.com', '*'] },
  { service: ['a/s1'] },
  { budget: 10 },
  { status: ['broken'] },
  { q: 'example' },
];

describe.each(DATABASES)('the recorder on $name', ({ open, skip }) => {
  let databases: TestDatabase;
  beforeAll(async () => {
    if (!skip) databases = await open();
  });
  afterAll(() => databases?.close());
  beforeEach(({ skip: skipTest }) => skipTest(skip, 'no PostgreSQL server is installed'));

  test.each([1, 2, 3, 4])('shows every moment as it was (seed %i)', async (seed) => {
    // Chapters so short that most is sorted, or so long that nothing is; or in between.
    const recording = new Recording(await databases.fresh(), seed, {
      batchMs: seed * 5,
      chapterFrames: [2, 5, 20, 2000][seed - 1] ?? 1,
    });
    recording.step(40);
    await recording.start();
    for (let i = 0; i < 60; i++) {
      recording.step(1 + recording.cluster.below(6));
      if (i % 4 === 3) await until(() => recording.recorder.metrics().queueBytes === 0);
    }
    const begin = recording.moments[0]?.at ?? 0;
    const ids = [...recording.cluster.graph.nodes.keys()];
    for (let i = 0; i < 40; i++) {
      const time = begin + recording.cluster.below(recording.now - begin + 500);
      const change = recording.cluster.pick([...FILTERS, { focus: recording.cluster.pick(ids) }]);
      const filters = { ...NO_FILTERS, ...change };
      const found = await recording.recorder.at(time, filters);
      if ('missing' in found) throw new Error(`${found.reason} ${recording.words()}`);
      expect({ time, filters, topology: comparable(found.topology) }).toEqual({
        time,
        filters,
        topology: recording.expected(time, filters),
      });
      expect(found).toMatchObject({ exact: true, gap: null });
    }
    await recording.recorder.stop();
  });

  test.each([5, 6])('a timeline that was read changes nothing of what is shown (seed %i)', async (seed) => {
    const recording = new Recording(await databases.fresh(), seed, { batchMs: 1, chapterFrames: 4 });
    recording.step(40);
    await recording.start();
    for (let i = 0; i < 20; i++) {
      recording.step(4);
      // It makes ready the past of now, of which more comes while that is under way.
      await recording.recorder.history({ from: 0, to: Date.now(), limit: 10 });
      recording.step(4);
      const { at } = recording.cluster.pick(recording.moments);
      const filters = { ...NO_FILTERS, budget: recording.cluster.pick([5, 20, null]) };
      const found = await recording.recorder.at(at, filters);
      if ('missing' in found) throw new Error(`${found.reason} ${recording.words()}`);
      expect({ at, topology: comparable(found.topology) }).toEqual({
        at,
        topology: recording.expected(at, filters),
      });
    }
    await recording.recorder.stop();
  });

  test('goes on after a stop, tells the gap, and shows what was before it', async () => {
    const url = await databases.fresh();
    const first = new Recording(url, 11);
    first.step(30);
    await first.start();
    for (let i = 0; i < 10; i++) first.step(3);
    const before = first.now;
    await first.recorder.stop();

    const second = new Recording(url, 12);
    second.step(30);
    second.now = Date.now();
    second.publish({ nodes: NONE, edges: NONE, findings: NONE });
    await second.start();
    const history = await second.recorder.history({ from: 0, to: Date.now() + 1000, limit: 1000 });
    expect(history.gaps).toHaveLength(1);
    const [gap] = history.gaps;
    expect(gap?.from).toBeGreaterThanOrEqual(before);
    expect(gap?.to).toBe(second.now);
    expect(history.events.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['recorder-started', 'recorder-stopped']),
    );
    const old = await second.recorder.at(before, NO_FILTERS);
    if ('missing' in old) throw new Error(old.reason);
    expect(comparable(old.topology)).toEqual(first.expected(before, NO_FILTERS));
    const inside = await second.recorder.at(((gap?.from ?? 0) + (gap?.to ?? 0)) / 2, NO_FILTERS);
    expect(inside).toMatchObject({ exact: false, gap: { from: gap?.from, to: gap?.to } });
    const now = await second.recorder.at(second.now, NO_FILTERS);
    if ('missing' in now) throw new Error(now.reason);
    expect(comparable(now.topology)).toEqual(second.expected(second.now, NO_FILTERS));
    await second.recorder.stop();
  });

  test('says what it does not have', async () => {
    const recording = new Recording(await databases.fresh(), 5);
    await until(() => recording.recorder.status.state === 'starting' && recording.recorder.status.bytes > 0);
    expect(await recording.recorder.at(Date.now(), NO_FILTERS)).toMatchObject({
      missing: 'before-retention',
    });
    recording.step(10);
    await recording.start();
    expect(await recording.recorder.at(recording.now - 3_000_000, NO_FILTERS)).toMatchObject({
      missing: 'before-retention',
      oldest: recording.now,
    });
    expect(await recording.recorder.at(Date.now() + 60_000, NO_FILTERS)).toMatchObject({
      missing: 'not-yet',
    });
    await recording.recorder.stop();
  });

  test('keeps when findings opened, changed and closed', async () => {
    const recording = new Recording(await databases.fresh(), 6, { batchMs: 1, chapterFrames: 4 });
    recording.step(30);
    await recording.start();
    const expected: string[] = [];
    const open = new Set(recording.cluster.graph.findings.keys());
    for (let i = 0; i < 40; i++) {
      recording.step(5, (delta) => {
        const { remove, upsert } = delta.findings;
        expected.push(...remove.filter((id) => open.has(id)).map((id) => `finding-closed ${id}`));
        for (const id of remove) open.delete(id);
        expected.push(...upsert.filter(({ id }) => !open.has(id)).map(({ id }) => `finding-opened ${id}`));
        for (const { id } of upsert) open.add(id);
        return delta;
      });
      // Some chapters are over, and the last one is not.
      if (i % 3 === 0) await until(() => recording.recorder.metrics().queueBytes === 0);
    }
    const { events, spans, gaps, cut } = await recording.recorder.history({
      from: 0,
      to: Date.now(),
      limit: 5000,
    });
    expect(events.flatMap(({ type, finding }) => (finding ? [`${type} ${finding.id}`] : []))).toEqual(
      expected,
    );
    expect(expected.length).toBeGreaterThan(5);
    expect(
      spans
        .filter(({ closed }) => closed === null)
        .map(({ finding }) => finding.id)
        .sort(),
    ).toEqual([...open].sort());
    expect(events.map(({ at }) => at)).toEqual(events.map(({ at }) => at).toSorted((a, b) => a - b));
    expect({ gaps, cut }).toEqual({ gaps: [], cut: false });
    expect((await recording.recorder.history({ from: 0, to: Date.now(), limit: 3 })).cut).toBe(true);
    await recording.recorder.stop();
  });

  test('keeps snapshots with their pictures until they expire or are removed', async () => {
    const recorder = recorderOf(await databases.fresh(), new Recording('off').log);
    const record = {
      revokeHash: 'r',
      cluster: 'test',
      takenAt: 1,
      createdAt: 2,
      public: true,
      redacted: false,
      doc: Buffer.from('{"a":1}'),
    };
    const pictures = { 'card-light': Buffer.from([1, 2, 3]) };
    await until(async () => (await recorder.marks.list().catch(() => null)) !== null);
    await recorder.snapshots.put({ ...record, idHash: 'keep', expiresAt: Date.now() + 60_000, pictures });
    await recorder.snapshots.put({ ...record, idHash: 'old', expiresAt: Date.now() - 1, pictures });
    const found = await recorder.snapshots.get('keep');
    expect(found && { ...found, doc: Buffer.from(found.doc).toString() }).toMatchObject({
      idHash: 'keep',
      public: true,
      redacted: false,
      doc: '{"a":1}',
    });
    expect(await recorder.snapshots.picture('keep', 'card-light')).toEqual(Buffer.from([1, 2, 3]));
    expect(await recorder.snapshots.picture('keep', 'wide-dark')).toBeNull();
    expect(await recorder.snapshots.get('old')).toBeNull();
    expect(await recorder.snapshots.picture('old', 'card-light')).toBeNull();
    expect(await recorder.snapshots.count()).toEqual({ count: 2, bytes: 20 });
    expect((await recorder.snapshots.list()).map(({ idHash, size }) => [idHash, size])).toEqual([
      ['keep', 10],
      ['old', 10],
    ]);
    await expect(
      recorder.snapshots.put({ ...record, idHash: 'keep', expiresAt: null, pictures: {} }),
    ).rejects.toThrow();
    expect(await recorder.snapshots.remove('keep')).toBe(true);
    expect(await recorder.snapshots.remove('keep')).toBe(false);
    expect(await recorder.snapshots.get('keep')).toBeNull();
    await recorder.marks.put({ finding: 'f', until: 5, note: 'n', fingerprint: 'x', by: 'me', at: 1 });
    await recorder.marks.put({ finding: 'f', until: null, note: 'm', fingerprint: '', by: 'you', at: 2 });
    expect(await recorder.marks.list()).toEqual([
      { finding: 'f', until: null, note: 'm', fingerprint: '', by: 'you', at: 2 },
    ]);
    await recorder.marks.remove('f');
    expect(await recorder.marks.list()).toEqual([]);
    const ends = Date.now() + 60_000;
    await recorder.signedOut.put({ idHash: 'over', until: Date.now() - 1 });
    for (const idHash of ['a', 'b', 'a']) await recorder.signedOut.put({ idHash, until: ends });
    expect((await recorder.signedOut.list()).toSorted((x, y) => (x.idHash < y.idHash ? -1 : 1))).toEqual([
      { idHash: 'a', until: ends },
      { idHash: 'b', until: ends },
    ]);
    await recorder.stop();
  });
});

const NONE = { upsert: [], remove: [] };

test('switched off it says so and keeps nothing', async () => {
  const recording = new Recording('off', 3);
  recording.recorder.start({ freeze: () => Promise.resolve(recording.frozen()) });
  recording.step(5);
  expect(recording.recorder.status).toMatchObject({ state: 'off', reason: 'DATABASE_URL=off' });
  expect(await recording.recorder.at(Date.now(), NO_FILTERS)).toMatchObject({ missing: 'off' });
  await expect(recording.recorder.snapshots.get('x')).rejects.toThrow('DATABASE_URL=off');
  await recording.recorder.stop();
});
