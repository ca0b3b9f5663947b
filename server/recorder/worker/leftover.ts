import 'server-only';
import { type Kysely, sql, type Transaction } from 'kysely';
import { DamagedBody, unpackBytes } from '@/server/recorder/codec';
import type { Tables } from '@/server/recorder/database/tables';
import { Chapter } from './chapter';
import { wordsOf } from './errors';
import { unpackLog } from './lines';

/** From which frame on the log cannot be used, and why. */
export interface Damage {
  readonly frame: number;
  readonly reason: string;
}

/** What an earlier run has left in the log, as far as it can be read. */
export interface Leftover {
  /** Empty where there is none. */
  readonly chapter: Chapter;
  readonly damage: Damage | null;
}

/** Reads the log until its end, or until a frame that is damaged: those after it build upon it. */
export async function leftover(db: Kysely<Tables>, cluster: number): Promise<Leftover> {
  const chapter = new Chapter();
  // Frames may be gone by age where their changes are needed still: times are taken from the lines.
  const rows = await db
    .selectFrom('atlas_log')
    .select(['frame', 'body', 'events'])
    .where('cluster', '=', cluster)
    .orderBy('frame')
    .execute();
  for (const { frame, body, events } of rows) {
    try {
      const lines = unpackLog(body);
      const told = events && unpackBytes(events);
      chapter.add(frame, Math.min(...lines.map(({ at }) => at)));
      for (const { part, at, json } of lines) chapter.addLine(part, at, json);
      if (told) chapter.addEvents(told);
    } catch (error) {
      if (!(error instanceof DamagedBody)) throw error;
      return { chapter, damage: { frame, reason: wordsOf(error) } };
    }
  }
  return { chapter, damage: null };
}

/**
 * Puts the log aside from a damaged frame on, and notes the gap: until when something had been known (`known`, epoch ms;
 * null: nobody can say), for all that came after builds upon what is lost. Says in words what was done.
 */
export async function putLogAside(
  db: Transaction<Tables>,
  cluster: number,
  { frame, reason }: Damage,
  known: number | null,
): Promise<string> {
  const frames = db.selectFrom('atlas_frames').where('cluster', '=', cluster).where('id', '>=', frame);
  const lost = await frames
    .select(({ fn }) => [fn.min('since').as('since'), fn.max('at').as('at')])
    .executeTakeFirst();
  const { count } = await db
    .selectFrom('atlas_log')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('cluster', '=', cluster)
    .where('frame', '>=', frame)
    .executeTakeFirstOrThrow();
  await db
    .insertInto('atlas_aside')
    .columns(['cluster', 'frame', 'reason', 'body', 'events'])
    .expression(
      db
        .selectFrom('atlas_log')
        .select(['cluster', 'frame', sql.val(reason).as('reason'), 'body', 'events'])
        .where('cluster', '=', cluster)
        .where('frame', '>=', frame),
    )
    .execute();
  for (const table of ['atlas_log', 'atlas_keys'] as const)
    await db
      .deleteFrom(table as 'atlas_log')
      .where('cluster', '=', cluster)
      .where('frame', '>=', frame)
      .execute();
  await db.deleteFrom('atlas_frames').where('cluster', '=', cluster).where('id', '>=', frame).execute();
  const words = `the history's log is damaged at frame ${frame} (${reason}): ${count} frames are kept aside, unread`;
  const until = Math.max(known ?? 0, lost?.at ?? 0);
  // At the very moment of its first change that was not seen yet.
  const since = (lost?.since ?? until) - 1;
  if (since < until)
    await db.insertInto('atlas_gaps').values({ cluster, since, until, reason: words }).execute();
  return words;
}
