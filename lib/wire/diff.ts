/** Schemas of what changed: between two topologies, and as marks of the timeline. */

import type { DeepReadonly } from './readonly';
import { edgeSchema, findingSchema, nodeSchema } from './topology';
import { z } from './zod';

/** null: it was not there. Lists are joined by commas. */
const valueSchema = z.union([z.string(), z.number(), z.boolean(), z.null()]);

export const fieldChangeSchema = z.object({ path: z.string(), before: valueSchema, after: valueSchema });

/** Who edited an object in between, as its managedFields tell. `object`: `KIND NAMESPACE/NAME`. */
export const whoSchema = z.object({ manager: z.string(), at: z.string(), object: z.string() });

const itemFields = {
  change: z.enum(['added', 'removed', 'changed']),
  /** Of what was removed its id before, of all else its id after. */
  id: z.string(),
  /** The id before where the same thing stands under another id after; else null. */
  was: z.string().nullable(),
  fields: z.array(fieldChangeSchema),
};

export const nodeChangeSchema = z.object({ ...itemFields, node: nodeSchema, who: whoSchema.nullable() });
export const edgeChangeSchema = z.object({ ...itemFields, edge: edgeSchema });
export const findingChangeSchema = z.object({ ...itemFields, finding: findingSchema });

const count = z.number().int().nonnegative();
export const countSchema = z.object({ added: count, removed: count, changed: count });

/** One end of a comparison. */
export const diffEndSchema = z.object({
  kind: z.enum(['snapshot', 'time', 'now']),
  /** The snapshot's id; else null. */
  id: z.string().nullable(),
  /** When what is compared was seen. */
  takenAt: z.string(),
  /** The time that was asked for; null for snapshots and now. */
  at: z.string().nullable(),
  /** Whether it is known to be what was seen then. */
  exact: z.boolean(),
  /** What to know of it (a gap in the records, a view that shows a part only); empty where there is nothing. */
  note: z.string(),
});

/** The comparison itself. */
export const topologyDiffFields = {
  /** Each list worst first. */
  nodes: z.array(nodeChangeSchema),
  edges: z.array(edgeChangeSchema),
  findings: z.array(findingChangeSchema),
  /** Of everything, also of what is left out of the lists. */
  summary: z.object({ nodes: countSchema, edges: countSchema, findings: countSchema }),
  /** Whether more differs than the lists tell. */
  cut: z.boolean(),
  /** What stands on one side only and may be folded away on the other: nothing is said of it. */
  folded: count,
};

export const diffSchema = z.object({
  from: diffEndSchema,
  to: diffEndSchema,
  /** The node whose chains are compared; null: all. */
  focus: z.string().nullable(),
  ...topologyDiffFields,
});

/** Something that was changed: `deploy` what runs, `replicas` how many, `configuration` all else that people set. */
export const changeEventSchema = z.object({
  kind: z.enum(['deploy', 'replicas', 'configuration']),
  /** `KIND NAMESPACE/NAME` */
  object: z.string(),
  /** In one line: `image app: shop/watch:1.2 → shop/watch:1.3`. */
  title: z.string(),
  fields: z.array(fieldChangeSchema),
  who: whoSchema.nullable(),
  /** Ids of the nodes at which it is seen, the first few. */
  nodes: z.array(z.string()),
});

export type WireDiff = DeepReadonly<z.infer<typeof diffSchema>>;
export type WireDiffEnd = DeepReadonly<z.infer<typeof diffEndSchema>>;
export type WireNodeChange = DeepReadonly<z.infer<typeof nodeChangeSchema>>;
export type WireFieldChange = DeepReadonly<z.infer<typeof fieldChangeSchema>>;
export type WireChangeEvent = DeepReadonly<z.infer<typeof changeEventSchema>>;
