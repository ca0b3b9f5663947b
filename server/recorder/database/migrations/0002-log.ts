import 'server-only';
import { type Kysely, sql } from 'kysely';
import type { Kind } from '../db';
import type { Tables } from '../tables';

/**
 * The log: frames as they are written, each one body over all its partitions, until a chapter of them is sorted by
 * partition. What the first schema has written stays as it is: its frames are chapters of one frame each.
 */
export async function up(db: Kysely<Tables>, kind: Kind): Promise<void> {
  const body = kind === 'sqlite' ? 'blob' : 'bytea';
  await db.schema
    .createTable('atlas_log')
    .addColumn('cluster', 'integer', (column) => column.notNull())
    .addColumn('frame', kind === 'sqlite' ? 'integer' : 'bigint', (column) => column.notNull())
    .addColumn('body', body, (column) => column.notNull())
    .addColumn('events', body)
    .addPrimaryKeyConstraint('atlas_log_key', ['cluster', 'frame'])
    .$call((table) => (kind === 'sqlite' ? table.modifyEnd(sql`without rowid`) : table))
    .execute();
}
