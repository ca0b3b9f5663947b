import 'server-only';
import { type Kysely, type SqlBool, sql, type Transaction } from 'kysely';
import { pack, packBytes, store } from '@/server/recorder/codec';
import type { Tables } from '@/server/recorder/database/tables';
import type { Chapter } from './chapter';
import { EVENTS } from './frames';
import { linesOf, packLines } from './lines';
import { slices } from './spans';
import { spansOf, type ToldSpan, toldOf } from './told';

/** Where findings come faster than so many a second, packing the words of each would cost more than room does. */
const MOST_PACKED = 5;
/** An empty body: the word that is there stays. */
const NO_WORD = new Uint8Array(0);

/** What sorting a chapter has done. */
export interface Folded {
  readonly spans: readonly ToldSpan[];
}

/**
 * Sorts a chapter of the log by partition, and brings the spans up to date. `opened`: since when findings are open that
 * were open before it.
 */
export async function fold(
  trx: Transaction<Tables>,
  cluster: number,
  chapter: Chapter,
  opened: (finding: string) => number | undefined,
): Promise<Folded> {
  const { first, last } = chapter;
  let bytes = 64;
  const told = Buffer.concat(chapter.events);
  const rows = [...chapter.parts].map(([part, lines]) => ({
    cluster,
    part,
    frame: last,
    body: packLines(lines),
  }));
  if (told.length > 0) rows.push({ cluster, part: EVENTS, frame: last, body: packBytes(told) });
  for (const { part, body } of rows) bytes += body.length + part.length + 16;
  for (const some of slices(rows)) await trx.insertInto('atlas_deltas').values(some).execute();
  const events = linesOf(told.toString()).map(toldOf);
  const spans = spansOf(events, opened);
  const seconds = ((events.at(-1)?.at ?? 0) - chapter.since) / 1000 + 1;
  bytes += await writeSpans(trx, cluster, spans, spans.length > seconds * MOST_PACKED ? store : pack);
  await trx
    .deleteFrom('atlas_log')
    .where('cluster', '=', cluster)
    .where('frame', '>=', first)
    .where('frame', '<=', last)
    .execute();
  await trx
    .deleteFrom('atlas_frames')
    .where('cluster', '=', cluster)
    .where('id', '>=', first)
    .where('id', '<', last)
    .execute();
  await trx
    .updateTable('atlas_frames')
    .set({ since: chapter.since, bytes })
    .where('cluster', '=', cluster)
    .where('id', '=', last)
    .execute();
  return { spans };
}

/** Since when each finding is open, by its id. */
export async function openSpans(db: Kysely<Tables>, cluster: number): Promise<Map<string, number>> {
  const rows = await db
    .selectFrom('atlas_spans')
    .select(['finding', 'opened'])
    .where('cluster', '=', cluster)
    .where('closed', 'is', null)
    .execute();
  return new Map(rows.map(({ finding, opened }) => [finding, opened]));
}

async function writeSpans(
  trx: Transaction<Tables>,
  cluster: number,
  spans: readonly ToldSpan[],
  bodyOf: (word: string) => Uint8Array,
): Promise<number> {
  let bytes = 0;
  const rows = spans.map(({ finding, opened, closed, word }) => {
    const body = word === '' ? NO_WORD : bodyOf(word);
    bytes += body.length + 2 * finding.length + 48;
    return { cluster, finding, opened, closed, body };
  });
  for (const some of slices(rows))
    await trx
      .insertInto('atlas_spans')
      .values(some)
      .onConflict((conflict) =>
        conflict.columns(['cluster', 'finding', 'opened']).doUpdateSet({
          closed: sql<number | null>`excluded.closed`,
          body: (has) =>
            has
              .case()
              .when(sql<SqlBool>`length(excluded.body) > 0`)
              .then(sql<Uint8Array>`excluded.body`)
              .else(has.ref('atlas_spans.body'))
              .end(),
        }),
      )
      .execute();
  return bytes;
}
