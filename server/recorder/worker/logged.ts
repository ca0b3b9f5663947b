import 'server-only';
import type { Kysely } from 'kysely';
import type { Tables } from '@/server/recorder/database/tables';
import { unpackLines } from './lines';
import { type ToldEvent, toldOf } from './told';

/** Events of frames that stand in the log, by cluster and frame: a frame is written once, and asked for again and again. */
const read = new WeakMap<Kysely<Tables>, Map<number, Map<number, readonly ToldEvent[]>>>();

/** Events that stand in the log, in order. */
export async function loggedEvents(db: Kysely<Tables>, cluster: number): Promise<readonly ToldEvent[]> {
  const log = db
    .selectFrom('atlas_log')
    .where('cluster', '=', cluster)
    .where('events', 'is not', null)
    .orderBy('frame');
  const there = (await log.select('frame').execute()).map(({ frame }) => frame);
  const known = read.get(db)?.get(cluster) ?? new Map<number, readonly ToldEvent[]>();
  const last = there.findLast((frame) => known.has(frame)) ?? -1;
  const fresh = await log.select(['frame', 'events']).where('frame', '>', last).execute();
  const events = new Map<number, readonly ToldEvent[]>();
  for (const frame of there) events.set(frame, known.get(frame) ?? []);
  for (const row of fresh) if (row.events) events.set(row.frame, unpackLines(row.events).map(toldOf));
  read.set(db, new Map([[cluster, events]]));
  return [...events.values()].flat();
}
