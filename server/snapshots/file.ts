import 'server-only';
import { readFileSync, statSync } from 'node:fs';
import { MAX_DOCUMENT_BYTES, parseDocument } from '@/lib/snapshot/document';
import type { SnapshotDocument } from '@/lib/wire/snapshot';
import { ConfigError } from '@/server/config';

/** The document of an exported file; throws a {@link ConfigError} of one line where it is none. */
export function readSnapshotFile(path: string): SnapshotDocument {
  const read = parseDocument(textOf(path));
  if (read.ok) return read.document;
  throw refusal(path, read.detail);
}

function textOf(path: string): string {
  try {
    const { size } = statSync(path);
    if (size > MAX_DOCUMENT_BYTES)
      throw refusal(path, `it is larger than ${MAX_DOCUMENT_BYTES / 1e6} MB, which no snapshot is`);
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    const code = (error as NodeJS.ErrnoException).code;
    throw refusal(path, code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${code})`);
  }
}

function refusal(path: string, why: string): ConfigError {
  return new ConfigError([`${path} cannot be shown as a snapshot: ${why}`]);
}
