import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';

const DEBIAN = '/usr/lib/postgresql';

/** The folder of a PostgreSQL server's programs; null where none is installed. */
function postgresPrograms(): string | null {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = versions.map((version) => join(DEBIAN, version, 'bin'));
  try {
    folders.push(execFileSync('pg_config', ['--bindir'], { encoding: 'utf8', stdio: 'pipe' }).trim());
  } catch {
    // Not there: what Debian has is enough, or nothing is.
  }
  return (
    folders.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres'))) ??
    null
  );
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as { readonly port: number };
  await new Promise((done) => server.close(done));
  return port;
}

/** A server refuses to run as root: then the user `postgres` (or `nobody`) runs it. */
function someoneElse(): { readonly uid?: number; readonly gid?: number } {
  if (process.getuid?.() !== 0) return {};
  for (const name of ['postgres', 'nobody']) {
    try {
      const id = (flag: string) =>
        Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: 'pipe' }));
      return { uid: id('-u'), gid: id('-g') };
    } catch {
      // The next one.
    }
  }
  return {};
}

/** A PostgreSQL server of its own in a temporary folder. */
class PostgresServer {
  readonly #programs: string;
  readonly #folder: string;
  readonly #port: number;
  readonly #who = someoneElse();
  #child: ChildProcess | null = null;
  #databases = 0;

  private constructor(programs: string, port: number) {
    this.#programs = programs;
    this.#port = port;
    this.#folder = mkdtempSync(join(tmpdir(), 'atlas-postgres-'));
  }

  static async start(programs: string): Promise<PostgresServer> {
    const server = new PostgresServer(programs, await freePort());
    const { uid, gid } = server.#who;
    if (uid !== undefined && gid !== undefined) chownSync(server.#folder, uid, gid);
    const data = join(server.#folder, 'data');
    execFileSync(
      join(programs, 'initdb'),
      ['-D', data, '-U', 'atlas', '--auth=trust', '--encoding=UTF8', '--no-sync', '--locale=C'],
      { ...server.#who, cwd: server.#folder, stdio: 'pipe' },
    );
    await server.up();
    return server;
  }

  /** Starts the server, anew after `down`. */
  async up(): Promise<void> {
    const settings = [
      'listen_addresses=127.0.0.1',
      `port=${this.#port}`,
      `unix_socket_directories=${this.#folder}`,
    ];
    this.#child = spawn(
      join(this.#programs, 'postgres'),
      ['-D', join(this.#folder, 'data'), ...settings.flatMap((setting) => ['-c', setting])],
      { ...this.#who, cwd: this.#folder, stdio: 'ignore' },
    );
    for (let i = 0; i < 200; i++) {
      const client = new pg.Client({ connectionString: this.url('postgres') });
      try {
        await client.connect();
        await client.end();
        return;
      } catch {
        await delay(100);
      }
    }
    throw new Error('the PostgreSQL server did not come up');
  }

  /** Ends the server at once, as a crash would. */
  async down(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (!child || child.exitCode !== null) return;
    const gone = new Promise((done) => child.once('exit', done));
    child.kill('SIGQUIT');
    await gone;
  }

  url(database: string): string {
    return `postgres://atlas:canary-password@127.0.0.1:${this.#port}/${database}`;
  }

  /** A database of its own; its URL. */
  async database(): Promise<string> {
    const name = `atlas${++this.#databases}`;
    const client = new pg.Client({ connectionString: this.url('postgres') });
    await client.connect();
    await client.query(`create database ${name}`);
    await client.end();
    return this.url(name);
  }

  async remove(): Promise<void> {
    await this.down();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Where the tests of the recorder keep their history. */
export interface TestDatabase {
  /** URL of a database that nobody has used. */
  fresh(): Promise<string>;
  close(): Promise<void>;
}

function sqliteFiles(): Promise<TestDatabase> {
  const folder = mkdtempSync(join(tmpdir(), 'atlas-recorder-'));
  let files = 0;
  return Promise.resolve({
    fresh: () => Promise.resolve(`sqlite:${join(folder, `${++files}.sqlite`)}`),
    close: () => Promise.resolve(rmSync(folder, { recursive: true, force: true })),
  });
}

/** A server that may be brought down; null where none is installed. */
export function postgresServer(): Promise<PostgresServer> | null {
  return programs === null ? null : PostgresServer.start(programs);
}

async function postgresDatabases(programs: string): Promise<TestDatabase> {
  const server = await PostgresServer.start(programs);
  return { fresh: () => server.database(), close: () => server.remove() };
}

const programs = postgresPrograms();

/** The kinds of databases that tests run on; PostgreSQL where a server is installed. */
export const DATABASES = [
  { name: 'SQLite', open: sqliteFiles, skip: false },
  { name: 'PostgreSQL', open: () => postgresDatabases(programs ?? ''), skip: programs === null },
];
