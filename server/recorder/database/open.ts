import 'server-only';
import type { Db } from './db';
import { openPostgres } from './postgres';
import { openSqlite } from './sqlite';

/** Opens `sqlite:PATH` or `postgres://…` and brings its schema up to date; throws where that fails. */
export function openDatabase(url: string): Promise<Db> {
  return url.startsWith('sqlite:') ? openSqlite(url.slice('sqlite:'.length)) : openPostgres(url);
}
