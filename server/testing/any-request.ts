/* Requests as nobody should send them, and what must hold of every answer. */
import { type Agent, request } from 'node:http';
import fc from 'fast-check';
import { problemSchema } from '@/lib/wire/api';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}
export interface Got {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

/** Sends a path as it is, however wrong; of a stream only the head is read. */
export function ask(base: string, agent: Agent, { method, path, headers, body }: Asked): Promise<Got> {
  const { port } = new URL(base);
  const length = { 'content-length': String(Buffer.byteLength(body)) };
  return new Promise((done, failed) => {
    const sent = request(
      { agent, host: '127.0.0.1', port, method, path, headers: { ...headers, ...length } },
      (answer) => {
        const type = answer.headers['content-type'] ?? '';
        const status = answer.statusCode ?? 0;
        const pieces: Buffer[] = [];
        if (type.startsWith('text/event-stream')) {
          answer.destroy();
          return done({ status, type, text: '' });
        }
        answer.on('data', (piece: Buffer) => pieces.push(piece));
        answer.on('error', failed);
        answer.on('end', () => done({ status, type, text: Buffer.concat(pieces).toString() }));
      },
    );
    sent.on('error', failed);
    sent.end(body);
  });
}

const PATHS = [
  'topology',
  'stream',
  'findings',
  'checklist',
  'history',
  'diff',
  'marks',
  'openapi.json',
  'objects/core/v1/services/shop/wear-service',
  'snapshots/AAAAAAAAAAAAAAAAAAAAAA',
  'snapshots/AAAAAAAAAAAAAAAAAAAAAA/export',
  'snapshots/AAAAAAAAAAAAAAAAAAAAAA/image.png',
  'snapshots/AAAAAAAAAAAAAAAAAAAAAA/image.svg',
].map((path) => `/api/v1/${path}`);

const KEYS =
  'namespace host class controller service status q focus expand budget scope cluster at from to limit severity impact code path url ingress pod view since theme size'.split(
    ' ',
  );

const VALUES = [
  '',
  '*',
  '0',
  '-1',
  '1e9',
  '99999999999999999999',
  'NaN',
  'null',
  'now',
  'all',
  'broken',
  'shop',
  'shop/wear-service',
  'www.my-online-store.com',
  'service:shop/wear-service',
  'group:',
  '__proto__',
  'constructor',
  '%',
  '%00',
  '%ff%fe',
  '../../etc/passwd',
  '\u0000',
  '\u202e',
  '2026-01-01T00:00:00.000Z',
  '9999-12-31T23:59:59.999Z',
  '-271821-04-20T00:00:00Z',
  'javascript:alert(1)',
  `main:${'%25'.repeat(50)}`,
  'a'.repeat(5000),
  '(a+)+$',
  "' or 1=1 --",
] as const;

const value = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...VALUES) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  { weight: 1, arbitrary: fc.date({ noInvalidDate: true }).map((date) => date.toISOString()) },
);
const key = fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...KEYS) }, fc.string({ maxLength: 8 }));
const query = fc
  .array(fc.tuple(key, value), { maxLength: 6 })
  .map((pairs) => new URLSearchParams(pairs.map(([name, text]) => [name, text.toWellFormed()])).toString());
/** What a client may send though no library would: any visible characters. */
const raw = fc.stringMatching(/^[!-~]{0,60}$/).map((text) => text.replaceAll('#', ''));
const path = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(fc.constantFrom(...PATHS), query).map((parts) => parts.join('?')) },
  { weight: 1, arbitrary: query.map((text) => `/go?${text}`) },
  { weight: 1, arbitrary: fc.tuple(fc.constantFrom(...PATHS), raw).map((parts) => parts.join('?')) },
  { weight: 2, arbitrary: raw.map((text) => `/api/v1/objects/${text}`) },
  { weight: 1, arbitrary: raw.map((text) => `/api/v1/marks/${text}`) },
  { weight: 1, arbitrary: raw.map((text) => `/api/v1/snapshots/${text}`) },
  { weight: 1, arbitrary: raw.map((text) => `/api/${text}`) },
);
const body = fc.oneof(
  fc.json({ maxDepth: 4 }),
  fc.string({ maxLength: 100 }),
  fc
    .record(
      { note: value, view: query, at: value, until: value, expiresInMs: fc.integer(), redact: fc.boolean() },
      { requiredKeys: [] },
    )
    .map((fields) => JSON.stringify(fields)),
);
const headers = fc
  .record(
    {
      'if-none-match': fc.constantFrom('*', '"', 'W/"x"', ',,,'),
      'last-event-id': fc.constantFrom('', '.', 'x.9999999999999999', 'x.-1', '0.0.0'),
      authorization: fc.constantFrom('Bearer', 'Bearer x', 'Basic !!!'),
      'x-request-id': fc.constantFrom('a b', '<script>', 'x'.repeat(4000), 'sane-request-id'),
      'x-forwarded-for': fc.constantFrom('::ffff:127.0.0.1', '127.0.0.1', '::1, ::1'),
    },
    { requiredKeys: [] },
  )
  .map((given) => ({ 'content-type': 'application/json', ...given }));
const method = fc.oneof(
  { weight: 8, arbitrary: fc.constant('GET') },
  { weight: 4, arbitrary: fc.constantFrom('POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS') },
);

/** Any request to the API. */
export const anyRequest: fc.Arbitrary<Asked> = fc
  .record({ method, path, headers, body })
  .map((asked) => (asked.method === 'GET' ? { ...asked, body: '' } : asked));

/** What is wrong with an answer; null: nothing. Never a 500, and every refusal is a problem as RFC 9457 has it. */
export function faultOf({ status, type, text }: Got): string | null {
  if (status === 500 || status > 507) return `status ${status}`;
  if (status < 400) return null;
  if (!type.startsWith('application/problem+json'))
    return `status ${status} with ${type}: ${text.slice(0, 100)}`;
  const told = problemSchema.safeParse(JSON.parse(text));
  if (!told.success) return told.error.message;
  return told.data.status === status && told.data.detail !== '' ? null : text;
}
