// Create, update and patch of objects and their status.
import type { IncomingMessage } from 'node:http';
import type { ApiRequest } from './api-request';
import { bodyObject } from './body-object';
import type { Context } from './context';
import { contentType, parseBody, readBody } from './http';
import { isRecord, type JsonRecord } from './json';
import { jsonPatch, mergePatch } from './json-patch';
import { checkUnknown } from './shape-check';
import { badRequest, invalid, notFound, unsupportedMediaType } from './status';
import { strategicMerge } from './strategic-merge';
import { groupVersion, type KubeObject } from './types';

export type Written = { object: KubeObject; isCreated: boolean };

/** Who writes: the query says, else the client's name. */
export function managerOf(request: ApiRequest, message: IncomingMessage): string {
  const agent = (message.headers['user-agent'] ?? '').split('/', 1)[0]?.trim();
  return request.query.get('fieldManager') || agent || 'unknown';
}

function isDryRun(request: ApiRequest): boolean {
  return request.query.get('dryRun') === 'All';
}

/** The object, unless it has fields that the client wants to be told of. */
function readable(context: Context, request: ApiRequest, object: KubeObject): KubeObject {
  if (!context.isRaw && request.info.custom !== true) checkUnknown(request, object);
  return object;
}

/** POST. */
export async function create(
  context: Context,
  request: ApiRequest,
  message: IncomingMessage,
): Promise<Written> {
  const body = parseBody(await readBody(message), contentType(message));
  const object = readable(context, request, bodyObject(body, request));
  return { object: insert(context, request, object, managerOf(request, message)), isCreated: true };
}

function insert(
  context: Context,
  request: ApiRequest,
  object: KubeObject,
  manager: string,
  operation?: 'Apply',
): KubeObject {
  // The status of a new object is the controllers' business.
  const { status: _status, ...bare } = object;
  const isBare = request.info.subresources.status === true && !context.isRaw;
  const admitted = context.admission.admit(request.info, isBare ? bare : object);
  const raw = context.isRaw ? { raw: true } : {};
  const applied = operation === undefined ? {} : { operation };
  return context.storage.create(request.key, admitted, {
    manager,
    dryRun: isDryRun(request),
    ...applied,
    ...raw,
  });
}

function current(context: Context, request: ApiRequest): KubeObject | undefined {
  const found = context.storage.get(request.key, request.namespace, request.name ?? '');
  if (found === undefined) return undefined;
  const apiVersion = groupVersion(request.info);
  return found.apiVersion === apiVersion ? found : { ...found, apiVersion };
}

function replace(
  context: Context,
  request: ApiRequest,
  old: KubeObject,
  next: KubeObject,
  manager: string,
  operation?: 'Apply',
): KubeObject {
  const { info, key } = request;
  const options = { manager, dryRun: isDryRun(request), ...(operation === undefined ? {} : { operation }) };
  if (request.subresource === 'status')
    return context.storage.update(key, next, { ...options, status: true });
  const hasStatus = info.subresources.status === true && !context.isRaw;
  const kept: KubeObject = hasStatus ? { ...next, status: old.status } : next;
  if (hasStatus && old.status === undefined) delete kept.status;
  return context.storage.update(key, context.admission.admit(info, kept, old), options);
}

/** PUT. */
export async function update(
  context: Context,
  request: ApiRequest,
  message: IncomingMessage,
): Promise<Written> {
  const body = parseBody(await readBody(message), contentType(message));
  const object = readable(context, request, bodyObject(body, request));
  const old = current(context, request);
  if (old === undefined) throw notFound(request.info, request.name ?? '');
  return { object: replace(context, request, old, object, managerOf(request, message)), isCreated: false };
}

function patched(request: ApiRequest, type: string, old: KubeObject, body: unknown): unknown {
  if (type === 'application/json-patch+json') return jsonPatch(old, body);
  if (type === 'application/merge-patch+json') return mergePatch(old, body);
  if (type !== 'application/strategic-merge-patch+json' || request.info.custom === true)
    throw unsupportedMediaType(type);
  if (!isRecord(body)) throw badRequest('a patch is an object');
  return strategicMerge(old, body);
}

/** PATCH in all four forms. */
export async function patch(
  context: Context,
  request: ApiRequest,
  message: IncomingMessage,
): Promise<Written> {
  const type = contentType(message);
  const body = parseBody(await readBody(message), type);
  const manager = managerOf(request, message);
  const old = current(context, request);
  if (type.startsWith('application/apply-patch+')) return apply(context, request, old, body, manager);
  if (old === undefined) throw notFound(request.info, request.name ?? '');
  const next = readable(context, request, bodyObject(patched(request, type, old, body), request));
  // A patch without a version is meant for whatever is there; the old one came from the merge.
  return { object: replace(context, request, old, next, manager), isCreated: false };
}

function apply(
  context: Context,
  request: ApiRequest,
  old: KubeObject | undefined,
  body: unknown,
  manager: string,
): Written {
  if (!isRecord(body)) throw badRequest('an applied configuration is an object');
  if (!request.query.get('fieldManager')) {
    const cause = {
      reason: 'FieldValueRequired',
      message: 'Required value: is required for apply patch',
      field: 'fieldManager',
    };
    throw invalid({ group: 'meta.k8s.io', resource: 'patchoptions', kind: 'PatchOptions' }, '', [cause]);
  }
  const configuration: JsonRecord = readable(context, request, bodyObject(body, request));
  const object =
    old === undefined
      ? appliedNew(context, request, configuration, manager)
      : appliedOver(context, request, old, configuration, manager);
  if (!isDryRun(request)) context.applied.remember(configuration, object.metadata.uid ?? '', manager);
  return { object, isCreated: old === undefined };
}

function appliedNew(
  context: Context,
  request: ApiRequest,
  configuration: JsonRecord,
  manager: string,
): KubeObject {
  return insert(context, request, bodyObject(configuration, request), manager, 'Apply');
}

function appliedOver(
  context: Context,
  request: ApiRequest,
  old: KubeObject,
  configuration: JsonRecord,
  manager: string,
): KubeObject {
  const isCustom = request.info.custom === true;
  const merged = context.applied.apply(old, configuration, old.metadata.uid ?? '', manager, isCustom);
  return replace(context, request, old, bodyObject(merged, request), manager, 'Apply');
}
