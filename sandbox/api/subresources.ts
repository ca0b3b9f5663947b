// Subresources that are only created: tokens of service accounts, evictions.
import type { IncomingMessage } from 'node:http';
import type { ApiRequest } from './api-request';
import type { Context } from './context';
import { deleteObject } from './deletion';
import { readObject } from './http';
import { at, type JsonRecord, number } from './json';
import { noSuchPath, notFound } from './status';

function token(context: Context, request: ApiRequest, body: JsonRecord): JsonRecord {
  const { namespace = 'default', name = '' } = request;
  const seconds = number(at(body, 'spec', 'expirationSeconds'), 3600);
  const status = {
    token: context.authenticator.issue(namespace, name),
    expirationTimestamp: new Date(context.now() + seconds * 1000).toISOString(),
  };
  return {
    ...body,
    kind: 'TokenRequest',
    apiVersion: 'authentication.k8s.io/v1',
    metadata: { name, namespace },
    status,
  };
}

/** POST to a subresource. */
export async function createIn(
  context: Context,
  request: ApiRequest,
  message: IncomingMessage,
): Promise<JsonRecord> {
  const { info, key, namespace, name = '', subresource, verb } = request;
  if (verb !== 'create') throw noSuchPath();
  const object = context.storage.get(key, namespace, name);
  if (object === undefined) throw notFound(info, name);
  const body = await readObject(message);
  if (key === 'serviceaccounts' && subresource === 'token') return token(context, request, body);
  if (key === 'pods' && subresource === 'eviction') {
    deleteObject(context.storage, key, object, context.hasGracefulPods);
    return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 };
  }
  throw noSuchPath();
}
