import 'server-only';
import type { Kysely } from 'kysely';
import type { Kind } from '../db';
import type { Tables } from '../tables';

/** Sessions that were ended before their time, for all replicas to know: the hash of an id, and until when it would have lasted. */
export async function up(db: Kysely<Tables>, kind: Kind): Promise<void> {
  await db.schema
    .createTable('atlas_signed_out')
    .addColumn('id_hash', 'varchar(64)', (column) => column.primaryKey())
    .addColumn('until', kind === 'sqlite' ? 'integer' : 'bigint', (column) => column.notNull())
    .execute();
}
