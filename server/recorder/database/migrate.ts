import 'server-only';
import { type Kysely, sql } from 'kysely';
import type { Kind } from './db';
import { up as history } from './migrations/0001-history';
import { up as log } from './migrations/0002-log';
import { up as signedOut } from './migrations/0003-signed-out';
import { up as aside } from './migrations/0004-aside';
import { up as notes } from './migrations/0005-notes';
import type { Tables } from './tables';

/** In order; the version of a database is how many it has had. */
const MIGRATIONS: readonly ((db: Kysely<Tables>, kind: Kind) => Promise<void>)[] = [
  history,
  log,
  signedOut,
  aside,
  notes,
];

/** A newer version of this program has used the database: writing to it could harm what it keeps. */
export class SchemaTooNew extends Error {
  override readonly name = 'SchemaTooNew';
}

/** Brings the schema up to date; forward only. Call it in a transaction that keeps all others out. */
export async function migrate(db: Kysely<Tables>, kind: Kind): Promise<void> {
  await db.schema
    .createTable('atlas_schema')
    .ifNotExists()
    .addColumn('id', 'integer', (column) => column.primaryKey())
    .addColumn('version', 'integer', (column) => column.notNull())
    .execute();
  const row = await db.selectFrom('atlas_schema').select('version').where('id', '=', 1).executeTakeFirst();
  const before = row?.version ?? 0;
  if (before > MIGRATIONS.length)
    throw new SchemaTooNew(
      `the database has schema ${before}, this version knows ${MIGRATIONS.length}: start the newer version, or give another DATABASE_URL`,
    );
  if (before === MIGRATIONS.length) return;
  for (const up of MIGRATIONS.slice(before)) await up(db, kind);
  const version = MIGRATIONS.length;
  await db
    .insertInto('atlas_schema')
    .values({ id: 1, version })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ version: sql`excluded.version` }))
    .execute();
}
