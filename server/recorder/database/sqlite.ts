import 'server-only';
import { randomBytes } from 'node:crypto';
import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { Kysely, type SqliteDatabase, SqliteDialect, type SqliteStatement, sql } from 'kysely';
import { Serial } from '@/server/hub/turns';
import { type Db, NotLeading } from './db';
import { migrate } from './migrate';
import type { Tables } from './tables';

/** Another process may hold the file for so long before we say that it is locked. */
const BUSY_MS = 2000;
/** A leader that has not said so for as long is taken to be gone. */
const LEASE_MS = 8000;
/** Statements kept compiled. */
const MOST_STATEMENTS = 200;

/** Opens a file, made where there is none; only its owner may read it. */
export async function openSqlite(path: string): Promise<Db> {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  if (path !== ':memory:') {
    closeSync(openSync(path, 'a', 0o600));
    chmodSync(path, 0o600);
  }
  const write = new Kysely<Tables>({
    dialect: new SqliteDialect({ database: connect(path, 'begin immediate') }),
  });
  const serial = new Serial();
  try {
    await write.transaction().execute((db) => migrate(db, 'sqlite'));
  } catch (error) {
    await write.destroy();
    throw error;
  }
  const read = new Kysely<Tables>({ dialect: new SqliteDialect({ database: connect(path, 'begin') }) });
  return new SqliteDb(write, read, serial);
}

/** When this process began, epoch ms, to a second or two: all its threads find the same. */
const BEGAN = Math.round(Date.now() - process.uptime() * 1000);
const ABOUT_MS = 3000;

class SqliteDb implements Db {
  readonly kind = 'sqlite';
  readonly read: Kysely<Tables>;
  readonly #write: Kysely<Tables>;
  readonly #serial: Serial;
  readonly #holder = `${hostname()}/${process.pid}/${BEGAN}/${randomBytes(6).toString('hex')}`;

  constructor(write: Kysely<Tables>, read: Kysely<Tables>, serial: Serial) {
    this.#write = write;
    this.read = read;
    this.#serial = serial;
  }

  readonly change: Db['change'] = (work) => this.#serial.run(() => this.#write.transaction().execute(work));

  readonly record: Db['record'] = (cluster, work) =>
    this.change(async (db) => {
      const lease = await db
        .selectFrom('atlas_leases')
        .select('holder')
        .where('cluster', '=', cluster)
        .executeTakeFirst();
      if (lease?.holder !== this.#holder) throw new NotLeading('another process records into this file');
      return work(db);
    });

  lead(cluster: number, now: number, alive: number): Promise<boolean> {
    const mine = { holder: this.#holder, until: now + LEASE_MS, alive };
    return this.change(async (db) => {
      const lease = await db
        .selectFrom('atlas_leases')
        .selectAll()
        .where('cluster', '=', cluster)
        .executeTakeFirst();
      if (!lease)
        await db
          .insertInto('atlas_leases')
          .values({ cluster, ...mine, alive: 0 })
          .execute();
      else if (lease.holder === this.#holder)
        await db.updateTable('atlas_leases').set(mine).where('cluster', '=', cluster).execute();
      else if (isHeld(lease, now)) return false;
      // When it last recorded is for the new leader to read.
      else
        await db
          .updateTable('atlas_leases')
          .set({ ...mine, alive: lease.alive })
          .where('cluster', '=', cluster)
          .execute();
      return true;
    });
  }

  async resign(cluster: number): Promise<void> {
    await this.change((db) =>
      db
        .updateTable('atlas_leases')
        .set({ until: 0 })
        .where('cluster', '=', cluster)
        .where('holder', '=', this.#holder)
        .execute(),
    );
  }

  async bytes(): Promise<number> {
    const pragma = async (name: string) => {
      const { rows } = await sql.raw<Record<string, number>>(`pragma ${name}`).execute(this.read);
      return Number(Object.values(rows[0] ?? {})[0] ?? 0);
    };
    const [pages, free, size] = [
      await pragma('page_count'),
      await pragma('freelist_count'),
      await pragma('page_size'),
    ];
    return (pages - free) * size;
  }

  async compact(): Promise<void> {
    await this.#serial.run(async () => {
      await sql`pragma incremental_vacuum(2000)`.execute(this.#write);
      await sql`pragma wal_checkpoint(passive)`.execute(this.#write);
    });
  }

  async close(): Promise<void> {
    await this.#serial.run(async () => {
      await this.read.destroy();
      await this.#write.destroy();
    });
  }
}

/** Whether somebody still holds a lease. A process of this machine that is gone holds none, whatever it says. */
function isHeld(
  { holder, until }: { readonly holder: string; readonly until: number },
  now: number,
): boolean {
  // A lease from the future: the clock was set back.
  if (until <= now || until > now + 2 * LEASE_MS) return false;
  const [host, pid, began] = holder.split('/');
  if (host !== hostname()) return true;
  // Our own number, and began at another time: a container that was restarted numbers its processes the same.
  if (Number(pid) === process.pid) return Math.abs(Number(began) - BEGAN) < ABOUT_MS;
  return isAlive(Number(pid));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** A connection as Kysely's dialect wants it. `begin`: how its transactions begin. */
function connect(path: string, begin: string): SqliteDatabase {
  // By this way no bundler sees it, and it is loaded only where a database is opened.
  const { DatabaseSync: Database } = process.getBuiltinModule('node:sqlite');
  const database = new Database(path);
  database.exec(`pragma busy_timeout = ${BUSY_MS}`);
  // Both must come before the first table. What one change makes is a little more than a kilobyte, the most that a row of
  // a page of 4 KB can hold: what does not fit takes a page of its own.
  database.exec('pragma page_size = 8192');
  // It makes freed pages go back to the file system.
  database.exec('pragma auto_vacuum = incremental');
  database.exec('pragma journal_mode = wal');
  // What was acknowledged must survive the power going off, not only the process.
  database.exec('pragma synchronous = full');
  database.exec('pragma cache_size = -16000');
  database.exec('pragma journal_size_limit = 67108864');
  const statements = new Map<string, SqliteStatement>();
  return {
    close: () => database.close(),
    prepare: (text) => {
      const wanted = text === 'begin' ? begin : text;
      let statement = statements.get(wanted);
      if (!statement) {
        if (statements.size >= MOST_STATEMENTS) statements.clear();
        statement = statementOf(database, wanted);
        statements.set(wanted, statement);
      }
      return statement;
    },
  };
}

function statementOf(database: DatabaseSync, text: string): SqliteStatement {
  if (text === 'rollback') return rollbackOf(database);
  const statement: StatementSync = database.prepare(text);
  const bound = (parameters: readonly unknown[]) => parameters as readonly SQLInputValue[];
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...bound(parameters)),
    run: (parameters) => statement.run(...bound(parameters)),
    iterate: (parameters) => statement.iterate(...bound(parameters)),
  };
}

/** Some errors (a full disk) end the transaction themselves: that a second end fails must not hide the first error. */
function rollbackOf(database: DatabaseSync): SqliteStatement {
  const run = () => {
    if (database.isTransaction) database.exec('rollback');
    return { changes: 0, lastInsertRowid: 0 };
  };
  return { reader: false, all: () => [], run, iterate: () => [][Symbol.iterator]() };
}
