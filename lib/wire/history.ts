/** Schemas of history: what happened in a range of time, and how the recorder stands. */

import { changeEventSchema } from './diff';
import type { DeepReadonly } from './readonly';
import { findingSchema } from './topology';
import { z } from './zod';

/** A time of which nothing is known. */
export const gapSchema = z.object({ from: z.string(), to: z.string(), reason: z.string() });

/** What is kept of a finding; `hosts` and `rules` are ids of what it harms, the first few. */
export const findingWordSchema = findingSchema
  .pick({
    id: true,
    code: true,
    severity: true,
    impact: true,
    state: true,
    hop: true,
    title: true,
    cause: true,
    since: true,
  })
  .extend({ namespace: z.string(), hosts: z.array(z.string()), rules: z.array(z.string()) });

export const historyEventSchema = z.object({
  id: z.number().int(),
  at: z.string(),
  type: z.enum([
    'finding-opened',
    'finding-closed',
    'finding-changed',
    'change',
    'connection',
    'recorder-started',
    'recorder-stopped',
    'clock-set-back',
  ]),
  /** null where it is about no finding. */
  finding: findingWordSchema.nullable(),
  /** Of a finding that has changed: what it was. */
  was: findingSchema.pick({ severity: true, state: true }).optional(),
  /** Of `change`: what people or controllers have changed. */
  change: changeEventSchema.optional(),
  /** In words, where it is about no finding. */
  detail: z.string(),
});

/** A finding from when it was seen to open until it closed. */
export const spanSchema = z.object({
  opened: z.string(),
  /** null: it is open. */
  closed: z.string().nullable(),
  finding: findingWordSchema,
});

export const historySchema = z.object({
  from: z.string(),
  to: z.string(),
  /** First and last moment that can be shown; null before anything is recorded. */
  oldest: z.string().nullable(),
  newest: z.string().nullable(),
  /** In the order in which they happened. */
  events: z.array(historyEventSchema),
  gaps: z.array(gapSchema),
  /** Findings that were open at some time of the range. */
  spans: z.array(spanSchema),
  /** Whether there was more than `limit` of events or spans: the last ones are told. */
  cut: z.boolean(),
});

/** How the recorder stands. */
export const recorderSchema = z.object({
  state: z.enum(['off', 'starting', 'recording', 'following', 'behind', 'down']),
  reason: z.string(),
  since: z.string(),
  oldest: z.string().nullable(),
  newest: z.string().nullable(),
  bytes: z.number().nonnegative(),
});

/** What a topology of the past says of itself. */
export const recordedSchema = z.object({
  /** The time that was asked for. */
  at: z.string(),
  /** Whether it is known to be what was seen then. */
  exact: z.boolean(),
  /** The time without records that `at` lies in: then it is the last topology from before. */
  gap: gapSchema.nullable(),
});

export type WireHistory = DeepReadonly<z.infer<typeof historySchema>>;
export type WireRecorder = DeepReadonly<z.infer<typeof recorderSchema>>;
export type WireRecorded = DeepReadonly<z.infer<typeof recordedSchema>>;
