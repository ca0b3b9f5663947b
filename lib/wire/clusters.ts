/** Schema of the list of clusters: what a switcher shows, and which hosts one has in common with others. */
import { z } from 'zod';
import type { DeepReadonly } from './readonly';
import { clusterSchema, environmentSchema, statusSchema } from './topology';

const count = z.number().int().nonnegative();

/** A host that both this cluster and the one that is asked for have. */
export const sharedHostSchema = z.object({ id: z.string(), name: z.string(), status: statusSchema });

export const clusterEntrySchema = clusterSchema.extend({
  environment: environmentSchema,
  /** Whether it has been read: before, nothing is known of it. */
  synced: z.boolean(),
  /** Hosts by how they are; null: not known yet. */
  broken: count.nullable(),
  degraded: count.nullable(),
  /** In common with the cluster that was asked for, `*` left out; null: not known now. Empty for that cluster itself. */
  hosts: z.array(sharedHostSchema).nullable(),
});

/** Answer of `GET /api/v1/clusters`; the first one is shown where none is named. */
export const clustersSchema = z.object({ clusters: z.array(clusterEntrySchema) });

export type ClusterEntry = DeepReadonly<z.infer<typeof clusterEntrySchema>>;
export type Clusters = DeepReadonly<z.infer<typeof clustersSchema>>;
