import 'server-only';
import type { Kysely } from 'kysely';
import { unpack } from '@/server/recorder/codec';
import type { Db } from '@/server/recorder/database/db';
import type { Tables } from '@/server/recorder/database/tables';
import type {
  EventType,
  FindingSpan,
  FindingWord,
  History,
  HistoryEvent,
  HistoryQuery,
} from '@/server/recorder/types';
import { EVENTS } from './frames';
import { unpackLines } from './lines';
import { loggedEvents } from './logged';
import { extentOf } from './past';
import { spansOf, type ToldEvent, toldOf } from './told';

/** Chapters whose events are read together. */
const CHAPTERS = 8;

/** What happened in a range of time. */
export async function historyOf(
  db: Db,
  cluster: number,
  query: HistoryQuery,
  until: number,
): Promise<History> {
  const { from, to, limit } = query;
  const extent = await extentOf(db, cluster, until);
  // First the log: what is sorted meanwhile is found twice, not never.
  const logged = await loggedEvents(db.read, cluster);
  const events = await eventsOf(db.read, cluster, logged, {
    ...query,
    // What goes with a chapter that is kept may be older than what is kept.
    from: Math.max(from, extent.oldest ?? from),
  });
  const spans = await openIn(db.read, cluster, logged, query);
  const gaps = await db.read
    .selectFrom('atlas_gaps')
    .select(['since', 'until', 'reason'])
    .where('cluster', '=', cluster)
    .where('since', '<=', to)
    .where('until', '>=', from)
    .orderBy('since')
    .execute();
  return {
    events: await withWords(db.read, cluster, logged, events.slice(-limit)),
    gaps: gaps.map((row) => ({ from: row.since, to: row.until, reason: row.reason })),
    spans: spans.slice(0, limit).reverse(),
    cut: events.length > limit || spans.length > limit,
    ...extent,
  };
}

/** The last events of a range, one more than its limit where there are more. */
async function eventsOf(
  db: Kysely<Tables>,
  cluster: number,
  logged: readonly ToldEvent[],
  { from, to, limit }: HistoryQuery,
): Promise<readonly ToldEvent[]> {
  const rows = await db
    .selectFrom('atlas_events')
    .select(['id', 'at', 'type', 'body'])
    .where('cluster', '=', cluster)
    .where('at', '>=', from)
    .where('at', '<=', to)
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();
  const found = new Map<number, ToldEvent>();
  const add = (event: ToldEvent) => {
    if (event.at >= from && event.at <= to) found.set(event.id, event);
  };
  for (const event of [...rows.map(eventOf), ...logged]) add(event);
  const needed = limit + 1 - logged.filter(({ at }) => at >= from && at <= to).length;
  await fromChapters(db, cluster, { from, to, limit: needed }, add);
  return [...found.values()].sort((a, b) => a.at - b.at || a.id - b.id).slice(-limit - 1);
}

/** Adds events of chapters, the latest chapters first, until there are enough of them. */
async function fromChapters(
  db: Kysely<Tables>,
  cluster: number,
  { from, to, limit }: HistoryQuery,
  add: (event: ToldEvent) => void,
): Promise<void> {
  let before = Number.MAX_SAFE_INTEGER;
  for (let count = 0; count < limit; ) {
    const rows = await db
      .selectFrom('atlas_frames')
      .innerJoin('atlas_deltas', (join) =>
        join
          .onRef('atlas_deltas.cluster', '=', 'atlas_frames.cluster')
          .onRef('atlas_deltas.frame', '=', 'atlas_frames.id')
          .on('atlas_deltas.part', '=', EVENTS),
      )
      .select(['id', 'body'])
      .where('atlas_frames.cluster', '=', cluster)
      .where('id', '<', before)
      .where('since', '<=', to)
      .where('at', '>=', from)
      .orderBy('id', 'desc')
      .limit(CHAPTERS)
      .execute();
    for (const { id, body } of rows) {
      before = id;
      const lines = unpackLines(body).filter(({ at }) => at >= from && at <= to);
      count += lines.length;
      for (const line of lines) add(toldOf(line));
      if (count >= limit) return;
    }
    if (rows.length < CHAPTERS) return;
  }
}

/** Events with the words of findings that closed as they had opened: those of their spans. */
async function withWords(
  db: Kysely<Tables>,
  cluster: number,
  logged: readonly ToldEvent[],
  events: readonly ToldEvent[],
): Promise<readonly HistoryEvent[]> {
  const short = events.filter(({ of }) => of !== undefined);
  const [first, last] = [short[0], short.at(-1)];
  if (!first || !last) return events;
  const rows = await db
    .selectFrom('atlas_spans')
    .select(['finding', 'opened', 'closed', 'body'])
    .where('cluster', '=', cluster)
    .where('opened', '<=', last.at)
    .where((has) => has.or([has('closed', 'is', null), has('closed', '>=', first.at)]))
    .execute();
  const spans = withLog(
    rows.map((row) => ({ ...row, word: '' })),
    logged,
  );
  const closed = new Map(spans.map((span) => [`${span.closed} ${span.finding}`, span]));
  // Closed and open again within a millisecond: it is one span.
  const others = new Map(spans.map((span) => [span.finding, span]));
  return events.map(({ of, ...event }) => {
    if (of === undefined) return event;
    const span = closed.get(`${event.at} ${of}`) ?? others.get(of);
    return { ...event, finding: (span && spanOf(span)[0]?.finding) ?? null };
  });
}

/** A span as it is found, with its finding as a body or as what the log says of it. */
interface Found {
  readonly finding: string;
  readonly opened: number;
  closed: number | null;
  readonly body: Uint8Array;
  word: string;
}

/** Spans that were open at some time of a range, the latest first. */
async function openIn(
  db: Kysely<Tables>,
  cluster: number,
  logged: readonly ToldEvent[],
  { from, to, limit }: HistoryQuery,
): Promise<readonly FindingSpan[]> {
  const rows = await db
    .selectFrom('atlas_spans')
    .select(['finding', 'opened', 'closed', 'body'])
    .where('cluster', '=', cluster)
    .where('opened', '<=', to)
    .where((has) => has.or([has('closed', 'is', null), has('closed', '>=', from)]))
    .orderBy('opened', 'desc')
    .orderBy('finding')
    // Those that the log has closed may be out of the range.
    .limit(limit + 1 + logged.length)
    .execute();
  return withLog(
    rows.map((row) => ({ ...row, word: '' })),
    logged,
  )
    .filter(({ opened, closed }) => opened <= to && (closed === null || closed >= from))
    .sort((a, b) => b.opened - a.opened || (a.finding < b.finding ? -1 : 1))
    .slice(0, limit + 1)
    .flatMap(spanOf);
}

/** Spans with what stands in the log of them. */
function withLog(rows: readonly Found[], logged: readonly ToldEvent[]): readonly Found[] {
  const found = new Map(rows.map((row) => [`${row.opened} ${row.finding}`, row]));
  const open = new Map<string, number>();
  for (const { finding, opened, closed } of rows) if (closed === null) open.set(finding, opened);
  for (const span of spansOf(logged, (finding) => open.get(finding))) {
    const key = `${span.opened} ${span.finding}`;
    const row = found.get(key);
    if (!row) found.set(key, { ...span, body: NONE });
    // One that is closed already was sorted meanwhile.
    else if (row.closed === null) found.set(key, { ...row, closed: span.closed, word: span.word });
  }
  return [...found.values()];
}

const NONE = new Uint8Array(0);

function spanOf({ opened, closed, body, word }: Found): readonly FindingSpan[] {
  if (word === '' && body.length === 0) return [];
  const finding = JSON.parse(word === '' ? unpack(body) : word) as FindingWord;
  return [{ opened, closed, finding }];
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
