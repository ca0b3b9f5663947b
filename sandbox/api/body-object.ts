// The object in a request's body, held against the request's path.
import type { ApiRequest } from './api-request';
import { isRecord, record, text } from './json';
import { badRequest } from './status';
import { groupVersion, type KubeMetadata, type KubeObject } from './types';

const LETTERS = 'bcdfghjklmnpqrstvwxz2456789';

/** The random end of a generated name. */
function suffix(): string {
  return Array.from({ length: 5 }, () => LETTERS[Math.floor(Math.random() * LETTERS.length)]).join('');
}

function metadataOf(value: unknown, request: ApiRequest): KubeMetadata {
  const given = record(value);
  const generate = text(given.generateName);
  const name =
    text(given.name) ||
    (generate === '' || request.name !== undefined ? (request.name ?? '') : generate + suffix());
  const metadata: KubeMetadata = { ...given, name };
  // `null` means "not given" to an API server; keeping it would leak odd shapes to every reader.
  for (const [key, entry] of Object.entries(metadata)) if (entry === null) delete metadata[key];
  if (metadata.labels !== undefined && !isRecord(metadata.labels))
    throw badRequest('metadata.labels is not a map');
  if (metadata.annotations !== undefined && !isRecord(metadata.annotations))
    throw badRequest('metadata.annotations is not a map');
  for (const key of ['finalizers', 'ownerReferences'] as const) {
    if (metadata[key] !== undefined && !Array.isArray(metadata[key]))
      throw badRequest(`metadata.${key} is not a list`);
  }
  return metadata;
}

/** The body as an object of the requested kind, name and namespace; throws a 400 where they disagree. */
export function bodyObject(value: unknown, request: ApiRequest): KubeObject {
  if (!isRecord(value)) throw badRequest('the body of the request is not an object');
  const { info } = request;
  const apiVersion = text(value.apiVersion, groupVersion(info)) || groupVersion(info);
  const kind = text(value.kind, info.kind) || info.kind;
  if (apiVersion !== groupVersion(info) || kind !== info.kind) {
    const [given, wanted] = [`${apiVersion}, Kind=${kind}`, `${groupVersion(info)}, Kind=${info.kind}`];
    throw badRequest(`the object provided is of the wrong kind: ${given} was given, ${wanted} was expected`);
  }
  const metadata = metadataOf(value.metadata, request);
  if (request.name !== undefined && metadata.name !== request.name) {
    throw badRequest(
      `the name of the object (${metadata.name}) does not match the name on the URL (${request.name})`,
    );
  }
  if (!info.namespaced) delete metadata.namespace;
  else if (request.namespace !== undefined) {
    const { namespace = request.namespace } = metadata;
    if (namespace !== request.namespace) {
      throw badRequest(
        `the namespace of the provided object does not match the namespace sent on the request`,
      );
    }
    metadata.namespace = namespace;
  }
  return { ...value, apiVersion, kind, metadata };
}
