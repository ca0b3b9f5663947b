/** Schemas of snapshots: what is asked for, what is stored and exported, what is answered. */

import type { DeepReadonly } from './readonly';
import { statusSchema, topologySchema } from './topology';
import { z } from './zod';

/** UTF-16 units, as the text field of a browser counts them. */
export const MAX_NOTE_LENGTH = 4000;
export const MAX_VIEW_LENGTH = 16_384;
export const MIN_EXPIRY_MS = 3_600_000;
export const MAX_EXPIRY_MS = 365 * 86_400_000;
export const DEFAULT_EXPIRY_MS = 30 * 86_400_000;

/** Version of the stored document; a change that older code can't read raises it, and brings a migration. */
export const DOCUMENT_SCHEMA = 1;

const time = z.iso.datetime({ offset: true });

/** Body of `POST /api/v1/snapshots`; a field that it does not have is an error. */
export const createSnapshotSchema = z.strictObject({
  note: z.string().max(MAX_NOTE_LENGTH).optional(),
  /** Query string of the view: filters, and what the page adds to them. */
  view: z.string().max(MAX_VIEW_LENGTH).optional(),
  /** Reserved. */
  trace: z.null().optional(),
  /** RFC 3339; default: now. */
  at: time.optional(),
  expiresInMs: z.number().int().min(MIN_EXPIRY_MS).max(MAX_EXPIRY_MS).optional(),
  /** Whether chat programs may show its picture to those who see the link; the deployment must allow it too. */
  public: z.boolean().optional(),
  /** Names become pseudonyms. */
  redact: z.boolean().optional(),
});

export const snapshotCreatedSchema = z.object({
  id: z.string(),
  url: z.string(),
  imageUrl: z.string(),
  /** The right to revoke it; told once, here. */
  revokeToken: z.string(),
  takenAt: z.string(),
  expiresAt: z.string(),
});

/** What the snapshot says in words: kept, so that it reads the same when checks have changed since. */
export const verdictSchema = z.object({
  status: statusSchema,
  /** The symptom. */
  title: z.string(),
  /** What is so and why. */
  sentence: z.string(),
  /** Other problems of the view. */
  others: z.array(z.string()),
});

const documentFields = {
  schema: z.literal(DOCUMENT_SCHEMA),
  takenAt: time,
  createdAt: time,
  expiresAt: time,
  note: z.string(),
  /** Canonical query string. */
  view: z.string(),
  trace: z.null(),
  public: z.boolean(),
  redacted: z.boolean(),
  /** Why it may not be what was seen then (a time without records); empty where it is. */
  caveat: z.string(),
  verdict: verdictSchema,
  /** What its author could see, where that was not everything; left out where names are redacted. */
  namespaces: z.array(z.string()).optional(),
  topology: topologySchema,
};

/** What is stored, and what an exported file holds: without the id, which is the right to see it. */
export const snapshotDocumentSchema = z.object(documentFields);

/** Answer of `GET /api/v1/snapshots/{id}`. */
export const snapshotSchema = z.object({ id: z.string(), ...documentFields });

export type CreateSnapshot = DeepReadonly<z.infer<typeof createSnapshotSchema>>;
export type SnapshotCreated = DeepReadonly<z.infer<typeof snapshotCreatedSchema>>;
export type Verdict = DeepReadonly<z.infer<typeof verdictSchema>>;
export type SnapshotDocument = DeepReadonly<z.infer<typeof snapshotDocumentSchema>>;
export type Snapshot = DeepReadonly<z.infer<typeof snapshotSchema>>;
