import 'server-only';
import type { Transaction } from 'kysely';
import { pack, unpack } from '@/server/recorder/codec';
import type { Tables } from '@/server/recorder/database/tables';
import type { FindingWord } from '@/server/recorder/types';
import type { TimedEvent } from './batch';

/** Rows of one statement: databases take a limited number of values. */
const ROWS = 200;

/** Writes events that go with no frame, in order, and opens and closes the spans of the findings that they are about. */
export async function writeEvents(
  db: Transaction<Tables>,
  cluster: number,
  events: readonly TimedEvent[],
): Promise<number> {
  let bytes = 0;
  const rows = events.map(({ at, type, finding, was, change, detail }) => {
    // What is undefined is left out.
    const body = pack(JSON.stringify({ finding, was, change, detail: detail ?? '' }));
    bytes += body.length + 32;
    return { cluster, at, type, finding: finding?.id ?? null, body };
  });
  for (const some of slices(rows)) await db.insertInto('atlas_events').values(some).execute();
  for (const { at, type, finding } of events) {
    if (finding === null) continue;
    if (type === 'finding-opened') await open(db, cluster, at, [finding]);
    else if (type === 'finding-closed') await close(db, cluster, at, [finding.id]);
    else if (type === 'finding-changed') await update(db, cluster, finding);
  }
  return bytes;
}

/**
 * Brings the spans in line with what is open when a run begins. What opened and closed while nothing was recorded becomes
 * events, but for the very first run, which finds everything as it has been.
 */
export async function alignSpans(
  db: Transaction<Tables>,
  cluster: number,
  at: number,
  present: readonly FindingWord[],
  isFirst: boolean,
): Promise<readonly TimedEvent[]> {
  const before = await db
    .selectFrom('atlas_spans')
    .select(['finding', 'body'])
    .where('cluster', '=', cluster)
    .where('closed', 'is', null)
    .execute();
  const known = new Set(before.map(({ finding }) => finding));
  const now = new Set(present.map(({ id }) => id));
  const opened = present.filter(({ id }) => !known.has(id));
  const closed = before.filter(({ finding }) => !now.has(finding));
  if (!isFirst)
    return [
      ...closed.map(({ body }) => ({ at, type: 'finding-closed', finding: wordOf(body) }) as const),
      ...opened.map((finding) => ({ at, type: 'finding-opened', finding }) as const),
    ];
  for (const some of slices(opened)) await open(db, cluster, at, some);
  return [];
}

async function open(
  db: Transaction<Tables>,
  cluster: number,
  opened: number,
  findings: readonly FindingWord[],
): Promise<void> {
  const rows = findings.map((finding) => ({
    cluster,
    finding: finding.id,
    opened,
    closed: null,
    body: pack(JSON.stringify(finding)),
  }));
  // Closed and open again within a millisecond: it was open all the time.
  await db
    .insertInto('atlas_spans')
    .values(rows)
    .onConflict((conflict) =>
      conflict.columns(['cluster', 'finding', 'opened']).doUpdateSet({ closed: null }),
    )
    .execute();
}

async function close(
  db: Transaction<Tables>,
  cluster: number,
  closed: number,
  findings: readonly string[],
): Promise<void> {
  await db
    .updateTable('atlas_spans')
    .set({ closed })
    .where('cluster', '=', cluster)
    .where('finding', 'in', findings)
    .where('closed', 'is', null)
    .execute();
}

async function update(db: Transaction<Tables>, cluster: number, finding: FindingWord): Promise<void> {
  await db
    .updateTable('atlas_spans')
    .set({ body: pack(JSON.stringify(finding)) })
    .where('cluster', '=', cluster)
    .where('finding', '=', finding.id)
    .where('closed', 'is', null)
    .execute();
}

function wordOf(body: Uint8Array): FindingWord {
  return JSON.parse(unpack(body)) as FindingWord;
}

/** Items in handfuls that one statement can take. */
export function* slices<T>(items: readonly T[]): Generator<T[]> {
  for (let start = 0; start < items.length; start += ROWS) yield items.slice(start, start + ROWS);
}
