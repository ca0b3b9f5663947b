// Refuses objects that no API server could read, in its words.
import type { ApiRequest } from './api-request';
import { shapeProblems } from './protobuf/shape';
import { badRequest } from './status';
import type { KubeObject } from './types';

function head({ apiVersion, kind }: KubeObject): string {
  const version = apiVersion.split('/').at(-1) ?? '';
  return `${kind} in version "${version}" cannot be handled as a ${kind}`;
}

/** Throws a 400 when a field of a built-in kind has the wrong type. */
export function checkTypes(object: KubeObject): void {
  const [first] = shapeProblems(object).wrong;
  if (first !== undefined) throw badRequest(`${head(object)}: json: ${first}`);
}

/** Throws a 400 for fields that don't exist, when the client asked for that (as `kubectl apply` does). */
export function checkUnknown(request: ApiRequest, object: KubeObject): void {
  if (request.query.get('fieldValidation') !== 'Strict') return;
  const { unknown } = shapeProblems(object);
  if (unknown.length === 0) return;
  const list = unknown.map((field) => `unknown field "${field}"`).join(', ');
  throw badRequest(`${head(object)}: strict decoding error: ${list}`);
}
