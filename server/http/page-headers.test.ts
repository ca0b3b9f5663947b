import { expect, test } from 'vitest';
import config from '@/next.config';
import { API_HEADERS } from './problem';

const rules = async () => (await config.headers?.()) ?? [];

test('every answer may not be framed, sniffed or followed by its referrer', async () => {
  const [rule, ...others] = await rules();
  expect(others).toEqual([]);
  expect(rule?.source).toBe('/:path*');
  const headers = Object.fromEntries(rule?.headers.map(({ key, value }) => [key, value]) ?? []);
  expect(headers).toMatchObject({
    'Content-Security-Policy':
      "frame-ancestors 'none'; base-uri 'none'; object-src 'none'; form-action 'self'",
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
  });
  expect(headers['Permissions-Policy']).toContain('camera=()');
  // People copy commands.
  expect(headers['Permissions-Policy']).not.toContain('clipboard');
});

test('what the API says too has the same value: which of the two is sent is up to Next', async () => {
  for (const { key, value } of (await rules()).flatMap(({ headers }) => headers))
    expect(API_HEADERS[key] ?? value, key).toBe(value);
});
