import 'server-only';
import { sql } from 'kysely';
import type { Db } from '@/server/recorder/database/db';
import type { Mark, NewSnapshot, SnapshotEntry, SnapshotRecord } from '@/server/recorder/types';

const ENTRY = [
  'id_hash',
  'revoke_hash',
  'cluster',
  'taken_at',
  'created_at',
  'expires_at',
  'public',
  'redacted',
  'size',
] as const;

interface EntryRow {
  readonly id_hash: string;
  readonly revoke_hash: string;
  readonly cluster: string;
  readonly taken_at: number;
  readonly created_at: number;
  readonly expires_at: number | null;
  readonly public: number;
  readonly redacted: number;
  readonly size: number;
}

function entryOf(row: EntryRow): SnapshotEntry {
  return {
    idHash: row.id_hash,
    revokeHash: row.revoke_hash,
    cluster: row.cluster,
    takenAt: row.taken_at,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    public: row.public === 1,
    redacted: row.redacted === 1,
    size: row.size,
  };
}

/** Keeps a snapshot with its pictures; one that is there already is never changed. */
export async function putSnapshot(db: Db, { pictures, ...record }: NewSnapshot): Promise<null> {
  const named = Object.entries(pictures);
  const size = named.reduce((sum, [, body]) => sum + body.length, record.doc.length);
  await db.change(async (trx) => {
    await trx
      .insertInto('atlas_snapshots')
      .values({
        id_hash: record.idHash,
        revoke_hash: record.revokeHash,
        cluster: record.cluster,
        taken_at: record.takenAt,
        created_at: record.createdAt,
        expires_at: record.expiresAt,
        public: Number(record.public),
        redacted: Number(record.redacted),
        size,
        doc: Buffer.from(record.doc),
      })
      .execute();
    for (const [name, body] of named)
      await trx
        .insertInto('atlas_pictures')
        .values({ id_hash: record.idHash, name, body: Buffer.from(body) })
        .execute();
  });
  return null;
}

/** A snapshot that has not expired; null where there is none. `now` in epoch ms. */
export async function getSnapshot(db: Db, idHash: string, now: number): Promise<SnapshotRecord | null> {
  const row = await db.read
    .selectFrom('atlas_snapshots')
    .select([...ENTRY, 'doc'])
    .where('id_hash', '=', idHash)
    .where((has) => has.or([has('expires_at', 'is', null), has('expires_at', '>', now)]))
    .executeTakeFirst();
  if (!row) return null;
  const { size: _size, ...entry } = entryOf(row);
  return { ...entry, doc: row.doc };
}

/** A picture of a snapshot that has not expired. */
export async function getPicture(
  db: Db,
  idHash: string,
  name: string,
  now: number,
): Promise<Uint8Array | null> {
  const row = await db.read
    .selectFrom('atlas_pictures')
    .innerJoin('atlas_snapshots', 'atlas_snapshots.id_hash', 'atlas_pictures.id_hash')
    .select('atlas_pictures.body')
    .where('atlas_pictures.id_hash', '=', idHash)
    .where('atlas_pictures.name', '=', name)
    .where((has) => has.or([has('expires_at', 'is', null), has('expires_at', '>', now)]))
    .executeTakeFirst();
  return row?.body ?? null;
}

/** Removes a snapshot and its pictures; whether there was one. */
export function removeSnapshot(db: Db, idHash: string): Promise<boolean> {
  return db.change(async (trx) => {
    await trx.deleteFrom('atlas_pictures').where('id_hash', '=', idHash).execute();
    const { numDeletedRows } = await trx
      .deleteFrom('atlas_snapshots')
      .where('id_hash', '=', idHash)
      .executeTakeFirst();
    return numDeletedRows > 0n;
  });
}

/** Removes what has expired; how many there were. */
export function removeExpired(db: Db, now: number): Promise<number> {
  return db.change(async (trx) => {
    const expired = trx.selectFrom('atlas_snapshots').select('id_hash').where('expires_at', '<=', now);
    await trx.deleteFrom('atlas_pictures').where('id_hash', 'in', expired).execute();
    const { numDeletedRows } = await trx
      .deleteFrom('atlas_snapshots')
      .where('expires_at', '<=', now)
      .executeTakeFirst();
    return Number(numDeletedRows);
  });
}

export async function countSnapshots(db: Db): Promise<{ readonly count: number; readonly bytes: number }> {
  const row = await db.read
    .selectFrom('atlas_snapshots')
    .select(({ fn }) => [fn.countAll<number>().as('count'), fn.sum<number | null>('size').as('bytes')])
    .executeTakeFirst();
  return { count: Number(row?.count ?? 0), bytes: Number(row?.bytes ?? 0) };
}

/** Snapshots without their contents, the latest first. */
export async function listSnapshots(db: Db, limit: number): Promise<readonly SnapshotEntry[]> {
  const rows = await db.read
    .selectFrom('atlas_snapshots')
    .select([...ENTRY])
    .orderBy('created_at', 'desc')
    .orderBy('id_hash')
    .limit(limit)
    .execute();
  return rows.map(entryOf);
}

export async function listMarks(db: Db, cluster: string): Promise<readonly Mark[]> {
  return await db.read
    .selectFrom('atlas_marks')
    .select(['finding', 'until', 'note', 'fingerprint', 'by', 'at'])
    .where('cluster', '=', cluster)
    .orderBy('finding')
    .execute();
}

/** Sets the mark of a finding in place of the one before. */
export async function putMark(db: Db, cluster: string, mark: Mark): Promise<null> {
  const { finding, until, note, fingerprint, by, at } = mark;
  await db.change((trx) =>
    trx
      .insertInto('atlas_marks')
      .values({ cluster, finding, until, note, fingerprint, by, at })
      .onConflict((conflict) =>
        conflict.columns(['cluster', 'finding']).doUpdateSet({
          until: sql`excluded.until`,
          note: sql`excluded.note`,
          fingerprint: sql`excluded.fingerprint`,
          by: sql`excluded.by`,
          at: sql`excluded.at`,
        }),
      )
      .execute(),
  );
  return null;
}

/** Removes the mark of a finding; whether there was one. */
export async function removeMark(db: Db, cluster: string, finding: string): Promise<boolean> {
  const { numDeletedRows } = await db.change((trx) =>
    trx
      .deleteFrom('atlas_marks')
      .where('cluster', '=', cluster)
      .where('finding', '=', finding)
      .executeTakeFirst(),
  );
  return numDeletedRows > 0n;
}
