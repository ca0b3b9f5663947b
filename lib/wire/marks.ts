/** Marks: what people say of a finding, kept for everybody. `Expected until …`, and a note. */

import { noteSchema } from './note';
import type { DeepReadonly } from './readonly';
import { z } from './zod';

export const LONGEST_NOTE = 1000;
export const LONGEST_FINGERPRINT = 16_384;
/** An expectation that lasts longer is a decision, and belongs into the cluster. */
export const LONGEST_UNTIL_MS = 90 * 86_400_000;
/** Of a cluster. */
export const MOST_MARKS = 500;

export const markSchema = z.object({
  /** Id of the finding. */
  finding: z.string(),
  /** Expected until then, RFC 3339; null: only a note. */
  until: z.string().nullable(),
  note: z.string(),
  /** What the finding rested on when it was marked, as the page writes it: with another the mark does not hold. Empty: it always does. */
  fingerprint: z.string(),
  /** Who set it; empty where nobody is known. */
  by: z.string(),
  at: z.string(),
});

export const marksSchema = z.object({ marks: z.array(markSchema) });

/** What is sent to set one: at least one of the two says something. */
export const putMarkSchema = z.strictObject({
  until: z.iso.datetime({ offset: true, error: 'is no time like 2026-01-01T12:00:00Z' }).nullish(),
  note: noteSchema(LONGEST_NOTE).optional(),
  fingerprint: noteSchema(LONGEST_FINGERPRINT).optional(),
});

export type WireMark = DeepReadonly<z.infer<typeof markSchema>>;
