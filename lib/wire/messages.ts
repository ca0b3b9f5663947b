/** Messages of `/api/v1/stream`: their schemas, types, and the light check that a client makes of what arrives. */

import type { DeepReadonly } from './readonly';
import {
  clusterSchema,
  coverageSchema,
  edgeSchema,
  findingSchema,
  nodeSchema,
  summarySchema,
  topologyFields,
} from './topology';
import { z } from './zod';

function patchOf<T extends z.ZodType>(item: T) {
  return z.object({ upsert: z.array(item), remove: z.array(z.string()) });
}

export const snapshotSchema = z.object({ view: z.string(), ...topologyFields });

export const deltaSchema = z.object({
  view: z.string(),
  epoch: z.string(),
  /** The version that it applies to. */
  from: z.number().int().nonnegative(),
  version: z.number().int().nonnegative(),
  takenAt: z.string(),
  nodes: patchOf(nodeSchema),
  edges: patchOf(edgeSchema),
  findings: patchOf(findingSchema),
  summary: summarySchema,
  coverage: z.array(coverageSchema).optional(),
  cluster: clusterSchema.optional(),
});

export const connectionSchema = z.object({ epoch: z.string(), cluster: clusterSchema });

export const pingSchema = z.object({ at: z.string() });

export const byeSchema = z.object({ reason: z.string() });

export type Snapshot = DeepReadonly<z.infer<typeof snapshotSchema>>;
export type Delta = DeepReadonly<z.infer<typeof deltaSchema>>;
export type ConnectionMessage = DeepReadonly<z.infer<typeof connectionSchema>>;

/** Everything that a client can receive; `type` is the event's name. */
export type StreamMessage =
  | { readonly type: 'snapshot'; readonly data: Snapshot }
  | { readonly type: 'delta'; readonly data: Delta }
  | { readonly type: 'connection'; readonly data: ConnectionMessage }
  | { readonly type: 'ping'; readonly data: DeepReadonly<z.infer<typeof pingSchema>> }
  | { readonly type: 'bye'; readonly data: DeepReadonly<z.infer<typeof byeSchema>> };

export type StreamEventName = StreamMessage['type'];

export const STREAM_EVENTS: readonly StreamEventName[] = ['snapshot', 'delta', 'connection', 'ping', 'bye'];

const items = z.array(z.object({ id: z.string() }).loose());
const ids = z.object({ upsert: items, remove: z.array(z.string()) }).loose();
const versioned = { view: z.string(), epoch: z.string(), version: z.number() };

/** Envelopes: items are checked for their ids only, so that newer fields and kinds pass and large snapshots stay cheap. */
const ENVELOPES: Readonly<Record<StreamEventName, z.ZodType>> = {
  snapshot: z.looseObject({ ...versioned, nodes: items, edges: items, findings: items }),
  delta: z.looseObject({ ...versioned, from: z.number(), nodes: ids, edges: ids, findings: ids }),
  connection: z.looseObject({ cluster: clusterSchema.loose() }),
  ping: z.looseObject({}),
  bye: z.looseObject({}),
};

/** Reads one event's data; null when it is not what the contract says (a proxy's page, a cut frame). */
export function readMessage(type: StreamEventName, text: string): StreamMessage | null {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    return null;
  }
  return ENVELOPES[type].safeParse(data).success ? trusted(type, data) : null;
}

/** The one cast: the envelope has been checked, and the items come from the server that these schemas hold to account. */
function trusted(type: StreamEventName, data: unknown): StreamMessage {
  return { type, data } as StreamMessage;
}
