import 'server-only';
import { hostname } from 'node:os';
import { Kysely, PostgresDialect, type PostgresPool, type PostgresPoolClient, sql } from 'kysely';
import pg from 'pg';
import { type Db, NotLeading } from './db';
import { migrate } from './migrate';
import type { Tables } from './tables';

const CONNECTIONS = 4;
const CONNECT_MS = 5000;
/** One statement may take so long: a partition of a large cluster is some megabytes. */
const STATEMENT_MS = 60_000;
/** First of the two numbers of our advisory locks; any constant, of which others should have another. */
const LOCKS = 0x61746c;
const MIGRATING = 0;

/** Opens a database on a server; connections that are lost are made again when they are needed. */
export async function openPostgres(url: string): Promise<Db> {
  const settings: pg.PoolConfig = {
    connectionString: url,
    max: CONNECTIONS,
    connectionTimeoutMillis: CONNECT_MS,
    idleTimeoutMillis: 30_000,
    statement_timeout: STATEMENT_MS,
    query_timeout: STATEMENT_MS + 5000,
    keepAlive: true,
    application_name: `ingress-atlas ${hostname()}`.slice(0, 63),
    types: numbers(),
  };
  const pool = new pg.Pool(settings);
  // A connection that the server ends while it is idle: the next query makes another.
  pool.on('error', () => undefined);
  const shared = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  try {
    await shared.transaction().execute(async (db) => {
      await sql`select pg_advisory_xact_lock(${LOCKS}::int, ${MIGRATING}::int)`.execute(db);
      await migrate(db, 'postgres');
    });
  } catch (error) {
    await shared.destroy().catch(() => undefined);
    throw error;
  }
  return new PostgresDb(shared, settings);
}

/** Whole numbers up to 2^53 as numbers: times and sizes are no larger. */
function numbers(): pg.CustomTypesConfig {
  const parse = (text: string) => Number(text);
  return {
    getTypeParser: ((id: number, format?: 'text') =>
      id === pg.types.builtins.INT8 || id === pg.types.builtins.NUMERIC
        ? parse
        : pg.types.getTypeParser(id, format)) as pg.CustomTypesConfig['getTypeParser'],
  };
}

/** The connection of a leader: it holds the lock for as long as it lives, and all that is recorded goes through it. */
interface Lead {
  readonly client: pg.Client;
  readonly db: Kysely<Tables>;
  lost: boolean;
}

class PostgresDb implements Db {
  readonly kind = 'postgres';
  readonly read: Kysely<Tables>;
  readonly #settings: pg.PoolConfig;
  /** By cluster: several may be recorded. */
  readonly #leads = new Map<number, Lead>();

  constructor(read: Kysely<Tables>, settings: pg.PoolConfig) {
    this.read = read;
    this.#settings = settings;
  }

  readonly change: Db['change'] = (work) => this.read.transaction().execute(work);

  readonly record: Db['record'] = (cluster, work) => {
    const lead = this.#leads.get(cluster);
    // Whoever has lost the connection has lost the lock with it: another may lead already.
    if (!lead || lead.lost)
      return Promise.reject(new NotLeading('the connection that held the lock is gone'));
    return lead.db.transaction().execute(work);
  };

  async lead(cluster: number, now: number, alive: number): Promise<boolean> {
    const before = this.#leads.get(cluster);
    if (before?.lost) {
      // Another may have led since: whoever recorded must begin anew, and learns it by this.
      await this.resign(cluster);
      return false;
    }
    const lead = before ?? (await this.#tryLead(cluster));
    if (!lead) return false;
    const isNew = before === undefined;
    this.#leads.set(cluster, lead);
    await lead.db
      .insertInto('atlas_leases')
      .values({ cluster, holder: hostname(), until: now, alive: 0 })
      .onConflict((conflict) =>
        // When the former leader last recorded is for the new one to read.
        conflict
          .column('cluster')
          .doUpdateSet({ holder: hostname(), until: now, ...(isNew ? {} : { alive }) }),
      )
      .execute();
    return true;
  }

  async resign(cluster: number): Promise<void> {
    const lead = this.#leads.get(cluster);
    this.#leads.delete(cluster);
    if (lead) await end(lead);
  }

  async bytes(): Promise<number> {
    const { rows } = await sql<{ bytes: number | null }>`
      select sum(pg_total_relation_size(c.oid)) as bytes from pg_class c
      where c.relkind = 'r' and c.relname like 'atlas\\_%' and pg_table_is_visible(c.oid)`.execute(this.read);
    return Number(rows[0]?.bytes ?? 0);
  }

  compact(): Promise<void> {
    // Autovacuum does it.
    return Promise.resolve();
  }

  async close(): Promise<void> {
    for (const cluster of [...this.#leads.keys()]) await this.resign(cluster);
    await this.read.destroy();
  }

  async #tryLead(cluster: number): Promise<Lead | null> {
    const client = new pg.Client(this.#settings);
    const lead: Lead = { client, db: over(client, () => lead.lost), lost: false };
    const lose = () => {
      lead.lost = true;
    };
    client.on('error', lose);
    client.on('end', lose);
    try {
      await client.connect();
      const { rows } = await client.query<{ held: boolean }>(
        'select pg_try_advisory_lock($1::int, $2::int) as held',
        [LOCKS, cluster],
      );
      if (rows[0]?.held === true) return lead;
    } catch (error) {
      await end(lead);
      throw error;
    }
    await end(lead);
    return null;
  }
}

async function end({ client }: Lead): Promise<void> {
  await client.end().catch(() => undefined);
}

/** Kysely over one connection, which is never replaced by another. */
function over(client: pg.Client, isLost: () => boolean): Kysely<Tables> {
  let last: Promise<unknown> = Promise.resolve();
  const query = client.query.bind(client) as PostgresPoolClient['query'];
  const pool: PostgresPool = {
    // One at a time: on a single connection two transactions would be one.
    connect: () => {
      if (isLost()) return Promise.reject(new NotLeading('the connection that held the lock is gone'));
      const { promise, resolve } = Promise.withResolvers<void>();
      const turn = last.then(() => ({ query, release: () => resolve() }) as PostgresPoolClient);
      last = promise;
      return turn;
    },
    end: () => Promise.resolve(),
    options: {},
  };
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
}
