import 'server-only';
import type { Db } from '@/server/recorder/database/db';
import type { Retention } from '@/server/recorder/retention';
import { EVENTS } from './frames';
import { removeExpired } from './kept';

/** After the size was exceeded it goes below it by so much, so that not every batch deletes something. */
const ROOM = 0.9;
/** Frames that are looked at together. */
const FRAMES = 5000;

interface Horizon {
  readonly id: number;
  readonly run: number;
  readonly since: number;
}

/** Removes what is older than the retention or does not fit, and what has expired. Only for who leads. `now` in epoch ms. */
export async function tidy(db: Db, cluster: number, retention: Retention, now: number): Promise<void> {
  await removeExpired(db, now);
  const byAge = await horizonByAge(db, cluster, now - retention.ageMs);
  if (byAge) await forget(db, cluster, byAge);
  const bytes = await db.bytes();
  if (bytes > retention.bytes) {
    const bySize = await horizonBySize(db, cluster, 1 - (retention.bytes * ROOM) / bytes);
    if (bySize) await forget(db, cluster, bySize);
  }
  await db.compact();
}

/** The first frame that is young enough; the last one where none is, for it is how things stand. */
async function horizonByAge(db: Db, cluster: number, time: number): Promise<Horizon | null> {
  const frames = db.read
    .selectFrom('atlas_frames')
    .select(['id', 'run', 'since'])
    .where('cluster', '=', cluster);
  const young = await frames
    .where('since', '>=', time)
    .orderBy('since')
    .orderBy('id')
    .limit(1)
    .executeTakeFirst();
  const found = young ?? (await frames.orderBy('id', 'desc').limit(1).executeTakeFirst());
  return found && (await isAhead(db, cluster, found)) ? found : null;
}

async function isAhead(db: Db, cluster: number, { id }: Horizon): Promise<boolean> {
  const row = await db.read
    .selectFrom('atlas_clusters')
    .select('oldest_frame')
    .where('id', '=', cluster)
    .executeTakeFirst();
  return id > (row?.oldest_frame ?? 0);
}

/** The frame before which a share of what is kept was written. */
async function horizonBySize(db: Db, cluster: number, share: number): Promise<Horizon | null> {
  const total = await db.read
    .selectFrom('atlas_frames')
    .select(({ fn }) => fn.sum<number | null>('bytes').as('bytes'))
    .where('cluster', '=', cluster)
    .executeTakeFirst();
  let toFree = Number(total?.bytes ?? 0) * share;
  let last: Horizon | null = null;
  for (let from = 0; ; from = last?.id ?? 0) {
    const frames = await db.read
      .selectFrom('atlas_frames')
      .select(['id', 'run', 'since', 'bytes'])
      .where('cluster', '=', cluster)
      .where('id', '>', from)
      .orderBy('id')
      .limit(FRAMES)
      .execute();
    for (const frame of frames) {
      last = frame;
      toFree -= frame.bytes;
      if (toFree < 0) return frame;
    }
    if (frames.length < FRAMES) return last;
  }
}

/** Lets go of all that is needed only for what lies before a frame. */
async function forget(db: Db, cluster: number, horizon: Horizon): Promise<void> {
  // First nobody may ask for it any more.
  await db.record(cluster, (trx) =>
    trx
      .updateTable('atlas_clusters')
      .set({ oldest_frame: horizon.id, oldest_at: horizon.since })
      .where('id', '=', cluster)
      .execute(),
  );
  const parts = await db.read
    .selectFrom('atlas_parts')
    .select('part')
    .distinct()
    .where('cluster', '=', cluster)
    .where('run', '<=', horizon.run)
    .execute();
  for (const { part } of parts) await forgetPart(db, cluster, part, horizon);
  await db.record(cluster, async (trx) => {
    const { id, run, since } = horizon;
    await trx
      .deleteFrom('atlas_deltas')
      .where('cluster', '=', cluster)
      .where('part', '=', EVENTS)
      .where('frame', '<', id)
      .execute();
    await trx.deleteFrom('atlas_frames').where('cluster', '=', cluster).where('id', '<', id).execute();
    await trx.deleteFrom('atlas_aside').where('cluster', '=', cluster).where('frame', '<', id).execute();
    await trx.deleteFrom('atlas_parts').where('cluster', '=', cluster).where('run', '<', run).execute();
    await trx.deleteFrom('atlas_events').where('cluster', '=', cluster).where('at', '<', since).execute();
    await trx.deleteFrom('atlas_gaps').where('cluster', '=', cluster).where('until', '<', since).execute();
    await trx.deleteFrom('atlas_spans').where('cluster', '=', cluster).where('closed', '<', since).execute();
  });
}

/** Of a partition the newest key before the horizon stays, with what follows it. */
async function forgetPart(db: Db, cluster: number, part: string, { id, run }: Horizon): Promise<void> {
  await db.record(cluster, async (trx) => {
    const key = await trx
      .selectFrom('atlas_keys')
      .select('frame')
      .where('cluster', '=', cluster)
      .where('part', '=', part)
      .where('frame', '<=', id === run ? id : id - 1)
      .where('frame', '>=', run)
      .orderBy('frame', 'desc')
      .limit(1)
      .executeTakeFirst();
    const frame = key?.frame ?? run;
    const of = <T extends 'atlas_keys' | 'atlas_deltas'>(table: T) => trx.deleteFrom(table as 'atlas_keys');
    await of('atlas_keys')
      .where('cluster', '=', cluster)
      .where('part', '=', part)
      .where('frame', '<', frame)
      .execute();
    await of('atlas_deltas')
      .where('cluster', '=', cluster)
      .where('part', '=', part)
      .where('frame', '<=', frame)
      .execute();
  });
}
