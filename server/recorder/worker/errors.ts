import 'server-only';
import { NotLeading } from '@/server/recorder/database/db';
import { SchemaTooNew } from '@/server/recorder/database/migrate';

/** What a failed piece of work means. */
export type Failure =
  /** Try again: the disk is full, the file is locked, the server is away. */
  | 'again'
  /** Somebody else records. */
  | 'not-leading'
  /** The file is damaged, or is no database. */
  | 'corrupt'
  /** A newer version has used it: it is left alone. */
  | 'too-new';

const CORRUPT = new Set([11, 26]);

/** Sorts an error of the database. */
export function failureOf(error: unknown): Failure {
  if (error instanceof NotLeading) return 'not-leading';
  if (error instanceof SchemaTooNew) return 'too-new';
  const { errcode } = (error ?? {}) as { readonly errcode?: unknown };
  // The low byte is SQLite's primary code.
  return typeof errcode === 'number' && CORRUPT.has(errcode & 0xff) ? 'corrupt' : 'again';
}

/** One line for people; passwords that stand in a URL are left out. */
export function wordsOf(error: unknown): string {
  const message =
    error instanceof Error ? error.message || (error as { code?: string }).code || error.name : String(error);
  // What comes of several addresses of a host has its words inside.
  const inner = error instanceof AggregateError ? error.errors.map(wordsOf).join('; ') : message;
  return inner
    .replace(/(:\/\/)[^/@\s]*@/g, '$1…@')
    .replace(/\s+/g, ' ')
    .slice(0, 300);
}
