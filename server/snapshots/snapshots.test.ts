import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { NO_FILTERS, type ViewFilters } from '@/lib/topology/view-filters';
import type { SnapshotDocument } from '@/lib/wire/snapshot';
import { SNAPSHOT_LIMITS } from './limits';
import type { SnapshotsOptions } from './snapshots';
import { MemoryStore, testSnapshots } from './testing/memory-store';

const { topology, ...rest } = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../lib/snapshot/fixtures/version-1.json'), 'utf8'),
) as SnapshotDocument;
const VIEW = { filters: NO_FILTERS, page: [] };
const NOW = Date.parse('2026-01-01T13:00:00Z');

function setUp(options: Partial<SnapshotsOptions> = {}) {
  const clock = { now: NOW };
  const store = new MemoryStore();
  const snapshots = testSnapshots(topology, { store, now: () => clock.now, ...options });
  const make = async (input = {}) => {
    const made = await snapshots.create(input, VIEW);
    if ('refused' in made) throw new Error(made.refused);
    return made;
  };
  return { clock, store, snapshots, make };
}

describe('snapshots', () => {
  test('are kept under hashes, with four pictures', async () => {
    const { store, make } = setUp();
    const { id, revokeToken } = await make();
    expect([id, revokeToken]).toEqual([
      expect.stringMatching(/^[\w-]{22}$/),
      expect.stringMatching(/^[\w-]{22}$/),
    ]);
    expect(id).not.toBe(revokeToken);
    const [kept] = store.kept.values();
    expect(Object.keys(kept?.pictures ?? {})).toEqual(['card-light', 'card-dark', 'wide-light', 'wide-dark']);
    expect(JSON.stringify(kept)).not.toContain(id);
    expect(JSON.stringify(kept)).not.toContain(revokeToken);
  });

  test('say when they were seen, not when something last changed', async () => {
    const { document } = await setUp().make();
    expect(document.takenAt).toBe('2026-01-01T13:00:00.000Z');
    expect(document.topology.takenAt).toBe(document.takenAt);
    expect(document.expiresAt).toBe('2026-01-31T13:00:00.000Z');
  });

  test('are gone the moment they expire, also where the database still has them', async () => {
    const { clock, snapshots, make } = setUp();
    const { id, revokeToken } = await make({ expiresInMs: 3_600_000 });
    clock.now = NOW + 3_599_999;
    expect(await snapshots.read(id, 'a')).toHaveProperty('found');
    clock.now = NOW + 3_600_000;
    expect(await snapshots.read(id, 'a')).toEqual({ none: true });
    expect(await snapshots.picture(id, 'card-light', 'a')).toEqual({ none: true });
    expect(await snapshots.revoke(id, revokeToken, 'a')).toEqual({ none: true });
  });

  test('of a version to come are not shown wrongly', async () => {
    const { store, snapshots, make } = setUp();
    const { id } = await make();
    const [[hash, kept] = []] = store.kept;
    const { packed } = await import('./packing');
    const doc = await packed(JSON.stringify({ ...rest, topology, schema: 2 }));
    if (hash && kept) store.kept.set(hash, { ...kept, doc });
    await expect(snapshots.read(id, 'a')).rejects.toThrow('newer version of Ingress Atlas (schema 2');
  });

  test.each([
    ['count', { count: 2 }, /^2 snapshots of .* are kept; allowed are 2 and /],
    ['bytes', { totalBytes: 100 }, /allowed are 5000 and 0\.0 MB/],
  ])('are no more than the quota of %s', async (_, limits, words) => {
    const { snapshots } = setUp({ limits: { ...SNAPSHOT_LIMITS, ...limits } });
    await snapshots.create({}, VIEW);
    await snapshots.create({}, VIEW);
    expect(await snapshots.create({}, VIEW)).toMatchObject({
      refused: 'full',
      detail: expect.stringMatching(words),
    });
  });

  test('of one person are so many in a while that others have their share', async () => {
    const { snapshots } = setUp();
    const share = async (author: string) => 'id' in (await snapshots.create({}, VIEW, author));
    const { creating, creatingOfOne } = SNAPSHOT_LIMITS;
    for (let i = 0; i < creatingOfOne.burst; i += 1) expect(await share('ann')).toBe(true);
    for (let i = 0; i < 20; i += 1) expect(await share('ann')).toBe(false);
    for (let i = creatingOfOne.burst; i < creating.burst; i += 1) expect(await share('bob')).toBe(true);
    expect(await share('cy')).toBe(false);
  });

  test('made at the same time are counted too', async () => {
    const { store, snapshots } = setUp({ limits: { ...SNAPSHOT_LIMITS, count: 3 } });
    const made = await Promise.all([1, 2, 3, 4, 5].map(() => snapshots.create({}, VIEW)));
    expect(made.filter((one) => 'refused' in one)).toHaveLength(2);
    expect(store.kept.size).toBe(3);
  });

  test('too large are refused with what would help', async () => {
    const { snapshots } = setUp({ limits: { ...SNAPSHOT_LIMITS, documentBytes: 1000 } });
    expect(await snapshots.create({}, VIEW)).toMatchObject({
      refused: 'too-large',
      detail: expect.stringContaining('Filter it'),
    });
  });

  test('before anything was seen are refused, and a failure stops no later one', async () => {
    expect(await testSnapshots(null).create({}, VIEW)).toMatchObject({ refused: 'nothing-yet' });
    let first = true;
    const { snapshots } = setUp({
      sources: {
        freeze: () => {
          if (!first) return Promise.resolve(topology);
          first = false;
          return Promise.reject(new Error('broken'));
        },
        at: () => Promise.reject(new Error('not asked')),
      },
    });
    await expect(snapshots.create({}, VIEW)).rejects.toThrow('broken');
    expect(await snapshots.create({}, VIEW)).toHaveProperty('id');
  });

  test('of a large cluster are folded, by its own budget at most', async () => {
    const asked: ViewFilters[] = [];
    const { snapshots } = setUp({
      sources: {
        freeze: (filters) => {
          asked.push(filters);
          return Promise.resolve(topology);
        },
        at: () => Promise.reject(new Error('not asked')),
      },
    });
    for (const budget of [null, 300, 900_000])
      await snapshots.create({}, { ...VIEW, filters: { ...NO_FILTERS, budget } });
    expect(asked.map(({ budget }) => budget)).toEqual([1500, 300, 5000]);
  });

  test('of a time without records say so', async () => {
    const gap = { from: NOW - 9000, to: NOW - 1000, reason: 'the disk was full' };
    const sources = {
      freeze: () => Promise.reject(new Error('not asked')),
      at: () => Promise.resolve({ topology, exact: false, gap }),
    };
    const { document } = await setUp({ sources }).make({ at: '2026-01-01T12:59:55Z' });
    expect(document.takenAt).toBe('2026-01-01T12:59:55.000Z');
    expect(document.caveat).toContain('the disk was full');
  });
});

describe('guesses', () => {
  test('are stopped after some; what has been found before is found also by who shares an address with a guesser', async () => {
    const { snapshots, make } = setUp();
    const [read, fresh] = [await make(), await make()];
    expect(await snapshots.read(read.id, 'elsewhere')).toHaveProperty('found');
    const guess = (i: number) => snapshots.read(String(i).padStart(22, 'A'), 'office');
    const answers = [];
    for (let i = 0; i < 31; i++) answers.push(await guess(i));
    expect(answers.slice(0, 30)).toEqual(Array(30).fill({ none: true }));
    expect(answers[30]).toEqual({ waitMs: 2000 });
    expect(await snapshots.read(read.id, 'office')).toHaveProperty('found');
    expect(await snapshots.read(fresh.id, 'office')).toEqual({ waitMs: 2000 });
    expect(await snapshots.read(fresh.id, 'home')).toHaveProperty('found');
  });

  test('of the right to revoke are stopped too', async () => {
    const { snapshots, make } = setUp();
    const { id } = await make();
    const answers = [];
    for (let i = 0; i < 32; i++) answers.push(await snapshots.revoke(id, String(i).padStart(22, 'A'), 'a'));
    expect(answers.slice(0, 30)).toEqual(Array(30).fill({ found: 'forbidden' }));
    expect(answers[31]).toEqual({ waitMs: 2000 });
  });
});

describe('a file in place of a cluster', () => {
  const file: SnapshotDocument = { ...rest, topology, public: true };
  test('is shown under one id, also when it has expired, with pictures made on the way', async () => {
    const { snapshots } = setUp({ file, now: () => Date.parse('2036-01-01T00:00:00Z') });
    expect(snapshots.isFile).toBe(true);
    expect(await snapshots.read('file', 'a')).toEqual({ found: file });
    expect(await snapshots.picture('file', 'wide-dark', 'a')).toMatchObject({ found: { isPublic: false } });
    for (const id of ['other', 'A'.repeat(22)]) expect(await snapshots.read(id, 'a')).toEqual({ none: true });
  });
});
