import { expect, test } from 'vitest';
import config from '@/next.config';
import { API_HEADERS } from './problem';

const rules = async () => (await config.headers?.()) ?? [];

test('every answer may not be framed, sniffed or followed by its referrer', async () => {
  const [rule] = await rules();
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

test('the page of a snapshot is for who has its link: not for search engines, nor for shared caches', async () => {
  const headers = (await rules())
    .filter(({ source }) => source === '/s/:path*')
    .flatMap((rule) => rule.headers);
  expect(Object.fromEntries(headers.map(({ key, value }) => [key, value]))).toEqual({
    'X-Robots-Tag': 'noindex, nofollow',
    'Cache-Control': 'private, no-store',
  });
});

test('what the API says too has the same value: which of the two is sent is up to Next', async () => {
  const everywhere = (await rules()).filter(({ source }) => source === '/:path*');
  for (const { key, value } of everywhere.flatMap(({ headers }) => headers))
    expect(API_HEADERS[key] ?? value, key).toBe(value);
});
