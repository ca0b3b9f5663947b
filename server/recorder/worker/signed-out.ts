import 'server-only';
import type { Db } from '@/server/recorder/database/db';
import type { SignedOut } from '@/server/recorder/types';

/** More are not told: so many sign out within half a day nowhere, and each replica keeps them all. */
const MOST = 10_000;

/** Sessions that were ended before their time and would last on, the longest first. `now`: epoch ms. */
export async function listSignedOut(db: Db, now: number): Promise<readonly SignedOut[]> {
  const rows = await db.read
    .selectFrom('atlas_signed_out')
    .select(['id_hash', 'until'])
    .where('until', '>', now)
    .orderBy('until', 'desc')
    .limit(MOST)
    .execute();
  return rows.map(({ id_hash: idHash, until }) => ({ idHash, until }));
}

/** Writes one down, and forgets those whose time is over. */
export async function putSignedOut(db: Db, { idHash, until }: SignedOut, now: number): Promise<null> {
  await db.change(async (trx) => {
    await trx.deleteFrom('atlas_signed_out').where('until', '<=', now).execute();
    await trx
      .insertInto('atlas_signed_out')
      .values({ id_hash: idHash, until })
      .onConflict((conflict) => conflict.column('id_hash').doNothing())
      .execute();
  });
  return null;
}
