import 'server-only';

type Json = Readonly<Record<string, unknown>>;

const ref = (name: string): Json => ({ $ref: `#/components/schemas/${name}` });
const failure: Json = {
  description: 'Error',
  content: { 'application/problem+json': { schema: ref('Problem') } },
};
const ok = (name: string): Json => ({
  description: 'OK',
  content: { 'application/json': { schema: ref(name) } },
});
const end = (name: string, description: string, required: boolean): Json => ({
  name,
  in: 'query',
  required,
  description,
  schema: { type: 'string' },
});

const END = 'A time (RFC 3339), the id of a snapshot, or `now`';
const DIFF: readonly Json[] = [
  end('from', `${END}.`, true),
  end('to', `${END}; default: now.`, false),
  {
    name: 'limit',
    in: 'query',
    description: 'Most entries of each list.',
    schema: { type: 'integer', minimum: 1 },
  },
];
const FINDING: Json = {
  name: 'finding',
  in: 'path',
  required: true,
  description: 'Id of the finding, percent-encoded.',
  schema: { type: 'string' },
};

/** Paths of comparisons and marks in the OpenAPI document. `filters`: the parameters of views. `cluster`: which one. */
export function changePaths(filters: readonly Json[], cluster: Json): Json {
  return {
    '/api/v1/diff': {
      get: {
        summary: 'What changed between two moments, worst first',
        parameters: [...filters.filter(({ name }) => name !== 'budget' && name !== 'expand'), ...DIFF],
        responses: {
          200: ok('Diff'),
          404: { ...failure, description: 'Outside of what is kept, or no such snapshot.' },
          422: { ...failure, description: 'The names of the snapshot are redacted.' },
          503: { ...failure, description: 'Nothing can be compared now; the detail says why.' },
          default: failure,
        },
      },
    },
    '/api/v1/marks': {
      get: {
        summary: 'What people say of findings: expected until, and notes',
        parameters: [cluster],
        responses: { 200: ok('Marks'), 304: { description: 'Not modified' }, default: failure },
      },
    },
    '/api/v1/marks/{finding}': {
      put: {
        summary: 'Mark a finding, for everybody',
        parameters: [FINDING, cluster],
        requestBody: { required: true, content: { 'application/json': { schema: ref('PutMark') } } },
        responses: {
          200: ok('Mark'),
          404: { ...failure, description: 'There is no such finding now.' },
          429: { ...failure, description: 'Too many; see Retry-After.' },
          507: { ...failure, description: 'No room for more.' },
          default: failure,
        },
      },
      delete: {
        summary: 'Take the mark of a finding away',
        parameters: [FINDING, cluster],
        responses: { 204: { description: 'Gone' }, default: failure },
      },
    },
  };
}
