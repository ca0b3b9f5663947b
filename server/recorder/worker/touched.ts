import 'server-only';
import type { Kysely } from 'kysely';
import type { Tables } from '@/server/recorder/database/tables';
import type { FrameRow, Log } from './frames';
import { type Line, textOf, unpackLines } from './lines';
import { slices } from './spans';

/** A moment of a run: the last frame of which something had happened by a time. */
export interface Moment {
  readonly frame: FrameRow;
  /** Epoch ms. */
  readonly time: number;
}

/** What changed in each of these partitions between two moments of a run, in order. `log`: up to the later one. */
export async function linesBetween(
  db: Kysely<Tables>,
  cluster: number,
  [from, to]: readonly [Moment, Moment],
  names: readonly string[],
  log: Log,
): Promise<ReadonlyMap<string, readonly Line[]>> {
  const found = new Map<string, Line[]>();
  const isBetween = ({ at }: { readonly at: number }) => at > from.time && at <= to.time;
  const add = (part: string, lines: readonly Line[]) => {
    if (lines.length > 0) found.set(part, [...(found.get(part) ?? []), ...lines]);
  };
  const last = await chapterOf(db, cluster, to.frame.id);
  // The log was sorted after it was read: then all of it is in what is read here.
  const sorted = new Set<string>();
  for (const some of slices(names)) {
    const rows = await db
      .selectFrom('atlas_deltas')
      .select(['part', 'frame', 'body'])
      .where('cluster', '=', cluster)
      .where('part', 'in', some)
      .where('frame', '>=', from.frame.id)
      .where('frame', '<=', last)
      .orderBy('frame')
      .execute();
    for (const { part, frame, body } of rows) {
      add(part, unpackLines(body).filter(isBetween));
      if (frame >= log.first) sorted.add(part);
    }
  }
  for (const name of names) {
    const lines = sorted.has(name) ? [] : (log.parts.get(name) ?? []).filter(isBetween);
    add(name, lines.map(textOf));
  }
  return found;
}

/** The frame that a frame has become part of, or itself. */
export async function chapterOf(db: Kysely<Tables>, cluster: number, frame: number): Promise<number> {
  const row = await db
    .selectFrom('atlas_frames')
    .select('id')
    .where('cluster', '=', cluster)
    .where('id', '>=', frame)
    .orderBy('id')
    .limit(1)
    .executeTakeFirst();
  return row?.id ?? frame;
}
