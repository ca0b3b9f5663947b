import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { returnPath, signInPath } from './return-path';

const OURS = 'https://atlas.example';

describe('where one returns to after signing in', () => {
  it.each([
    '/',
    '/?focus=host:www.example.com',
    '/s/AbC_-123',
    '/learn/ingress#dns',
    '/go?host=a.example',
    '/%2f%2fevil.example',
  ])('is a page of ours: %s', (path) => expect(returnPath(path)).toBe(path));

  it.each([
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/.//evil.example',
    '/x/..//evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    '\u0000//evil.example',
    'https://evil.example',
    'HTTPS://evil.example/',
    'javascript:alert(1)',
    'data:text/html,x',
    'evil.example',
    '@evil.example',
    ' /',
    '',
    `/${'x'.repeat(5000)}`,
    '/auth/login?to=/',
    '/auth/start',
    '/auth/../auth/start',
    '/api/v1/topology',
    '/metrics',
  ])('is never elsewhere, nor a loop: %j', (path) => expect(returnPath(path)).toBe('/'));

  it('is none where none was given', () => {
    expect([returnPath(null), returnPath(undefined)]).toEqual(['/', '/']);
  });

  it('stays with us for whatever is given, as a browser reads it', () => {
    const parts = fc.constantFrom(
      '/',
      '\\',
      '.',
      '..',
      '@',
      ':',
      '?',
      '#',
      '%2f',
      '%5c',
      '\t',
      '\r',
      ' ',
      'evil.example',
      'https:',
      '\u00a0',
      '\u2028',
    );
    fc.assert(
      fc.property(
        fc.array(fc.oneof(parts, fc.string({ unit: 'binary', maxLength: 3 })), { maxLength: 8 }),
        (given) => {
          const to = returnPath(`/${given.join('')}`);
          expect(new URL(to, OURS).origin).toBe(OURS);
          // Read once more, as a Location is.
          expect(returnPath(to)).toBe(to);
        },
      ),
      { numRuns: 20_000, seed: 7 },
    );
  });

  it('is handed on by the sign-in page', () => {
    expect(signInPath('/?q=a b&x=1')).toBe('/auth/login?to=%2F%3Fq%3Da%2520b%26x%3D1');
    expect(signInPath('//evil.example')).toBe('/auth/login');
  });
});
