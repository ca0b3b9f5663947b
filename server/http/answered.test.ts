import type { Logger } from 'pino';
import { expect, test } from 'vitest';
import { type Answered, logAnswer } from './answered';

/** What is written, and at which level. */
function written(answer: Partial<Answered>): readonly [string, unknown] {
  const lines: [string, unknown][] = [];
  const log = new Proxy({} as Logger, {
    get: (_, level: string) => (line: unknown) => lines.push([level, line]),
  });
  logAnswer(log, {
    requestId: 'req-12345678',
    method: 'GET',
    route: 'topology',
    status: 200,
    ms: 1.6,
    ...answer,
  });
  expect(lines).toHaveLength(1);
  return lines[0] ?? ['', null];
}

test.each([
  [{}, 'debug'],
  [{ status: 304 }, 'debug'],
  [{ status: 404 }, 'debug'],
  [{ status: 503 }, 'debug'],
  [{ status: 500 }, 'warn'],
  [{ status: 401 }, 'info'],
  [{ status: 403 }, 'info'],
  [{ status: 421 }, 'info'],
  [{ status: 429 }, 'info'],
  [{ method: 'POST', route: 'snapshots', status: 201 }, 'info'],
  [{ method: 'DELETE', route: 'marks', status: 204 }, 'info'],
  [{ method: 'PUT', route: 'marks', status: 400 }, 'debug'],
])('%j is told at level %s', (answer, level) => expect(written(answer)[0]).toBe(level));

test('a line has whole milliseconds, and nothing that the request named', () => {
  expect(written({})[1]).toEqual({
    requestId: 'req-12345678',
    method: 'GET',
    route: 'topology',
    status: 200,
    ms: 2,
  });
});
