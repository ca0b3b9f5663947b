import 'server-only';

type Json = Readonly<Record<string, unknown>>;

const ref = (name: string): Json => ({ $ref: `#/components/schemas/${name}` });
const failure: Json = {
  description: 'Error',
  content: { 'application/problem+json': { schema: ref('Problem') } },
};
const ok = (description: string, type: string, schema: Json): Json => ({
  description,
  content: { [type]: { schema } },
});
const oneOf = (name: string, options: readonly string[], otherwise: string): Json => ({
  name,
  in: 'query',
  schema: { type: 'string', enum: options, default: otherwise },
});

const ID: Json = { name: 'id', in: 'path', required: true, schema: { type: 'string' } };
const look = (size: string) => [
  ID,
  oneOf('theme', ['light', 'dark'], 'light'),
  oneOf('size', ['card', 'wide'], size),
];
const file: Json = { type: 'string', format: 'binary' };

function get(summary: string, parameters: readonly Json[], answer: Json): Json {
  return { summary, parameters, responses: { 200: answer, 404: failure, default: failure } };
}

/** Paths of snapshots in the OpenAPI document. `cluster`: which one. */
export function snapshotPaths(cluster: Json): Json {
  const path = '/api/v1/snapshots/{id}';
  return {
    '/api/v1/snapshots': {
      post: {
        summary: 'Keep a view as it is now, or as it was at a time',
        parameters: [cluster],
        requestBody: {
          required: true,
          content: { 'application/json': { schema: ref('CreateSnapshot') } },
        },
        responses: {
          201: ok('Made', 'application/json', ref('SnapshotCreated')),
          429: { ...failure, description: 'Too many; see Retry-After.' },
          503: { ...failure, description: 'Nothing can be kept now; the detail says why.' },
          507: { ...failure, description: 'No room for more.' },
          default: failure,
        },
      },
    },
    [path]: {
      get: get('A kept view', [ID], ok('OK', 'application/json', ref('Snapshot'))),
      delete: {
        summary: 'Revoke it, with the revokeToken as bearer',
        parameters: [ID],
        security: [{ revokeToken: [] }],
        responses: { 204: { description: 'Revoked' }, 403: failure, 404: failure, default: failure },
      },
    },
    [`${path}/image.png`]: {
      get: get('Its picture, made when it was', look('card'), ok('OK', 'image/png', file)),
    },
    [`${path}/image.svg`]: {
      get: get('Its picture to download', look('wide'), ok('OK', 'image/svg+xml', file)),
    },
    [`${path}/export`]: {
      get: get(
        'The document as a file, which `npm run demo -- --snapshot FILE` opens',
        [ID],
        ok('OK', 'application/json', ref('SnapshotDocument')),
      ),
    },
  };
}

/** The right to revoke a snapshot. */
export const SNAPSHOT_SECURITY: Json = { revokeToken: { type: 'http', scheme: 'bearer' } };
