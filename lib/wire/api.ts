/** Schemas of the answers beside the topology: findings, checklist, objects, errors, health. */

import { recorderSchema } from './history';
import type { DeepReadonly } from './readonly';
import { clusterSchema, evidenceSchema, findingSchema } from './topology';
import { z } from './zod';

export const findingsSchema = z.object({
  epoch: z.string(),
  version: z.number().int().nonnegative(),
  takenAt: z.string(),
  findings: z.array(findingSchema),
});

/** Ids of the questions in TRUTH.md's order. */
export const QUESTION_IDS = [
  'controller-installed',
  'controller-running',
  'controller-exposed',
  'dns',
  'rule-exists',
  'class',
  'service-port',
  'endpoints',
  'tls',
  'network-policy',
  'controller-logs',
] as const;

export const questionSchema = z.object({
  id: z.enum(QUESTION_IDS),
  question: z.string(),
  verdict: z.enum(['pass', 'fail', 'unknown']),
  detail: z.string(),
  evidence: z.array(evidenceSchema),
  /** RFC 3339; null: nothing was looked at. */
  checkedAt: z.string().nullable(),
  /** Ids of the findings that say no. */
  findings: z.array(z.string()),
});

export const checklistSchema = z.object({
  host: z.string(),
  path: z.string(),
  questions: z.array(questionSchema).length(QUESTION_IDS.length),
});

export type Question = DeepReadonly<z.infer<typeof questionSchema>>;
export type Checklist = DeepReadonly<z.infer<typeof checklistSchema>>;

/** An object as the API server has it, less what must not leave. */
export const objectSchema = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string() }),
});

/** What is wrong with one parameter. */
export const parameterProblemSchema = z.object({
  parameter: z.string(),
  value: z.string(),
  problem: z.string(),
  allowed: z.array(z.string()).optional(),
});

/** RFC 9457. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
  instance: z.string().optional(),
  /** As in the answer's X-Request-Id and in the dashboard's log. */
  requestId: z.string().optional(),
  errors: z.array(parameterProblemSchema).optional(),
});

export type ParameterProblem = DeepReadonly<z.infer<typeof parameterProblemSchema>>;
export type Problem = DeepReadonly<z.infer<typeof problemSchema>>;

export const healthSchema = z.object({ status: z.literal('ok') });

/** The sync state is information: a dashboard that cannot reach its cluster is still ready to say so. */
export const readinessSchema = z.object({
  status: z.enum(['ready', 'starting']),
  cluster: clusterSchema.nullable(),
  /** Whether a first topology has been published. */
  synced: z.boolean(),
  /** Whether history is kept, and how far back; a dashboard without it is ready all the same. */
  recorder: recorderSchema.nullable(),
});
