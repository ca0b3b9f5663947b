import 'server-only';
import type { Db } from '@/server/recorder/database/db';

/** Until when the last leader has said that all is recorded, epoch ms; 0: never. */
export async function aliveOf(db: Db, cluster: number): Promise<number> {
  const row = await db.read
    .selectFrom('atlas_leases')
    .select('alive')
    .where('cluster', '=', cluster)
    .executeTakeFirst();
  return row?.alive ?? 0;
}

/** The number of a cluster; a new one is given where it has none. */
export function clusterOf(db: Db, name: string): Promise<number> {
  return db.change(async (trx) => {
    await trx
      .insertInto('atlas_clusters')
      .values({ name, oldest_frame: 0, oldest_at: null })
      .onConflict((conflict) => conflict.column('name').doNothing())
      .execute();
    const { id } = await trx
      .selectFrom('atlas_clusters')
      .select('id')
      .where('name', '=', name)
      .executeTakeFirstOrThrow();
    return id;
  });
}
