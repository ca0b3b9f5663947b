import 'server-only';
import { type Kysely, sql } from 'kysely';
import type { Kind } from '../db';
import type { Tables } from '../tables';

/** Frames of the log that could not be read, and those after them, which build upon them: kept for whoever can mend them. */
export async function up(db: Kysely<Tables>, kind: Kind): Promise<void> {
  const body = kind === 'sqlite' ? 'blob' : 'bytea';
  await db.schema
    .createTable('atlas_aside')
    .addColumn('cluster', 'integer', (column) => column.notNull())
    .addColumn('frame', kind === 'sqlite' ? 'integer' : 'bigint', (column) => column.notNull())
    .addColumn('reason', 'text', (column) => column.notNull())
    .addColumn('body', body, (column) => column.notNull())
    .addColumn('events', body)
    .addPrimaryKeyConstraint('atlas_aside_key', ['cluster', 'frame'])
    .$call((table) => (kind === 'sqlite' ? table.modifyEnd(sql`without rowid`) : table))
    .execute();
}
