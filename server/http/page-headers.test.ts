import { expect, test } from 'vitest';
import config from '@/next.config';
import { pagePolicy, transportSecurity } from './content-security';
import { API_HEADERS } from './problem';

const rules = async () => (await config.headers?.()) ?? [];

test('every answer may not be framed, sniffed or followed by its referrer', async () => {
  const [rule] = await rules();
  expect(rule?.source).toBe('/:path*');
  const headers = Object.fromEntries(rule?.headers.map(({ key, value }) => [key, value]) ?? []);
  expect(headers).toMatchObject({
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
  });
  expect(headers['Permissions-Policy']).toContain('camera=()');
  // People copy commands.
  expect(headers['Permissions-Policy']).not.toContain('clipboard');
});

test('a policy of content is made for each page (proxy.ts), and of another kind for what is none', async () => {
  const [rule] = await rules();
  // One without nonce beside it would be a second policy, or the only one that is sent.
  expect(rule?.headers.map(({ key }) => key)).not.toContain('Content-Security-Policy');
  expect(API_HEADERS['Content-Security-Policy']).toBe("default-src 'none'; frame-ancestors 'none'");
  const policy = pagePolicy('abc');
  expect(policy).toContain("script-src 'self' 'nonce-abc' 'strict-dynamic'");
  for (const part of ["object-src 'none'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'"])
    expect(policy.split('; ')).toContain(part);
  expect(policy).not.toMatch(/unsafe-eval|https?:|\*/);
});

test('browsers are told to keep to https only where people come by https', () => {
  expect(transportSecurity('https://atlas.example.com')).toEqual({
    'Strict-Transport-Security': 'max-age=31536000',
  });
  for (const url of ['', 'http://atlas.example.com', 'httpsx://a', 'no url'])
    expect(transportSecurity(url)).toEqual({});
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
