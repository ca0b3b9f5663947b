import 'server-only';
import { z } from 'zod';
import {
  checklistSchema,
  findingsSchema,
  healthSchema,
  objectSchema,
  problemSchema,
  readinessSchema,
} from '@/lib/wire/api';
import { clustersSchema } from '@/lib/wire/clusters';
import { diffSchema } from '@/lib/wire/diff';
import { historySchema, recordedSchema } from '@/lib/wire/history';
import { markSchema, marksSchema, putMarkSchema } from '@/lib/wire/marks';
import {
  byeSchema,
  connectionSchema,
  deltaSchema,
  pingSchema,
  snapshotSchema as snapshotMessageSchema,
} from '@/lib/wire/messages';
import {
  createSnapshotSchema,
  snapshotCreatedSchema,
  snapshotDocumentSchema,
  snapshotSchema,
} from '@/lib/wire/snapshot';
import {
  edgeSchema,
  findingSchema,
  impactSchema,
  nodeSchema,
  severitySchema,
  statusSchema,
  topologySchema,
} from '@/lib/wire/topology';
import packageJson from '@/package.json' with { type: 'json' };
import { MOST_EVENTS } from './history';
import { changePaths } from './openapi-changes';
import { ANY_SECURITY, SIGN_IN_SECURITY } from './openapi-security';
import { SNAPSHOT_SECURITY, snapshotPaths } from './openapi-snapshots';
import { json } from './problem';

const SCHEMAS = {
  Topology: topologySchema.extend({ recorded: recordedSchema.optional() }),
  History: historySchema,
  Clusters: clustersSchema,
  Diff: diffSchema,
  Mark: markSchema,
  Marks: marksSchema,
  PutMark: putMarkSchema,
  Node: nodeSchema,
  Edge: edgeSchema,
  Finding: findingSchema,
  Findings: findingsSchema,
  Checklist: checklistSchema,
  KubernetesObject: objectSchema,
  Problem: problemSchema,
  Health: healthSchema,
  Readiness: readinessSchema,
  CreateSnapshot: createSnapshotSchema,
  SnapshotCreated: snapshotCreatedSchema,
  Snapshot: snapshotSchema,
  SnapshotDocument: snapshotDocumentSchema,
  SnapshotMessage: snapshotMessageSchema,
  DeltaMessage: deltaSchema,
  ConnectionMessage: connectionSchema,
  PingMessage: pingSchema,
  ByeMessage: byeSchema,
} as const;

type SchemaName = keyof typeof SCHEMAS;

/** What each path answers with a 200: the conformance test holds every handler to it. */
export const ANSWERS: Readonly<Record<string, SchemaName>> = {
  '/api/v1/topology': 'Topology',
  '/api/v1/findings': 'Findings',
  '/api/v1/history': 'History',
  '/api/v1/clusters': 'Clusters',
  '/api/v1/diff': 'Diff',
  '/api/v1/marks': 'Marks',
  '/api/v1/checklist': 'Checklist',
  '/api/v1/objects/{group}/{version}/{resource}/{namespace}/{name}': 'KubernetesObject',
  '/api/v1/snapshots/{id}': 'Snapshot',
  '/healthz': 'Health',
  '/readyz': 'Readiness',
};

/** The schema behind a name. */
export function schemaOf(name: SchemaName): z.ZodType {
  return SCHEMAS[name];
}

type Json = Readonly<Record<string, unknown>>;

const text = { type: 'string' };
const many = (items: Json) => ({ type: 'array', items });
const oneOf = (options: readonly string[]) => ({ type: 'string', enum: options });

function parameter(name: string, schema: Json, description: string, more: Json = {}): Json {
  return { name, in: 'query', description, schema, explode: true, ...more };
}

const CLUSTER = parameter('cluster', text, 'Id of the cluster; default: the first.');

const FILTERS: readonly Json[] = [
  parameter('namespace', many(text), 'Namespace of the rule or Service; repeat for several.'),
  parameter('host', many(text), 'Host name as in the rule; `*` for rules of every host.'),
  parameter('class', many(text), 'Name of the IngressClass.'),
  parameter('controller', many(text), 'Id, name or type of the controller.'),
  parameter('service', many(text), 'Service on the chain: NAME or NAMESPACE/NAME.'),
  parameter('status', many(oneOf(statusSchema.options)), 'Status of the rule or exposed Service.'),
  parameter('q', text, 'Words to find in names, ids, hosts, paths and addresses of the chain.'),
  parameter('focus', text, 'Node id: only the chains through it.'),
  parameter('expand', many(text), 'Ids of groups to unfold.'),
  parameter(
    'budget',
    { type: 'integer', minimum: 1 },
    'Most nodes wanted; the rest comes folded into groups.',
  ),
  parameter('scope', oneOf(['entry', 'all']), 'all: also what no entry reaches.'),
  CLUSTER,
];

const TIME = { type: 'string', format: 'date-time' };

const AT: readonly Json[] = [
  parameter(
    'at',
    TIME,
    'The topology as it was then (RFC 3339), with `recorded` beside it; 404 where nothing is kept.',
  ),
];

const HISTORY: readonly Json[] = [
  parameter('from', TIME, 'RFC 3339; default: a day before `to`.'),
  parameter('to', TIME, 'RFC 3339; default: now.'),
  parameter('limit', { type: 'integer', minimum: 1, maximum: MOST_EVENTS }, 'Most events and most spans.'),
  CLUSTER,
];

const VIEWS: readonly Json[] = [
  parameter(
    'view',
    many(text),
    'NAME:FILTERS with the filters URL-encoded; several views on one connection.',
  ),
  parameter('since', text, 'EPOCH.VERSION to resume from; the header Last-Event-ID does the same.'),
];

const FINDING_FILTERS: readonly Json[] = [
  parameter('severity', many(oneOf(severitySchema.options)), 'Repeat for several.'),
  parameter('impact', many(oneOf(impactSchema.options)), 'traffic or risk.'),
  parameter('code', many(text), 'Code of the check.'),
  parameter('namespace', many(text), 'Of the subject or of a rule that is harmed.'),
  parameter('host', many(text), 'A host that is harmed.'),
  CLUSTER,
];

const CHECKLIST: readonly Json[] = [
  parameter('host', text, 'Host name.', { required: true }),
  parameter('path', text, 'Path; default /.'),
  CLUSTER,
];

const GO: readonly Json[] = [
  parameter('host', text, 'Host name.'),
  parameter('url', text, 'URL that users call.'),
  parameter('ingress', text, 'NAMESPACE/NAME'),
  parameter('service', text, 'NAMESPACE/NAME'),
  parameter('pod', text, 'NAMESPACE/NAME'),
  parameter('cluster', text, 'Id of the cluster; default: the first that has it.'),
];

const OBJECT: readonly Json[] = ['group', 'version', 'resource', 'namespace', 'name'].map((name) => ({
  name,
  in: 'path',
  required: true,
  schema: text,
}));

const ref = (name: SchemaName): Json => ({ $ref: `#/components/schemas/${name}` });
const failure: Json = {
  description: 'Error',
  content: { 'application/problem+json': { schema: ref('Problem') } },
};

function answering(path: string, summary: string, parameters: readonly Json[] = [], more: Json = {}): Json {
  const name = ANSWERS[path];
  const content = name ? { content: { 'application/json': { schema: ref(name) } } } : {};
  const responses = { 200: { description: 'OK', ...content }, ...more, default: failure };
  return { get: { summary, parameters, responses } };
}

const OBJECT_PATH = '/api/v1/objects/{group}/{version}/{resource}/{namespace}/{name}';

function paths(): Json {
  const events = [
    'SnapshotMessage',
    'DeltaMessage',
    'ConnectionMessage',
    'PingMessage',
    'ByeMessage',
  ] as const;
  const stream = {
    200: {
      description: 'Events snapshot, delta, connection, ping and bye; the schema is of their data.',
      content: { 'text/event-stream': { schema: { anyOf: events.map(ref) } } },
    },
    503: { ...failure, description: 'Too many clients; see Retry-After.' },
  };
  const same = { 304: { description: 'Not modified' } };
  return {
    '/api/v1/topology': answering(
      '/api/v1/topology',
      'The topology now, or at a time',
      [...FILTERS, ...AT],
      same,
    ),
    '/api/v1/stream': answering('/api/v1/stream', 'Server-sent events', [...FILTERS, ...VIEWS], stream),
    '/api/v1/findings': answering('/api/v1/findings', 'Findings, worst first', FINDING_FILTERS),
    '/api/v1/history': answering('/api/v1/history', 'What happened in a range of time', HISTORY),
    '/api/v1/clusters': answering(
      '/api/v1/clusters',
      'All clusters, and the hosts that they have in common with one',
      [CLUSTER],
    ),
    '/api/v1/checklist': answering('/api/v1/checklist', 'The eleven questions of a host and path', CHECKLIST),
    [OBJECT_PATH]: answering(OBJECT_PATH, 'An object, fetched now', [...OBJECT, CLUSTER]),
    ...snapshotPaths(CLUSTER),
    ...changePaths(FILTERS, CLUSTER),
    '/go': {
      get: {
        summary: 'Redirect to the dashboard, focused',
        parameters: GO,
        responses: { 302: { description: 'There' }, default: failure },
      },
    },
    '/healthz': answering('/healthz', 'Alive'),
    '/readyz': answering('/readyz', 'Listening; the sync state is in the body'),
    '/metrics': answering('/metrics', 'Prometheus metrics'),
  };
}

/** The OpenAPI 3.1 document, made from the zod schemas. */
export function openApi(): Json {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(SCHEMAS)) registry.add(schema, { id });
  // As input: clients must take fields that they don't know, so no `additionalProperties: false`.
  const { schemas } = z.toJSONSchema(registry, { io: 'input', uri: (id) => `#/components/schemas/${id}` });
  const bare = Object.entries(schemas).map(([id, schema]) => {
    const fields = Object.entries(schema).filter(([key]) => key !== '$id' && key !== '$schema');
    return [id, Object.fromEntries(fields)];
  });
  return {
    openapi: '3.1.0',
    info: { title: 'Ingress Atlas', version: packageJson.version, description: packageJson.description },
    jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    paths: paths(),
    security: ANY_SECURITY,
    components: {
      schemas: Object.fromEntries(bare),
      securitySchemes: { ...SNAPSHOT_SECURITY, ...SIGN_IN_SECURITY },
    },
  };
}

/** `GET /api/v1/openapi.json` */
export function getOpenApi(): Response {
  return json(openApi());
}
