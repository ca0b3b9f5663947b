import 'server-only';
import { sql, type Transaction } from 'kysely';
import { Part, patchPieces, type StoredPatch } from '@/lib/topology/partition/part';
import { pack } from '@/server/recorder/codec';
import type { Db } from '@/server/recorder/database/db';
import type { Tables } from '@/server/recorder/database/tables';
import type { KeyedMessage } from '@/server/recorder/messages';
import type { Batch, TimedEvent } from './batch';
import { HEAD, packLines, recorded } from './frames';
import { alignSpans, slices, writeEvents } from './spans';

/** A partition whose deltas outweigh its key so many times is keyed again. */
const OUTWEIGHED = 4;
/** However small its key: so much is read in no time. */
const LEAST = 64 * 1024;
/** So many deltas take some tenths of a second to apply. */
const MOST_ROWS = 1500;

interface Weight {
  key: number;
  deltas: number;
  rows: number;
}

export interface PackedKey {
  readonly part: string;
  readonly body: Uint8Array;
}

/** Writes the frames of one run. Every method is one transaction; what it throws has left nothing behind. */
export class Journal {
  readonly #db: Db;
  readonly #cluster: number;
  readonly #run: number;
  readonly #weights = new Map<string, Weight>();
  #frame: number;
  #bytes = 0;

  private constructor(db: Db, cluster: number, run: number) {
    this.#db = db;
    this.#cluster = cluster;
    this.#run = run;
    this.#frame = run;
  }

  /** Prepares a run after all that is recorded; what an interrupted one has left is cleared away. */
  static async begin(db: Db, cluster: number): Promise<Journal> {
    const run = await db.record(cluster, async (trx) => {
      const last = await trx
        .selectFrom('atlas_frames')
        .select(({ fn }) => fn.max('id').as('id'))
        .where('cluster', '=', cluster)
        .executeTakeFirst();
      const { oldest_frame } = await trx
        .selectFrom('atlas_clusters')
        .select('oldest_frame')
        .where('id', '=', cluster)
        .executeTakeFirstOrThrow();
      // Frames may all be gone by age: their numbers are not used again.
      const next = Math.max(last?.id ?? 0, oldest_frame) + 1;
      await trx.deleteFrom('atlas_keys').where('cluster', '=', cluster).where('frame', '>=', next).execute();
      return next;
    });
    return new Journal(db, cluster, run);
  }

  /** Whole partitions as the run begins; they count once `open` has been written. */
  async keys(keys: readonly PackedKey[]): Promise<void> {
    const frame = this.#run;
    await this.#db.record(this.#cluster, async (trx) => {
      for (const { part, body } of keys) await putKey(trx, { cluster: this.#cluster, part, frame, body });
    });
    for (const { part, body } of keys) {
      this.#weights.set(part, { key: body.length, deltas: 0, rows: 0 });
      this.#bytes += body.length;
    }
  }

  /** Begins the run: from here on it can be rebuilt. `before`: until when something is known; null: nothing ever was. */
  async open(message: KeyedMessage, at: number, before: number | null, gap: string): Promise<void> {
    const cluster = this.#cluster;
    const head = pack(message.head);
    const parts = [...this.#weights.keys(), HEAD];
    await this.#db.record(cluster, async (trx) => {
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
    });
    this.#weights.set(HEAD, { key: head.length, deltas: 0, rows: 0 });
  }

  /** Writes a batch as the next frame. */
  async write(batch: Batch): Promise<void> {
    const cluster = this.#cluster;
    const id = this.#frame + 1;
    const bodies = [...batch.parts].map(([part, lines]) => ({ part, body: packLines(lines) }));
    await this.#db.record(cluster, async (trx) => {
      let bytes = 64;
      for (const { part, body } of bodies) bytes += body.length + part.length + 16;
      for (const some of slices(bodies))
        await trx
          .insertInto('atlas_deltas')
          .values(some.map(({ part, body }) => ({ cluster, part, frame: id, body })))
          .execute();
      const fresh = bodies.filter(({ part }) => !this.#weights.has(part));
      for (const some of slices(fresh))
        await trx
          .insertInto('atlas_parts')
          .values(some.map(({ part }) => ({ cluster, run: this.#run, part })))
          .execute();
      bytes += await writeEvents(trx, cluster, batch.events);
      const { since, at, epoch, version } = batch;
      await trx
        .insertInto('atlas_frames')
        .values({ cluster, id, run: this.#run, since, at, epoch, version, bytes })
        .execute();
    });
    this.#frame = id;
    for (const { part, body } of bodies) {
      const weight = this.#weights.get(part) ?? { key: 0, deltas: 0, rows: 0 };
      weight.deltas += body.length;
      weight.rows++;
      this.#weights.set(part, weight);
    }
  }

  /** Writes events that go with no frame. */
  async note(events: readonly TimedEvent[]): Promise<void> {
    await this.#db.record(this.#cluster, (trx) => writeEvents(trx, this.#cluster, events));
  }

  /** A partition that should be keyed again; null when all are light enough. */
  get heaviest(): string | null {
    for (const [part, { key, deltas, rows }] of this.#weights) {
      if (rows > MOST_ROWS || deltas > Math.max(key * OUTWEIGHED, LEAST)) return part;
    }
    return null;
  }

  /** Keys a partition as it is after the last frame. */
  async rekey(part: string): Promise<void> {
    const cluster = this.#cluster;
    const frame = this.#frame;
    const { key, lines } = await recorded(this.#db.read, cluster, part, { id: frame, run: this.#run });
    const texts = [...(key === null ? [] : [key]), ...lines.map(({ text }) => text)];
    const body = pack(part === HEAD ? mergedHead(texts) : mergedPart(texts));
    await this.#db.record(cluster, async (trx) => {
      await putKey(trx, { cluster, part, frame, body });
      await trx
        .updateTable('atlas_frames')
        .set({ bytes: sql<number>`bytes + ${body.length}` })
        .where('cluster', '=', cluster)
        .where('id', '=', frame)
        .execute();
    });
    this.#weights.set(part, { key: body.length, deltas: 0, rows: 0 });
  }
}

function mergedHead(texts: readonly string[]): string {
  return JSON.stringify(Object.assign({}, ...texts.map((text) => JSON.parse(text) as object)));
}

function mergedPart(texts: readonly string[]): string {
  const whole = new Part();
  for (const text of texts) whole.apply(JSON.parse(text) as StoredPatch);
  return [...patchPieces(whole.whole())].join('');
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
