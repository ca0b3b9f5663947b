/** Zod schemas of the topology: the source of the OpenAPI document; a type test holds them equal to lib/topology/model. */
import { z } from './zod';

export const statusSchema = z.enum(['ok', 'warning', 'degraded', 'broken', 'unknown', 'pending']);

export const nodeKindSchema = z.enum([
  'host',
  'loadbalancer',
  'address',
  'controller',
  'rule',
  'service',
  'pod',
  'endpoint',
  'external',
  'secret',
  'class',
  'listener',
  'group',
]);

export const edgeKindSchema = z.enum([
  'resolves',
  'exposes',
  'serves',
  'routes',
  'backs',
  'terminates',
  'claims',
]);

export const basisSchema = z.enum(['declared', 'observed', 'probed', 'measured']);

export const severitySchema = z.enum(['broken', 'degraded', 'warning', 'info']);

export const impactSchema = z.enum(['traffic', 'risk']);

export const hopSchema = z.enum([
  'dns',
  'loadbalancer',
  'controller',
  'class',
  'rule',
  'tls',
  'service',
  'endpoints',
  'pod',
  'networkpolicy',
  'rbac',
  'security',
  'best-practice',
]);

export const refSchema = z.object({
  group: z.string(),
  version: z.string(),
  resource: z.string(),
  kind: z.string(),
  namespace: z.string(),
  name: z.string(),
  uid: z.string().optional(),
});

export const nodeSchema = z.object({
  id: z.string(),
  kind: nodeKindSchema,
  name: z.string(),
  namespace: z.string(),
  status: statusSchema,
  ref: refSchema.optional(),
  findings: z.array(z.string()),
  detail: z.record(z.string(), z.unknown()),
});

export const edgeSchema = z.object({
  id: z.string(),
  source: z.string(),
  target: z.string(),
  kind: edgeKindSchema,
  port: z.union([z.number(), z.string()]).optional(),
  status: statusSchema,
  basis: basisSchema,
  label: z.string(),
  findings: z.array(z.string()),
});

export const affectedSchema = z.object({
  host: z.string(),
  rule: z.string(),
  answer: z.number().int().nullable(),
});

export const evidenceSchema = z.object({
  ref: refSchema.nullable(),
  path: z.string(),
  value: z.string(),
  at: z.string().nullable(),
});

export const fixSchema = z.object({
  summary: z.string(),
  look: z.array(z.string()),
  change: z.array(z.string()),
  managedBy: z.string().nullable(),
});

export const findingSchema = z.object({
  id: z.string(),
  code: z.string(),
  severity: severitySchema,
  impact: impactSchema,
  state: z.enum(['open', 'unknown']),
  settled: z.boolean(),
  hop: hopSchema,
  cause: z.string().nullable(),
  affects: z.array(affectedSchema),
  subject: refSchema,
  related: z.array(refSchema),
  title: z.string(),
  detail: z.string(),
  evidence: z.array(evidenceSchema),
  fix: fixSchema,
  since: z.string().nullable(),
});

export const coverageSchema = z.object({
  resource: z.string(),
  state: z.enum(['watched', 'on-demand', 'forbidden', 'absent', 'failing']),
  reason: z.string(),
  fix: z.string(),
});

/** What a cluster is for. */
export const environmentSchema = z.enum(['production', 'staging', 'development', 'other']);

export const clusterSchema = z.object({
  id: z.string(),
  name: z.string(),
  connection: z.enum(['connecting', 'live', 'stale', 'unauthorized', 'unreachable']),
  since: z.string(),
  reason: z.string().optional(),
  environment: environmentSchema.optional(),
  /** Where the viewer may not see everything: how many namespaces he may see, and why no more (empty: the cluster's RBAC). */
  limited: z.object({ namespaces: z.number().int().nonnegative(), reason: z.string() }).optional(),
});

const count = z.number().int().nonnegative();

export const summarySchema = z.object({
  hosts: z.object({
    ok: count,
    warning: count,
    degraded: count,
    broken: count,
    unknown: count,
    pending: count,
  }),
  findings: z.object({ broken: count, degraded: count, warning: count, info: count }),
  outOfScope: z.object({ services: count, pods: count }),
});

/** Fields that every whole topology has. */
export const topologyFields = {
  epoch: z.string(),
  version: z.number().int().nonnegative(),
  takenAt: z.string(),
  cluster: clusterSchema,
  coverage: z.array(coverageSchema),
  nodes: z.array(nodeSchema),
  edges: z.array(edgeSchema),
  findings: z.array(findingSchema),
  summary: summarySchema,
};

export const topologySchema = z.object(topologyFields);
