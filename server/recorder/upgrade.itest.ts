import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { TopologyDelta } from '@/lib/topology/model';
import { patchPieces } from '@/lib/topology/partition/part';
import { split } from '@/lib/topology/partition/split';
import { drain } from '@/lib/topology/slices';
import { NO_FILTERS } from '@/lib/topology/view-filters';
import { pack } from './codec';
import type { Db } from './database/db';
import { openDatabase } from './database/open';
import { HEAD } from './messages';
import { DATABASES, type TestDatabase } from './testing/databases';
import { comparable, Recording, until } from './testing/recording';
import { clusterOf } from './worker/clusters';
import { packLines } from './worker/lines';
import { RawLines } from './worker/raw-lines';

const FINDING = {
  id: 'f',
  code: 'c',
  severity: 'broken',
  impact: 'traffic',
  state: 'open',
  hop: 'pod',
  title: 'words of then',
  cause: null,
  since: null,
  namespace: 'a',
  hosts: [],
  rules: [],
} as const;

/** Partitions of a delta as the first version recorded them: details whole. */
function wholeParts(delta: TopologyDelta): readonly (readonly [string, string])[] {
  const found = drain(split(delta));
  return [...found].map(([part, patch]) => [part, [...patchPieces(patch)].join('')] as const);
}

/** Writes what was published as version 1 of the schema did: a row for each partition of each frame. */
async function writeOld(url: string, recording: Recording): Promise<void> {
  const db = await openDatabase(url);
  const cluster = await clusterOf(db, 'test');
  const { nodes, edges, findings } = recording.frozen();
  const whole = <T>(upsert: readonly T[]) => ({ upsert, remove: [] });
  let parts = wholeParts({
    nodes: whole(nodes),
    edges: whole(edges),
    findings: whole(findings),
  });
  const names = new Set<string>([HEAD]);
  const write = async (id: number): Promise<void> => {
    const at = recording.now;
    const all = [[HEAD, JSON.stringify(recording.head)] as const, ...parts];
    await db.change(async (trx) => {
      for (const [part, text] of all) {
        if (id === 1)
          await trx
            .insertInto('atlas_keys')
            .values({ cluster, part, frame: 1, body: pack(text) })
            .execute();
        else {
          const raw = new RawLines();
          raw.add(at, Buffer.from(text));
          const body = packLines(raw);
          await trx.insertInto('atlas_deltas').values({ cluster, part, frame: id, body }).execute();
        }
        if (id === 1 || !names.has(part))
          await trx.insertInto('atlas_parts').values({ cluster, run: 1, part }).execute();
        names.add(part);
      }
      const { epoch, version } = recording.head;
      await trx
        .insertInto('atlas_frames')
        .values({ cluster, id, run: 1, since: at, at, epoch, version, bytes: 100 })
        .execute();
    });
  };
  await write(1);
  const first = recording.now;
  // From here on a delta holds what has changed since, each item whole.
  for (let id = 2; id < 30; id++) {
    recording.step(4, (delta) => {
      parts = wholeParts(delta);
      return delta;
    });
    await write(id);
  }
  await finish(db, cluster, first, recording.now);
}

/** Events and spans of then, and the schema as it was. */
async function finish(db: Db, cluster: number, first: number, last: number): Promise<void> {
  const event = { finding: FINDING, detail: '' };
  await db.change(async (trx) => {
    for (const [type, at] of [
      ['finding-opened', first + 1],
      ['finding-closed', last],
    ] as const)
      await trx
        .insertInto('atlas_events')
        .values({ cluster, at, type, finding: 'f', body: pack(JSON.stringify(event)) })
        .execute();
    await trx
      .insertInto('atlas_spans')
      .values({ cluster, finding: 'f', opened: first + 1, closed: last, body: pack(JSON.stringify(FINDING)) })
      .execute();
    await trx.updateTable('atlas_clusters').set({ oldest_frame: 1, oldest_at: first }).execute();
    for (const table of ['atlas_log', 'atlas_signed_out', 'atlas_aside'])
      await trx.schema.dropTable(table).execute();
    await sql`update atlas_schema set version = 1`.execute(trx);
  });
  await db.close();
}

describe.each(DATABASES)('a history of the first version on $name', ({ open, skip }) => {
  let databases: TestDatabase;
  beforeAll(async () => {
    if (!skip) databases = await open();
  });
  afterAll(() => databases?.close());
  beforeEach(({ skip: skipTest }) => skipTest(skip, 'no PostgreSQL server is installed'));

  test('is shown as it was, and gone on with', async () => {
    const url = await databases.fresh();
    const old = new Recording('off', 41);
    old.step(40);
    await writeOld(url, old);
    const again = new Recording(url, 42, { batchMs: 1, chapterFrames: 3 });
    again.step(30);
    again.now = old.now + 60_000;
    again.publish({ nodes: NONE, edges: NONE, findings: NONE });
    await again.start();
    for (let i = 0; i < 10; i++) {
      again.step(3);
      await until(() => again.recorder.metrics().queueBytes === 0);
    }
    for (const recording of [old, again]) {
      // What was there before anything was recorded, or before this one recorded.
      for (const { at } of recording.moments.slice(2)) {
        const found = await again.recorder.at(at, NO_FILTERS);
        if ('missing' in found) throw new Error(found.reason);
        expect({ at, topology: comparable(found.topology) }).toEqual({
          at,
          topology: recording.expected(at, NO_FILTERS),
        });
      }
    }
    const { events, spans, gaps } = await again.recorder.history({ from: 0, to: again.now, limit: 5000 });
    expect(events.filter(({ finding }) => finding?.id === 'f').map(({ type }) => type)).toEqual([
      'finding-opened',
      'finding-closed',
    ]);
    expect(spans.filter(({ finding }) => finding.id === 'f')).toMatchObject([{ finding: FINDING }]);
    expect(gaps).toHaveLength(1);
    await again.recorder.stop();
  });
});

const NONE = { upsert: [], remove: [] };
