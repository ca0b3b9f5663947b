import 'server-only';
import { sql, type Transaction } from 'kysely';
import { Part, patchPieces, type StoredPatch } from '@/lib/topology/partition/part';
import { pack, packQuickly } from '@/server/recorder/codec';
import type { Db } from '@/server/recorder/database/db';
import type { Tables } from '@/server/recorder/database/tables';
import { HEAD, type KeyedMessage } from '@/server/recorder/messages';
import type { Batch, TimedEvent } from './batch';
import { Chapter, type ChapterLimits } from './chapter';
import { packKey } from './counted';
import { fold, openSpans } from './fold';
import { NO_LOG, recorded } from './frames';
import { leftover, putLogAside } from './leftover';
import { packLog } from './lines';
import { alignSpans, slices, writeEvents } from './spans';
import { idsOf } from './told';
import { Weights } from './weights';

export interface PackedKey {
  readonly part: string;
  readonly body: Uint8Array;
  /** Characters of it before it was packed. */
  readonly size: number;
}

/** Writes the frames of one run. Every method is one transaction; what it throws has left nothing behind. */
export class Journal {
  readonly #db: Db;
  readonly #cluster: number;
  readonly #run: number;
  readonly #limits: ChapterLimits;
  readonly #weights = new Weights();
  #chapter = new Chapter();
  /** Findings that were open before the chapter, with since when. */
  #open = new Map<string, number>();
  #frame: number;
  /** The last one that is sorted by partition. */
  #folded: number;
  #bytes = 0;

  private constructor(db: Db, cluster: number, run: number, limits: ChapterLimits) {
    this.#db = db;
    this.#cluster = cluster;
    this.#run = run;
    this.#limits = limits;
    this.#frame = run;
    this.#folded = run;
  }

  /**
   * Prepares a run after all that is recorded; what an interrupted one has left is cleared away. `known`: until when
   * something is known, epoch ms; `damaged` is told in words what of the log could not be read.
   */
  static async begin(
    db: Db,
    cluster: number,
    limits: ChapterLimits,
    { known, damaged }: { readonly known: number | null; readonly damaged: (words: string) => void },
  ): Promise<Journal> {
    const { run, words } = await db.record(cluster, async (trx) => {
      const { chapter, damage } = await leftover(trx, cluster);
      if (!chapter.isEmpty) {
        const open = await openSpans(trx, cluster);
        await fold(trx, cluster, chapter, (finding) => open.get(finding));
      }
      const aside = damage && (await putLogAside(trx, cluster, damage, known));
      return { run: await Journal.#next(trx, cluster), words: aside };
    });
    if (words !== null) damaged(words);
    return new Journal(db, cluster, run, limits);
  }

  /** The number of a run's first frame: no other has had it. */
  static async #next(trx: Transaction<Tables>, cluster: number): Promise<number> {
    const last = await trx
      .selectFrom('atlas_frames')
      .select(({ fn }) => fn.max('id').as('id'))
      .where('cluster', '=', cluster)
      .executeTakeFirst();
    const aside = await trx
      .selectFrom('atlas_aside')
      .select(({ fn }) => fn.max('frame').as('id'))
      .where('cluster', '=', cluster)
      .executeTakeFirst();
    const { oldest_frame } = await trx
      .selectFrom('atlas_clusters')
      .select('oldest_frame')
      .where('id', '=', cluster)
      .executeTakeFirstOrThrow();
    // Frames may all be gone by age: their numbers are not used again.
    const next = Math.max(last?.id ?? 0, aside?.id ?? 0, oldest_frame) + 1;
    await trx.deleteFrom('atlas_keys').where('cluster', '=', cluster).where('frame', '>=', next).execute();
    return next;
  }

  /** Whole partitions as the run begins; they count once `open` has been written. */
  async keys(keys: readonly PackedKey[]): Promise<void> {
    const frame = this.#run;
    await this.#db.record(this.#cluster, async (trx) => {
      for (const { part, body } of keys) await putKey(trx, { cluster: this.#cluster, part, frame, body });
    });
    for (const { part, body, size } of keys) {
      this.#weights.keyed(part, size);
      this.#bytes += body.length;
    }
  }

  /** Begins the run: from here on it can be rebuilt. `before`: until when something is known; null: nothing ever was. */
  async open(message: KeyedMessage, at: number, before: number | null, gap: string): Promise<void> {
    const cluster = this.#cluster;
    const head = pack(message.head);
    const parts = [...this.#weights.parts, HEAD];
    this.#open = await this.#db.record(cluster, async (trx) => {
      await putKey(trx, { cluster, part: HEAD, frame: this.#run, body: head });
      for (const part of parts)
        await trx.insertInto('atlas_parts').values({ cluster, run: this.#run, part }).execute();
      const { epoch, version } = message;
      const bytes = this.#bytes + head.length;
      await trx
        .insertInto('atlas_frames')
        .values({ cluster, id: this.#run, run: this.#run, since: at, at, epoch, version, bytes })
        .execute();
      if (before !== null && before < at)
        await trx
          .insertInto('atlas_gaps')
          .values({ cluster, since: before, until: at, reason: gap })
          .execute();
      const changed = await alignSpans(trx, cluster, at, message.open, before === null);
      const started: TimedEvent = {
        at,
        type: 'recorder-started',
        finding: null,
        detail: before === null ? '' : gap,
      };
      await writeEvents(trx, cluster, [started, ...changed]);
      await trx
        .updateTable('atlas_clusters')
        .set({ oldest_frame: this.#run, oldest_at: at })
        .where('id', '=', cluster)
        .where('oldest_at', 'is', null)
        .execute();
      return openSpans(trx, cluster);
    });
    this.#weights.keyed(HEAD, message.head.length);
  }

  /** Writes a batch as the next frame, into the log. */
  async write(batch: Batch): Promise<void> {
    const cluster = this.#cluster;
    const id = this.#frame + 1;
    const told = batch.events.joined(idsOf(id));
    const body = packLog(batch.changes);
    const events = told.length > 0 ? packQuickly(told) : null;
    const fresh = this.#unknownOf(batch);
    await this.#db.record(cluster, async (trx) => {
      await trx.insertInto('atlas_log').values({ cluster, frame: id, body, events }).execute();
      for (const some of slices(fresh))
        await trx
          .insertInto('atlas_parts')
          .values(some.map((part) => ({ cluster, run: this.#run, part })))
          .execute();
      const { since, at, epoch, version } = batch;
      const bytes = 64 + body.length + (events?.length ?? 0);
      await trx
        .insertInto('atlas_frames')
        .values({ cluster, id, run: this.#run, since, at, epoch, version, bytes })
        .execute();
    });
    this.#frame = id;
    this.#chapter.add(id, batch.since);
    if (told.length > 0) this.#chapter.addEvents(told);
    for (const part of fresh) this.#weights.keyed(part, 0);
    for (const change of batch.changes) this.#chapter.addChange(change);
  }

  /** Names of partitions that the run has not had before. */
  #unknownOf({ changes }: Batch): readonly string[] {
    const unknown = new Set<string>();
    for (const { parts } of changes)
      for (const [part] of parts) if (!this.#weights.has(part)) unknown.add(part);
    return [...unknown];
  }

  /** Sorts what stands in the log by partition, if the chapter is over before something that happens at a time. */
  async fold(at: number): Promise<void> {
    const chapter = this.#chapter;
    if (!chapter.isOver(this.#limits, at)) return;
    const { spans } = await this.#db.record(this.#cluster, (trx) =>
      fold(trx, this.#cluster, chapter, (finding) => this.#open.get(finding)),
    );
    this.#chapter = new Chapter();
    this.#folded = chapter.last;
    for (const { finding, opened, closed } of spans) {
      if (closed === null) this.#open.set(finding, opened);
      else if (this.#open.get(finding) === opened) this.#open.delete(finding);
    }
    for (const [part, { bytes, count }] of chapter.parts) this.#weights.add(part, bytes, count);
  }

  /** Writes events that go with no frame. */
  async note(events: readonly TimedEvent[]): Promise<void> {
    await this.#db.record(this.#cluster, (trx) => writeEvents(trx, this.#cluster, events));
  }

  /** A partition that should be keyed again; null when all are light enough. `now`: ms that only ever grow. */
  heaviest(now: number): string | null {
    return this.#weights.heaviest(now);
  }

  /** Lets a partition grow heavy anew before it is keyed. */
  leave(part: string): void {
    this.#weights.keyed(part, 0);
  }

  /** Keys a partition as it is after the last chapter. */
  async rekey(part: string): Promise<void> {
    const cluster = this.#cluster;
    const frame = this.#folded;
    const of = { id: frame, run: this.#run };
    const { key, lines } = await recorded(this.#db.read, cluster, part, of, NO_LOG);
    const texts = [...(key === null ? [] : [key]), ...lines.map(({ text }) => text)];
    const { body, size } = part === HEAD ? mergedHead(texts) : mergedPart(texts);
    await this.#db.record(cluster, async (trx) => {
      await putKey(trx, { cluster, part, frame, body });
      await trx
        .updateTable('atlas_frames')
        .set({ bytes: sql<number>`bytes + ${body.length}` })
        .where('cluster', '=', cluster)
        .where('id', '=', frame)
        .execute();
    });
    this.#weights.keyed(part, size);
  }
}

function mergedHead(texts: readonly string[]): Omit<PackedKey, 'part'> {
  const head = JSON.stringify(Object.assign({}, ...texts.map((text) => JSON.parse(text) as object)));
  return { body: pack(head), size: head.length };
}

function mergedPart(texts: readonly string[]): Omit<PackedKey, 'part'> {
  const whole = new Part();
  for (const text of texts) whole.apply(JSON.parse(text) as StoredPatch);
  const text = [...patchPieces(whole.whole())].join('');
  return { body: packKey(text), size: text.length };
}

async function putKey(
  trx: Transaction<Tables>,
  key: { readonly cluster: number; readonly part: string; readonly frame: number; readonly body: Uint8Array },
): Promise<void> {
  await trx
    .insertInto('atlas_keys')
    .values(key)
    .onConflict((conflict) => conflict.columns(['cluster', 'part', 'frame']).doUpdateSet({ body: key.body }))
    .execute();
}
