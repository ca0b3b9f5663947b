import 'server-only';
import type { ViewFilters } from '@/lib/topology/view-filters';
import type { Db } from '@/server/recorder/database/db';
import type { Gap, Missing, RebuiltText } from '@/server/recorder/types';
import { frameAt } from './frames';
import type { PastGraph } from './past-graph';
import { Rebuild } from './rebuild';

/** From when to when something is known, epoch ms; null: nothing is. */
export interface Extent {
  readonly oldest: number | null;
  readonly newest: number | null;
}

/** The view of a time; `until`: until when all that happened is known to be recorded. */
export async function viewAt(
  db: Db,
  cluster: number,
  { time, filters }: { readonly time: number; readonly filters: ViewFilters },
  { now, until, past }: { readonly now: number; readonly until: number; readonly past: PastGraph },
): Promise<RebuiltText | Missing> {
  const known = await extentOf(db, cluster, until);
  if (time > now) return { missing: 'not-yet', reason: 'that time has not come yet', ...known };
  if (known.oldest === null)
    return { missing: 'before-retention', reason: 'nothing has been recorded yet', ...known };
  if (time < known.oldest) return tooOld(known);
  const frame = await frameAt(db.read, cluster, time);
  if (!frame) return tooOld(known);
  past.forgetBefore(known.oldest);
  let pieces = await new Rebuild(db.read, cluster, frame, time).view(filters, past);
  // What is written late may still belong to this time: a graph that lacks it is not to be built upon.
  if (time >= until) past.forget();
  // What was read may have been removed under way: then it is incomplete.
  const after = await extentOf(db, cluster, until);
  if (after.oldest !== null && after.oldest > known.oldest) {
    past.forget();
    if (time < after.oldest) return tooOld(after);
    pieces = await new Rebuild(db.read, cluster, frame, time).view(filters, past);
  }
  const gap = await gapAt(db, cluster, time);
  return { pieces, exact: gap === null && time <= until, gap };
}

/**
 * Makes the graph of a moment, or of the last that no change can be added to any more, where none is kept: whoever asks
 * what has happened looks at some moment of it next, and what leads there is soon read.
 */
export async function warmUp(
  db: Db,
  cluster: number,
  { until, time = until }: { readonly until: number; readonly time?: number },
  past: PastGraph,
): Promise<void> {
  const { oldest, newest } = await extentOf(db, cluster, 0);
  if (past.isHeld || oldest === null || newest === null) return;
  const moment = Math.min(time, newest - 1, until - 1);
  const frame = moment < oldest ? null : await frameAt(db.read, cluster, moment);
  if (!frame) return;
  await past.at(new Rebuild(db.read, cluster, frame, moment));
  // What was read may have been removed under way.
  if ((await extentOf(db, cluster, 0)).oldest !== oldest) past.forget();
}

function tooOld(known: Extent): Missing {
  return { missing: 'before-retention', reason: 'nothing is kept of that time', ...known };
}

/** What is kept. `until`: all is recorded until then, though nothing may have happened. */
export async function extentOf(db: Db, cluster: number, until: number): Promise<Extent> {
  const { oldest_at } = await db.read
    .selectFrom('atlas_clusters')
    .select('oldest_at')
    .where('id', '=', cluster)
    .executeTakeFirstOrThrow();
  if (oldest_at === null) return { oldest: null, newest: null };
  const last = await db.read
    .selectFrom('atlas_frames')
    .select('at')
    .where('cluster', '=', cluster)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return { oldest: oldest_at, newest: Math.max(last?.at ?? oldest_at, until) };
}

async function gapAt(db: Db, cluster: number, time: number): Promise<Gap | null> {
  const row = await db.read
    .selectFrom('atlas_gaps')
    .select(['since', 'until', 'reason'])
    .where('cluster', '=', cluster)
    .where('since', '<', time)
    .where('until', '>', time)
    .limit(1)
    .executeTakeFirst();
  return row ? { from: row.since, to: row.until, reason: row.reason } : null;
}
