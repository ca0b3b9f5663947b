// DELETE of one object and of a collection.
import type { IncomingMessage } from 'node:http';
import type { ApiRequest } from './api-request';
import type { Context } from './context';
import { deleteObject } from './deletion';
import { contentType, parseBody, readBody } from './http';
import { at, type JsonRecord, record } from './json';
import { selectionOf } from './selection';
import { conflict, notFound } from './status';
import type { KubeObject } from './types';

type Options = {
  grace: number | undefined;
  isOrphaning: boolean;
  isDryRun: boolean;
  uid: unknown;
  version: unknown;
};

async function optionsOf(request: ApiRequest, message: IncomingMessage): Promise<Options> {
  const bytes = await readBody(message);
  const body = record(bytes.length === 0 ? {} : parseBody(bytes, contentType(message)));
  const query = request.query.get('gracePeriodSeconds');
  const grace = body.gracePeriodSeconds ?? (query === null ? undefined : Number(query));
  const policy = body.propagationPolicy ?? request.query.get('propagationPolicy');
  const dryRun = Array.isArray(body.dryRun) ? body.dryRun : [request.query.get('dryRun')];
  return {
    grace: typeof grace === 'number' && Number.isFinite(grace) ? grace : undefined,
    isOrphaning: policy === 'Orphan' || body.orphanDependents === true,
    isDryRun: dryRun.includes('All'),
    uid: at(body, 'preconditions', 'uid'),
    version: at(body, 'preconditions', 'resourceVersion'),
  };
}

function checkPreconditions(request: ApiRequest, object: KubeObject, options: Options): void {
  const { uid, resourceVersion, name } = object.metadata;
  if (options.uid !== undefined && options.uid !== uid) {
    throw conflict(
      request.info,
      name,
      `Precondition failed: UID in precondition: ${String(options.uid)}, UID in object meta: ${uid ?? ''}`,
    );
  }
  if (options.version !== undefined && options.version !== resourceVersion)
    throw conflict(request.info, name);
}

function remove(context: Context, request: ApiRequest, object: KubeObject, options: Options): void {
  if (options.isDryRun) return;
  if (options.isOrphaning && object.metadata.uid !== undefined) context.orphan(object.metadata.uid);
  if (request.key === 'namespaces') context.deleteNamespace(object.metadata.name);
  else deleteObject(context.storage, request.key, object, context.hasGracefulPods, options.grace);
}

function success(details: JsonRecord): JsonRecord {
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details };
}

/** DELETE of one object: the object where it stays for a while, else a success. */
export async function deleteOne(
  context: Context,
  request: ApiRequest,
  message: IncomingMessage,
): Promise<JsonRecord> {
  const options = await optionsOf(request, message);
  const { info, key, namespace, name = '' } = request;
  const object = context.storage.get(key, namespace, name);
  if (object === undefined) throw notFound(info, name);
  checkPreconditions(request, object, options);
  remove(context, request, object, options);
  const left = options.isDryRun ? undefined : context.storage.get(key, namespace, name);
  if (left !== undefined) return left;
  const group = info.group === '' ? {} : { group: info.group };
  return success({ name, ...group, kind: info.resource, uid: object.metadata.uid });
}

/** DELETE of everything that the selectors choose. */
export async function deleteCollection(
  context: Context,
  request: ApiRequest,
  message: IncomingMessage,
): Promise<JsonRecord> {
  const options = await optionsOf(request, message);
  const selection = selectionOf(request);
  for (const { object } of context.storage.snapshot(request.key, selection.namespace)) {
    if (selection.matches(object)) remove(context, request, object, options);
  }
  return success({ kind: request.info.resource });
}
