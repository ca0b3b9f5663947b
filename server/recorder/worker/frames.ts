import 'server-only';
import type { Kysely } from 'kysely';
import { pack, unpack } from '@/server/recorder/codec';
import type { Tables } from '@/server/recorder/database/tables';

/** The partition of what a topology says beside its items. No namespace can be called so. */
export const HEAD = '~head';

/** One recorded change of a partition, as JSON. */
export interface Line {
  readonly at: number;
  readonly text: string;
}

/** Lines of one body: time, tab, JSON, each closed by a line feed; JSON has none inside. */
export function packLines(lines: readonly Line[]): Uint8Array {
  return pack(lines.map(({ at, text }) => `${at}\t${text}\n`).join(''));
}

export function unpackLines(body: Uint8Array): readonly Line[] {
  const text = unpack(body);
  const lines: Line[] = [];
  for (let start = 0; start < text.length; ) {
    const tab = text.indexOf('\t', start);
    const end = text.indexOf('\n', tab);
    lines.push({ at: Number(text.slice(start, tab)), text: text.slice(tab + 1, end) });
    start = end + 1;
  }
  return lines;
}

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

/**
 * What is recorded of a partition up to and with a frame. The key is one from before the frame, for the frame's own
 * lines may reach beyond the time that is wanted; only a run begins with keys of its own frame.
 */
export async function recorded(
  db: Kysely<Tables>,
  cluster: number,
  part: string,
  frame: Pick<FrameRow, 'id' | 'run'>,
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
  const deltas = await db
    .selectFrom('atlas_deltas')
    .select('body')
    .where('cluster', '=', cluster)
    .where('part', '=', part)
    .where('frame', '>', key?.frame ?? frame.run)
    .where('frame', '<=', frame.id)
    .orderBy('frame')
    .execute();
  return { key: key ? unpack(key.body) : null, lines: deltas.flatMap(({ body }) => unpackLines(body)) };
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
