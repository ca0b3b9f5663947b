// OpenAPI, as much as `kubectl apply` and `kubectl explain` need: which kinds exist,
// that the server validates fields, and a CRD's own schemas.
import { isRecord, type JsonRecord } from './json';
import { addSchema } from './openapi-shapes';
import { messageName } from './protobuf/shape';
import type { Storage } from './storage';
import { groupVersion, type ResourceInfo } from './types';

const JSON_PATCH = [
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/apply-patch+yaml',
];
const META = 'meta.v1.ObjectMeta';

function root(info: { group: string; version: string }): string {
  return info.group === '' ? `api/${info.version}` : `apis/${info.group}/${info.version}`;
}

/** `/openapi/v3`. */
export function openApiIndex(storage: Storage): JsonRecord {
  const paths: JsonRecord = {};
  for (const info of storage.resources())
    paths[root(info)] = { serverRelativeURL: `/openapi/v3/${root(info)}` };
  return { paths };
}

function schemaName(info: ResourceInfo): string {
  return `kind.${info.group === '' ? 'core' : info.group}.${info.version}.${info.kind}`;
}

function parameter(name: string, where: 'path' | 'query'): JsonRecord {
  return {
    name,
    in: where,
    schema: { type: 'string', uniqueItems: true },
    ...(where === 'path' ? { required: true } : {}),
  };
}

function operations(info: ResourceInfo): JsonRecord {
  const extension = {
    'x-kubernetes-group-version-kind': { group: info.group, version: info.version, kind: info.kind },
  };
  const parameters = ['dryRun', 'fieldManager', 'fieldValidation', 'force'].map((name) =>
    parameter(name, 'query'),
  );
  const body = { content: { '*/*': { schema: { $ref: `#/components/schemas/${schemaName(info)}` } } } };
  const content = Object.fromEntries(JSON_PATCH.map((type) => [type, { schema: { type: 'object' } }]));
  const responses = { '200': { description: 'OK' } };
  return {
    get: { responses, 'x-kubernetes-action': 'get', ...extension },
    put: { parameters, requestBody: body, responses, 'x-kubernetes-action': 'put', ...extension },
    patch: { parameters, requestBody: { content }, responses, 'x-kubernetes-action': 'patch', ...extension },
  };
}

function schemaOf(info: ResourceInfo, schemas: JsonRecord): JsonRecord {
  const metadata = { allOf: [{ $ref: `#/components/schemas/${META}` }], default: {} };
  const identity = { apiVersion: { type: 'string' }, kind: { type: 'string' } };
  const known = addSchema(messageName(groupVersion(info), info.kind), schemas);
  const own = isRecord(info.schema?.properties) ? info.schema.properties : known;
  return {
    description: `${info.kind} of the sandbox, which knows the names and types of fields but does not describe them.`,
    ...(info.schema ?? {}),
    type: 'object',
    properties: { ...own, ...identity, metadata },
    'x-kubernetes-group-version-kind': [{ group: info.group, version: info.version, kind: info.kind }],
  };
}

/** `/openapi/v3/apis/GROUP/VERSION`. */
export function openApiDocument(storage: Storage, path: string): JsonRecord | undefined {
  const infos = storage.resources().filter((info) => root(info) === path);
  const [first] = infos;
  if (first === undefined) return undefined;
  const paths: JsonRecord = {};
  const schemas: JsonRecord = {};
  addSchema(META, schemas);
  for (const info of infos) {
    const scope = info.namespaced ? 'namespaces/{namespace}/' : '';
    const parameters = info.namespaced
      ? [parameter('namespace', 'path'), parameter('name', 'path')]
      : [parameter('name', 'path')];
    paths[`/${path}/${scope}${info.resource}/{name}`] = { parameters, ...operations(info) };
    schemas[schemaName(info)] = schemaOf(info, schemas);
  }
  return {
    openapi: '3.0.0',
    info: { title: `Ingress Atlas sandbox ${groupVersion(first)}`, version: 'sandbox' },
    paths,
    components: { schemas },
  };
}

/** `/openapi/v2` in JSON: valid and empty; clients then look at version 3 or do without. */
export function openApiV2(): JsonRecord {
  return {
    swagger: '2.0',
    info: { title: 'Ingress Atlas sandbox', version: 'sandbox' },
    paths: {},
    definitions: {},
  };
}

/** The same as protobuf, the only form older kubectl versions ask for. */
export function openApiV2Protobuf(): Buffer {
  const field = (number: number, bytes: Buffer): Buffer =>
    Buffer.concat([Buffer.from([(number << 3) | 2, bytes.length]), bytes]);
  const info = Buffer.concat([field(1, Buffer.from('sandbox')), field(2, Buffer.from('sandbox'))]);
  return Buffer.concat([
    field(1, Buffer.from('2.0')),
    field(2, info),
    field(8, Buffer.alloc(0)),
    field(9, Buffer.alloc(0)),
  ]);
}
