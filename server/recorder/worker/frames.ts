import 'server-only';
import type { Kysely } from 'kysely';
import { unpack } from '@/server/recorder/codec';
import type { Tables } from '@/server/recorder/database/tables';
import { HEAD } from '@/server/recorder/messages';
import { type Line, type RawLine, textOf, unpackLines, unpackLog } from './lines';

/** The partition of events: JSON with an id each. Beside it `atlas_events` has what goes with no frame. */
export const EVENTS = '~events';

/** What is recorded of one partition up to a frame: its last key, and what came after. */
export interface Recorded {
  /** null: it was empty when the run began. */
  readonly key: string | null;
  readonly lines: readonly Line[];
}

export interface FrameRow {
  readonly id: number;
  readonly run: number;
  readonly since: number;
  readonly at: number;
  readonly epoch: string;
  readonly version: number;
}

/** The last frame of which something had happened by a time. */
export async function frameAt(db: Kysely<Tables>, cluster: number, time: number): Promise<FrameRow | null> {
  const frame = await db
    .selectFrom('atlas_frames')
    .select(['id', 'run', 'since', 'at', 'epoch', 'version'])
    .where('cluster', '=', cluster)
    .where('since', '<=', time)
    .orderBy('since', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return frame ?? null;
}

/** Changes that are not sorted by partition yet, up to some frame. */
export interface Log {
  /** Its first frame; Infinity: there is none. */
  readonly first: number;
  readonly parts: ReadonlyMap<string, readonly (RawLine & { readonly frame: number })[]>;
}

export const NO_LOG: Log = { first: Number.POSITIVE_INFINITY, parts: new Map() };

/** The log up to and with a frame. To be read after the frame and before what is recorded of partitions. */
export async function logUpTo(
  db: Kysely<Tables>,
  cluster: number,
  { id }: Pick<FrameRow, 'id'>,
): Promise<Log> {
  const rows = await db
    .selectFrom('atlas_log')
    .select(['frame', 'body'])
    .where('cluster', '=', cluster)
    .where('frame', '<=', id)
    .orderBy('frame')
    .execute();
  const parts = new Map<string, (RawLine & { readonly frame: number })[]>();
  for (const { frame, body } of rows)
    for (const { part, at, json } of unpackLog(body)) {
      const lines = parts.get(part) ?? [];
      parts.set(part, lines);
      lines.push({ frame, at, json });
    }
  return { first: rows[0]?.frame ?? Number.POSITIVE_INFINITY, parts };
}

/**
 * What is recorded of a partition up to and with a frame; lines may reach beyond it, where it has become part of a chapter.
 * The key is one from before the frame, for the frame's own lines may reach beyond the time that is wanted; only a run
 * begins with keys of its own frame.
 */
export async function recorded(
  db: Kysely<Tables>,
  cluster: number,
  part: string,
  frame: Pick<FrameRow, 'id' | 'run'>,
  log: Log,
): Promise<Recorded> {
  const last = frame.id === frame.run ? frame.id : frame.id - 1;
  const key = await db
    .selectFrom('atlas_keys')
    .select(['frame', 'body'])
    .where('cluster', '=', cluster)
    .where('part', '=', part)
    .where('frame', '<=', last)
    .where('frame', '>=', frame.run)
    .orderBy('frame', 'desc')
    .limit(1)
    .executeTakeFirst();
  const from = key?.frame ?? frame.run;
  const deltas = await db
    .selectFrom('atlas_deltas')
    .select(['frame', 'body'])
    .where('cluster', '=', cluster)
    .where('part', '=', part)
    .where('frame', '>', from)
    .where('frame', '<=', (select) =>
      select
        .selectFrom('atlas_deltas')
        .select((build) => build.fn.coalesce(build.fn.min('frame'), build.val(frame.id)).as('frame'))
        .where('cluster', '=', cluster)
        .where('part', '=', part)
        .where('frame', '>=', frame.id),
    )
    .orderBy('frame')
    .execute();
  // The log was sorted in between: then all of it is in what has just been read.
  const isSorted = (deltas.at(-1)?.frame ?? 0) >= log.first;
  const logged = isSorted ? [] : (log.parts.get(part) ?? []).filter((line) => line.frame > from);
  const lines = [...deltas.flatMap(({ body }) => unpackLines(body)), ...logged.map(textOf)];
  return { key: key ? unpack(key.body) : null, lines };
}

/** Names of all partitions that a run has had. */
export async function partsOf(
  db: Kysely<Tables>,
  cluster: number,
  { run }: Pick<FrameRow, 'run'>,
): Promise<readonly string[]> {
  const found = await db
    .selectFrom('atlas_parts')
    .select('part')
    .where('cluster', '=', cluster)
    .where('run', '=', run)
    .orderBy('part')
    .execute();
  return found.map(({ part }) => part).filter((part) => part !== HEAD);
}
