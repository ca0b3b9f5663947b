import 'server-only';
import type { ViewFilters } from '@/lib/topology/view-filters';
import { unpack } from '@/server/recorder/codec';
import type { Db } from '@/server/recorder/database/db';
import type {
  EventType,
  FindingWord,
  Gap,
  History,
  HistoryEvent,
  HistoryQuery,
  Missing,
  RebuiltText,
} from '@/server/recorder/types';
import { frameAt } from './frames';
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
  { now, until }: { readonly now: number; readonly until: number },
): Promise<RebuiltText | Missing> {
  const known = await extentOf(db, cluster, until);
  if (time > now) return { missing: 'not-yet', reason: 'that time has not come yet', ...known };
  if (known.oldest === null)
    return { missing: 'before-retention', reason: 'nothing has been recorded yet', ...known };
  if (time < known.oldest) return tooOld(known);
  const frame = await frameAt(db.read, cluster, time);
  if (!frame) return tooOld(known);
  const pieces = await new Rebuild(db.read, cluster, frame, time).view(filters);
  // What was read may have been removed under way: then it is incomplete.
  const after = await extentOf(db, cluster, until);
  if (after.oldest !== null && after.oldest > known.oldest && time < after.oldest) return tooOld(after);
  const gap = await gapAt(db, cluster, time);
  return { pieces, exact: gap === null && time <= until, gap };
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

/** What happened in a range of time. */
export async function historyOf(
  db: Db,
  cluster: number,
  query: HistoryQuery,
  until: number,
): Promise<History> {
  const { from, to, limit } = query;
  const events = await db.read
    .selectFrom('atlas_events')
    .select(['id', 'at', 'type', 'body'])
    .where('cluster', '=', cluster)
    .where('at', '>=', from)
    .where('at', '<=', to)
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();
  const spans = await db.read
    .selectFrom('atlas_spans')
    .select(['opened', 'closed', 'body'])
    .where('cluster', '=', cluster)
    .where('opened', '<=', to)
    .where((has) => has.or([has('closed', 'is', null), has('closed', '>=', from)]))
    .orderBy('opened', 'desc')
    .orderBy('finding')
    .limit(limit + 1)
    .execute();
  const gaps = await db.read
    .selectFrom('atlas_gaps')
    .select(['since', 'until', 'reason'])
    .where('cluster', '=', cluster)
    .where('since', '<=', to)
    .where('until', '>=', from)
    .orderBy('since')
    .execute();
  return {
    events: events.slice(0, limit).reverse().map(eventOf),
    gaps: gaps.map((row) => ({ from: row.since, to: row.until, reason: row.reason })),
    spans: spans
      .slice(0, limit)
      .reverse()
      .map(({ opened, closed, body }) => ({
        opened,
        closed,
        finding: JSON.parse(unpack(body)) as FindingWord,
      })),
    cut: events.length > limit || spans.length > limit,
    ...(await extentOf(db, cluster, until)),
  };
}

function eventOf(row: {
  readonly id: number;
  readonly at: number;
  readonly type: string;
  readonly body: Uint8Array;
}): HistoryEvent {
  const body = JSON.parse(unpack(row.body)) as Pick<HistoryEvent, 'finding' | 'was' | 'change' | 'detail'>;
  return { id: row.id, at: row.at, type: row.type as EventType, ...body };
}
