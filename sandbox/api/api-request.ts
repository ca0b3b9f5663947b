// What a request to a resource asks for, read from its method, path and query.
import { noSuchPath } from './status';
import type { Storage } from './storage';
import { type ResourceInfo, resourceKey } from './types';

export type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete' | 'deletecollection';

export type ApiRequest = {
  verb: Verb;
  path: string;
  query: URLSearchParams;
  info: ResourceInfo;
  /** The resource's name in the storage. */
  key: string;
  namespace: string | undefined;
  name: string | undefined;
  subresource: string | undefined;
};

/** The path alone, before anything is known about its resource. */
export type PathParts = {
  group: string;
  version: string;
  resource: string;
  namespace: string | undefined;
  name: string | undefined;
  subresource: string | undefined;
};

/** Reads `/api/v1/namespaces/a/pods/b/log` and the like; undefined for other paths. */
export function parsePath(path: string): PathParts | undefined {
  const parts = path
    .split('/')
    .filter((part) => part !== '')
    .map(decode);
  const root = parts.shift();
  if (root !== 'api' && root !== 'apis') return undefined;
  const group = root === 'api' ? '' : parts.shift();
  const version = parts.shift();
  if (group === undefined || version === undefined || parts.length === 0) return undefined;
  // `namespaces/a/pods` is about pods; `namespaces/a`, `namespaces/a/status` are about the namespace itself.
  const isScoped =
    parts[0] === 'namespaces' && parts.length > 2 && !['status', 'finalize'].includes(parts[2] ?? '');
  const namespace = isScoped ? parts[1] : undefined;
  const [resource = '', name, subresource, ...more] = isScoped ? parts.slice(2) : parts;
  if (more.length > 0) return undefined;
  return { group, version, resource, namespace, name, subresource };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    // A stray `%` is a name nobody has: the lookup answers 404.
    return part;
  }
}

function verbOf(method: string, isNamed: boolean, query: URLSearchParams): Verb | undefined {
  const watch = query.get('watch');
  switch (method) {
    case 'GET':
    case 'HEAD':
      if (watch === 'true' || watch === '1') return 'watch';
      return isNamed ? 'get' : 'list';
    case 'POST':
      return 'create';
    case 'PUT':
      return 'update';
    case 'PATCH':
      return 'patch';
    case 'DELETE':
      return isNamed ? 'delete' : 'deletecollection';
    default:
      return undefined;
  }
}

/** The request's meaning; throws a 404 for a resource that is not served. */
export function parseRequest(
  method: string,
  path: string,
  query: URLSearchParams,
  storage: Storage,
): ApiRequest {
  const parts = parsePath(path);
  if (parts === undefined) throw noSuchPath();
  const key = resourceKey(parts.group, parts.resource);
  const info = storage.info(key, parts.version);
  const verb = verbOf(method, parts.name !== undefined, query);
  if (info === undefined || verb === undefined) throw noSuchPath();
  if (!info.namespaced && parts.namespace !== undefined) throw noSuchPath();
  const { namespace, name, subresource } = parts;
  return { verb, path, query, info, key, namespace, name, subresource };
}
