import 'server-only';
import { renameSync } from 'node:fs';
import { wordsOf } from './errors';

/** Renames a damaged SQLite file with all that belongs to it; `warn` is told what could not be. Answers its new name. */
export function putAside(url: string, warn: (text: string) => void): string {
  const path = url.slice('sqlite:'.length);
  const aside = `${path}.corrupt-${new Date().toISOString().replace(/[:.]/g, '-')}`;
  for (const end of ['', '-wal', '-shm']) {
    try {
      renameSync(`${path}${end}`, `${aside}${end}`);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') warn(wordsOf(error));
    }
  }
  return aside;
}
