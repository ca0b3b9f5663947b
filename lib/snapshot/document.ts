/** The stored document of a snapshot: written in one version, read in all. A document is never changed: it is migrated while it is read. */
import { DOCUMENT_SCHEMA, type SnapshotDocument, snapshotDocumentSchema } from '@/lib/wire/snapshot';

/** Bytes of a document's JSON at most. */
export const MAX_DOCUMENT_BYTES = 16_000_000;

export type DocumentRead =
  | { readonly ok: true; readonly document: SnapshotDocument }
  | {
      readonly ok: false;
      readonly problem: 'no-snapshot' | 'damaged' | 'newer';
      /** In words, without a full stop. */
      readonly detail: string;
    };

type Json = Readonly<Record<string, unknown>>;

/** Each makes a document of its version into one of the next. The first will come with version 2. */
const MIGRATIONS: ReadonlyMap<number, (document: Json) => Json> = new Map();

/** Reads the text of an exported file. */
export function parseDocument(text: string): DocumentRead {
  if (text.length > MAX_DOCUMENT_BYTES)
    return {
      ok: false,
      problem: 'no-snapshot',
      detail: `it is larger than ${MAX_DOCUMENT_BYTES / 1e6} MB, which no snapshot is`,
    };
  try {
    return readDocument(JSON.parse(text.replace(/^\ufeff/, '')));
  } catch {
    const begun = /^\ufeff?\s*\{\s*"schema"/.test(text);
    return {
      ok: false,
      problem: begun ? 'damaged' : 'no-snapshot',
      detail: begun ? 'it is cut off or damaged: its JSON does not end' : 'it is no JSON',
    };
  }
}

/** Reads a document of any version so far; what is newer is refused, what is damaged too. */
export function readDocument(value: unknown): DocumentRead {
  const version = versionOf(value);
  if (version === null)
    return {
      ok: false,
      problem: 'no-snapshot',
      detail: 'it is no snapshot of Ingress Atlas: it has no schema version',
    };
  if (version > DOCUMENT_SCHEMA)
    return {
      ok: false,
      problem: 'newer',
      detail: `it was written by a newer version of Ingress Atlas (schema ${version}; this one reads up to ${DOCUMENT_SCHEMA})`,
    };
  const parsed = snapshotDocumentSchema.safeParse(migrated(value as Json, version));
  if (parsed.success) return { ok: true, document: parsed.data };
  const [issue] = parsed.error.issues;
  const where = issue?.path.slice(0, 4).join('.') ?? '';
  return {
    ok: false,
    problem: 'damaged',
    detail: `it is damaged at ${where === '' ? 'its top' : where.slice(0, 100)}: ${issue?.message ?? ''}`,
  };
}

function versionOf(value: unknown): number | null {
  if (typeof value !== 'object' || value === null || !('schema' in value)) return null;
  const { schema } = value;
  return typeof schema === 'number' && Number.isInteger(schema) && schema >= 1 ? schema : null;
}

function migrated(document: Json, from: number): Json {
  let current = document;
  for (let version = from; version < DOCUMENT_SCHEMA; version++)
    current = MIGRATIONS.get(version)?.(current) ?? current;
  return current;
}

/** Name of the file in which a snapshot is handed out: of letters, digits and hyphens, whatever the cluster is called. */
export function fileNameOf(
  { topology, takenAt }: Pick<SnapshotDocument, 'topology' | 'takenAt'>,
  extension: 'json' | 'svg' | 'png',
): string {
  const cluster = topology.cluster.name.replace(/[^A-Za-z0-9]+/g, '-').slice(0, 40);
  const at = takenAt.slice(0, 19).replace(/[^0-9T]/g, '');
  return `${['ingress-atlas', cluster, at]
    .map((part) => part.replace(/^-+|-+$/g, ''))
    .filter((part) => part !== '')
    .join('-')}.${extension}`;
}
