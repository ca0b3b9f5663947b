// Requests about resources: permission first, then the verb.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { formatOf } from './accept';
import type { ApiRequest } from './api-request';
import type { User } from './auth';
import type { Context } from './context';
import { deleteCollection, deleteOne } from './delete-request';
import { readObject, sendBytes, sendJson } from './http';
import { currentSource, type Source, sendList } from './list';
import { sendLog } from './pod-log';
import { includeOf, type Presentation, present } from './present';
import { type Attributes, refusal } from './rbac';
import { review } from './reviews';
import { Revision } from './revision';
import { scale } from './scale';
import { forbidden, methodNotAllowed, noSuchPath, notFound } from './status';
import { createIn } from './subresources';
import { groupVersion, type KubeObject } from './types';
import { create, patch, update, type Written } from './writes';

/** What the authorizer is asked about a request. */
export function attributesOf(request: ApiRequest): Attributes {
  const { verb, info, namespace, name, subresource, key } = request;
  const attributes: Attributes = { verb, group: info.group, resource: info.resource };
  // A namespace is its own scope, as in a real cluster.
  const scope = key === 'namespaces' ? name : namespace;
  if (scope !== undefined) attributes.namespace = scope;
  if (subresource !== undefined) attributes.subresource = subresource;
  const selected = /^metadata\.name==?([^,]+)$/.exec(request.query.get('fieldSelector') ?? '')?.[1];
  const named =
    name ?? (verb === 'list' || verb === 'watch' || verb === 'deletecollection' ? selected : undefined);
  if (named !== undefined) attributes.name = named;
  return attributes;
}

/** Throws a 403 when the user may not. */
export function authorize(context: Context, request: ApiRequest, user: User): void {
  const attributes = attributesOf(request);
  if (request.info.group === 'authorization.k8s.io' && request.info.kind.startsWith('Self')) return;
  if (request.info.kind === 'SelfSubjectReview') return;
  if (context.authorizer.isAllowed(user, attributes)) return;
  const { info, name } = request;
  const details = {
    ...(name === undefined ? {} : { name }),
    ...(info.group === '' ? {} : { group: info.group }),
    kind: info.resource,
  };
  throw forbidden(refusal(user, attributes), details);
}

function sendObject(
  response: ServerResponse,
  code: number,
  object: KubeObject,
  presentation: Presentation,
): void {
  sendBytes(response, code, present(new Revision(object, 0), presentation));
}

function sendOne(
  response: ServerResponse,
  request: ApiRequest,
  presentation: Presentation,
  source: Source,
  context: Context,
): void {
  const { key, namespace, name = '', info } = request;
  const isCurrent = source.version === String(context.storage.resourceVersion);
  const revision = isCurrent
    ? context.storage.revision(key, namespace, name)
    : source.snapshot(key, namespace).find(({ object }) => object.metadata.name === name);
  if (revision === undefined) throw notFound(info, name);
  sendBytes(response, 200, present(revision, presentation));
}

async function subresource(
  context: Context,
  request: ApiRequest,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  const { subresources } = request.info;
  switch (request.subresource) {
    case 'scale':
      if (subresources.scale !== true) throw noSuchPath();
      sendJson(response, 200, await scale(context, request, message));
      return true;
    case 'log':
      if (subresources.log !== true || request.verb !== 'get') throw noSuchPath();
      await sendLog(context, request, response);
      return true;
    case 'status':
      if (subresources.status !== true) throw noSuchPath();
      return false;
    case undefined:
      return false;
    default:
      sendJson(response, 201, await createIn(context, request, message));
      return true;
  }
}

function presentationOf(context: Context, request: ApiRequest, message: IncomingMessage): Presentation {
  const format = formatOf(message.headers.accept);
  return { format, info: request.info, include: includeOf(request.query), now: context.now() };
}

/** Answers one request about a resource. */
export async function handleResource(
  context: Context,
  request: ApiRequest,
  user: User,
  message: IncomingMessage,
  response: ServerResponse,
  source?: Source,
): Promise<void> {
  authorize(context, request, user);
  if (request.info.verbs !== undefined && !request.info.verbs.includes(request.verb))
    throw methodNotAllowed();
  if (request.verb === 'create' && request.info.verbs?.length === 1) {
    const object = await readObject(message);
    const kinded = { kind: request.info.kind, apiVersion: groupVersion(request.info), ...object };
    return sendJson(response, 201, review(kinded, user, context.authorizer, context.authenticator));
  }
  if (await subresource(context, request, message, response)) return;
  const presentation = presentationOf(context, request, message);
  const written = ({ object, isCreated }: Written): void =>
    sendObject(response, isCreated ? 201 : 200, object, presentation);
  switch (request.verb) {
    case 'get':
      return sendOne(response, request, presentation, source ?? currentSource(context.storage), context);
    case 'list':
      return sendList(
        response,
        request,
        presentation,
        source ?? currentSource(context.storage),
        context.tokens,
      );
    case 'watch':
      context.hub.open(response, request, presentation);
      return;
    case 'create':
      if (request.name !== undefined) throw methodNotAllowed();
      return written(await create(context, request, message));
    case 'update':
      return written(await update(context, request, message));
    case 'patch':
      return written(await patch(context, request, message));
    case 'delete':
      return sendJson(response, 200, await deleteOne(context, request, message));
    case 'deletecollection':
      return sendJson(response, 200, await deleteCollection(context, request, message));
  }
}
