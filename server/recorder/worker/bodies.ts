import 'server-only';
import { expressionBuilder, type Kysely } from 'kysely';
import { Part, type StoredPatch } from '@/lib/topology/partition/part';
import type { Tables } from '@/server/recorder/database/tables';
import type { FrameRow, Log } from './frames';
import type { RawLine } from './lines';

/** What is recorded of one partition, as it is kept. */
export interface RecordedBodies {
  /** null: it was empty when the run began. */
  readonly key: Uint8Array | null;
  readonly deltas: readonly Uint8Array[];
  /** What stands in the log. */
  readonly logged: readonly RawLine[];
}

type Frame = Pick<FrameRow, 'id' | 'run'>;

/**
 * What `recorded` finds of one partition, of several of a run, by name: in two questions, for hundreds take long to ask.
 * `last`: the frame that the frame has become part of; `log` as there.
 */
export async function bodiesOf(
  db: Kysely<Tables>,
  cluster: number,
  names: readonly string[],
  { frame, log, last }: { readonly frame: Frame; readonly log: Log; readonly last: number },
): Promise<Map<string, RecordedBodies>> {
  // Changes first: a key that comes in between then makes some of them needless, and none is missing.
  const deltas = Map.groupBy(await deltasOf(db, cluster, names, { frame, last }), ({ part }) => part);
  const keys = new Map((await keysOf(db, cluster, names, frame)).map((key) => [key.part, key]));
  const found = new Map<string, RecordedBodies>();
  for (const part of names) {
    const key = keys.get(part);
    const from = key?.frame ?? frame.run;
    const after = (deltas.get(part) ?? []).filter((delta) => delta.frame > from);
    // The log was sorted in between: then all of it is in what has just been read.
    const isSorted = (after.at(-1)?.frame ?? 0) >= log.first;
    const logged = isSorted ? [] : (log.parts.get(part) ?? []).filter((line) => line.frame > from);
    found.set(part, { key: key?.body ?? null, deltas: after.map(({ body }) => body), logged });
  }
  return found;
}

function keysOf(db: Kysely<Tables>, cluster: number, names: readonly string[], frame: Frame) {
  return db
    .selectFrom('atlas_parts as p')
    .innerJoin('atlas_keys as k', 'k.part', 'p.part')
    .select(['k.part', 'k.frame', 'k.body'])
    .where('p.cluster', '=', cluster)
    .where('p.run', '=', frame.run)
    .where('p.part', 'in', names)
    .where('k.cluster', '=', cluster)
    .where('k.frame', '=', lastKey(cluster, frame))
    .execute();
}

function deltasOf(
  db: Kysely<Tables>,
  cluster: number,
  names: readonly string[],
  { frame, last }: { readonly frame: Frame; readonly last: number },
) {
  return db
    .selectFrom('atlas_parts as p')
    .innerJoin('atlas_deltas as d', 'd.part', 'p.part')
    .select(['d.part', 'd.frame', 'd.body'])
    .where('p.cluster', '=', cluster)
    .where('p.run', '=', frame.run)
    .where('p.part', 'in', names)
    .where('d.cluster', '=', cluster)
    .where('d.frame', '>', lastKey(cluster, frame))
    .where('d.frame', '<=', last)
    .orderBy('d.part')
    .orderBy('d.frame')
    .execute();
}

/** Of the partition at hand, the frame of the last key that counts; without one the run's first. */
function lastKey(cluster: number, { id, run }: Frame) {
  const outer = expressionBuilder<Tables & { readonly p: Tables['atlas_parts'] }, 'p'>();
  return expressionBuilder<Tables, never>()
    .selectFrom('atlas_keys as last')
    .select((of) => of.fn.coalesce(of.fn.max('last.frame'), of.val(run)).as('frame'))
    .where('last.cluster', '=', cluster)
    .where('last.part', '=', outer.ref('p.part'))
    .where('last.frame', '>=', run)
    .where('last.frame', '<=', id === run ? id : id - 1);
}

/** A partition from its key and what came after. */
export function partOf(key: string | null, patches: readonly StoredPatch[]): Part {
  const part = new Part();
  if (key !== null) part.apply(JSON.parse(key) as StoredPatch);
  for (const patch of patches) part.apply(patch);
  return part;
}
