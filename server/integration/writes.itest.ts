import { glob } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Runtime, startRuntime } from '@/server/runtime';

const WRITES = ['POST', 'PUT', 'PATCH', 'DELETE'] as const;
const OWN = 'http://localhost:3000';

type Handler = (request: Request) => Response | Promise<Response>;
interface Write {
  readonly method: string;
  readonly file: string;
  readonly path: string;
  readonly handler: Handler;
}

/** Every handler of the app that a write can reach, whoever adds one. */
async function writes(): Promise<readonly Write[]> {
  const found: Write[] = [];
  for await (const file of glob('app/**/route.ts')) {
    const route = (await import(/* @vite-ignore */ `@/${file}`)) as Record<string, Handler | undefined>;
    const path = file.slice('app'.length, -'/route.ts'.length).replace(/\[(\.\.\.)?\w+\]/g, 'x');
    for (const method of WRITES) {
      const handler = route[method];
      if (handler) found.push({ method, file, path, handler });
    }
  }
  return found;
}

function send(
  { method, path, handler }: Write,
  headers: Readonly<Record<string, string>>,
): Promise<Response> | Response {
  const all = { host: 'localhost:3000', 'content-type': 'application/json', ...headers };
  const body = method === 'DELETE' ? {} : { body: '{}' };
  return handler(new Request(`${OWN}${path}`, { method, headers: all, ...body }));
}

/** Signing in and out are forms, for who has no scripts: they are refused to other sites' pages by that alone. */
const FORMS = ['app/auth/token/route.ts', 'app/auth/logout/route.ts'];

const STRANGERS = [
  { origin: 'https://evil.example' },
  { origin: 'null' },
  { origin: 'http://localhost:3000.evil.example' },
  { origin: 'http://127.0.0.1:3001' },
  { 'sec-fetch-site': 'cross-site' },
  { 'sec-fetch-site': 'same-site' },
  { 'sec-fetch-site': 'none' },
] as const;

let runtime: Runtime;
let all: readonly Write[];
let real: readonly Write[];

beforeAll(async () => {
  runtime = startRuntime({
    NODE_ENV: 'test',
    KUBECONFIG: '/nonexistent/kubeconfig',
    DATABASE_URL: 'off',
    ATLAS_DNS: 'off',
    LOG_LEVEL: 'silent',
  });
  all = await writes();
  const answers = await Promise.all(all.map(async (write) => (await send(write, {})).status));
  // What no write can reach answers so to everybody.
  real = all.filter(
    ({ file }, index) => !(answers[index] === 405 || (answers[index] === 404 && isUnknown(file))),
  );
});
afterAll(async () => {
  await runtime.stop();
  Reflect.deleteProperty(globalThis, Symbol.for('ingress-atlas.runtime'));
});

/** Paths that there are not. */
const isUnknown = (file: string) => ['app/api/route.ts', 'app/api/[...unknown]/route.ts'].includes(file);

describe('what changes something', () => {
  test('is found: at least snapshots and marks', () => {
    const names = real.map(({ method, file }) => `${method} ${file}`);
    expect(names).toEqual(
      expect.arrayContaining([
        ...FORMS.map((file) => `POST ${file}`),
        'POST app/api/v1/snapshots/route.ts',
        'DELETE app/api/v1/snapshots/[id]/route.ts',
        'PUT app/api/v1/marks/[...finding]/route.ts',
        'DELETE app/api/v1/marks/[...finding]/route.ts',
      ]),
    );
    expect(all.length).toBeGreaterThan(60);
  });

  test.each(STRANGERS)('is refused to another site’s page: %j', async (headers) => {
    const told: string[] = [];
    for (const write of real) {
      const answer = await send(write, headers);
      const type = answer.headers.get('content-type');
      if (answer.status !== 403 || type !== 'application/problem+json')
        told.push(`${write.method} ${write.file}: ${answer.status} ${type}`);
    }
    expect(told).toEqual([]);
  });

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', ''])(
    'is refused with a body that a form could send: %j',
    async (type) => {
      for (const write of real.filter(({ method, file }) => method !== 'DELETE' && !FORMS.includes(file))) {
        const answer = await send(write, { 'content-type': type });
        expect(answer.status, `${write.method} ${write.file}`).toBe(415);
      }
    },
  );

  test('is let through to the dashboard’s own page', async () => {
    for (const write of real) {
      const answer = await send(write, { origin: OWN, 'sec-fetch-site': 'same-origin' });
      expect([403, 415], `${write.method} ${write.file}`).not.toContain(answer.status);
    }
  });
});
