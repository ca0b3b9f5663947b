// The scale subresource.
import type { IncomingMessage } from 'node:http';
import type { ApiRequest } from './api-request';
import type { Context } from './context';
import { contentType, parseBody, readBody } from './http';
import { array, at, isRecord, type JsonRecord, number, record } from './json';
import { jsonPatch, mergePatch } from './json-patch';
import { badRequest, notFound } from './status';
import type { KubeObject, ResourceInfo } from './types';
import { managerOf } from './writes';

function selectorText(selector: unknown): string {
  if (typeof selector === 'string') return selector;
  const labels = isRecord(at(selector, 'matchLabels')) ? at(selector, 'matchLabels') : {};
  const terms = Object.entries(record(labels)).map(([key, value]) => `${key}=${String(value)}`);
  for (const expression of array(at(selector, 'matchExpressions'))) {
    const { key, operator, values } = record(expression);
    if (operator === 'Exists') terms.push(String(key));
    else if (operator === 'DoesNotExist') terms.push(`!${String(key)}`);
    else
      terms.push(
        `${String(key)} ${operator === 'In' ? 'in' : 'notin'} (${array(values).map(String).join(',')})`,
      );
  }
  return terms.join(',');
}

function paths(info: ResourceInfo): { spec: string[]; status: string[]; selector: string[] } {
  const split = (path: string | undefined, fallback: string): string[] =>
    (path || fallback).replace(/^\./, '').split('.');
  const { scalePaths } = info;
  return {
    spec: split(scalePaths?.spec, '.spec.replicas'),
    status: split(scalePaths?.status, '.status.replicas'),
    selector: split(scalePaths?.selector, '.spec.selector'),
  };
}

/** An object's scale. */
export function scaleOf(info: ResourceInfo, object: KubeObject): JsonRecord {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const { spec, status, selector } = paths(info);
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { replicas: number(at(object, ...spec)) },
    status: { replicas: number(at(object, ...status)), selector: selectorText(at(object, ...selector)) },
  };
}

function put(object: JsonRecord, path: readonly string[], value: unknown): JsonRecord {
  const [key = '', ...rest] = path;
  return { ...object, [key]: rest.length === 0 ? value : put(record(object[key]), rest, value) };
}

/** GET, PUT and PATCH of a scale. */
export async function scale(
  context: Context,
  request: ApiRequest,
  message: IncomingMessage,
): Promise<JsonRecord> {
  const { info, key, namespace, name = '' } = request;
  const object = context.storage.get(key, namespace, name);
  if (object === undefined) throw notFound(info, name);
  if (request.verb === 'get') return scaleOf(info, object);
  const type = contentType(message);
  const body = parseBody(await readBody(message), type);
  const before = scaleOf(info, object);
  const patched = type === 'application/json-patch+json' ? jsonPatch(before, body) : mergePatch(before, body);
  const wanted = request.verb === 'update' ? body : patched;
  const replicas = at(wanted, 'spec', 'replicas') ?? 0;
  if (typeof replicas !== 'number' || replicas < 0)
    throw badRequest('spec.replicas: must be greater than or equal to 0');
  const version = at(wanted, 'metadata', 'resourceVersion');
  const metadata = { ...object.metadata };
  if (typeof version === 'string' && version !== '') metadata.resourceVersion = version;
  const next = { ...put(object, paths(info).spec, replicas), metadata } as KubeObject;
  const options = { manager: managerOf(request, message), dryRun: request.query.get('dryRun') === 'All' };
  return scaleOf(info, context.storage.update(key, next, options));
}
