// Errors as the API server words them: `kind: Status` with code, reason and details.
import type { JsonRecord } from './json';
import type { ResourceInfo } from './types';

type Kindish = Pick<ResourceInfo, 'group' | 'resource' | 'kind'>;

export type Cause = { reason?: string; message: string; field?: string };

/** An expected failure of a request; the HTTP layer turns it into a `Status` object. */
export class StatusError extends Error {
  readonly code: number;
  readonly reason: string;
  readonly details: JsonRecord | undefined;

  constructor(code: number, reason: string, message: string, details?: JsonRecord) {
    super(message);
    this.name = 'StatusError';
    this.code = code;
    this.reason = reason;
    this.details = details;
  }

  /** The `Status` object that a client sees. */
  toStatus(): JsonRecord {
    return {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: this.message,
      reason: this.reason,
      ...(this.details === undefined ? {} : { details: this.details }),
      code: this.code,
    };
  }
}

function qualified(info: Kindish): string {
  return info.group === '' ? info.resource : `${info.resource}.${info.group}`;
}

function details(info: Kindish, name: string): JsonRecord {
  return { name, ...(info.group === '' ? {} : { group: info.group }), kind: info.resource };
}

/** 404 for an object. */
export function notFound(info: Kindish, name: string): StatusError {
  return new StatusError(404, 'NotFound', `${qualified(info)} "${name}" not found`, details(info, name));
}

/** 404 for a path that serves nothing. */
export function noSuchPath(): StatusError {
  return new StatusError(404, 'NotFound', 'the server could not find the requested resource', {});
}

/** 409 at creation. */
export function alreadyExists(info: Kindish, name: string): StatusError {
  return new StatusError(
    409,
    'AlreadyExists',
    `${qualified(info)} "${name}" already exists`,
    details(info, name),
  );
}

/** 409 for a stale resourceVersion or uid. */
export function conflict(info: Kindish, name: string, why?: string): StatusError {
  const because =
    why ?? 'the object has been modified; please apply your changes to the latest version and try again';
  const message = `Operation cannot be fulfilled on ${qualified(info)} "${name}": ${because}`;
  return new StatusError(409, 'Conflict', message, details(info, name));
}

/** 422 with one cause for each wrong field. */
export function invalid(info: Kindish, name: string, causes: readonly Cause[]): StatusError {
  const kind = info.group === '' ? info.kind : `${info.kind}.${info.group}`;
  const lines = causes.map((cause) =>
    cause.field === undefined ? cause.message : `${cause.field}: ${cause.message}`,
  );
  const list = lines.length === 1 ? lines[0] : `[${lines.join(', ')}]`;
  return new StatusError(422, 'Invalid', `${kind} "${name}" is invalid: ${list}`, {
    name,
    ...(info.group === '' ? {} : { group: info.group }),
    kind: info.kind,
    causes: causes.map((cause) => ({ reason: 'FieldValueInvalid', ...cause })),
  });
}

/** 400. */
export function badRequest(message: string): StatusError {
  return new StatusError(400, 'BadRequest', message);
}

/** 403 in the wording of the RBAC authorizer or an admission plugin. */
export function forbidden(message: string, info?: JsonRecord): StatusError {
  return new StatusError(403, 'Forbidden', message, info);
}

/** 405. */
export function methodNotAllowed(): StatusError {
  return new StatusError(
    405,
    'MethodNotAllowed',
    'the server does not allow this method on the requested resource',
    {},
  );
}

/** 410: a resourceVersion or continue token that is too old. */
export function expired(message: string): StatusError {
  return new StatusError(410, 'Expired', message);
}

/** 415. */
export function unsupportedMediaType(type: string): StatusError {
  const message = `the body of the request was in an unknown format - accepted media types include: application/json, application/yaml; got ${type}`;
  return new StatusError(415, 'UnsupportedMediaType', message);
}
