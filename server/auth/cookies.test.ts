import { describe, expect, it } from 'vitest';
import { CookieTooLarge, deletions, isSecure, readChunked, readCookies, setChunked } from './cookies';

/** What a browser sends after these Set-Cookie headers. */
function kept(headers: readonly string[], before: ReadonlyMap<string, string> = new Map()): string {
  const jar = new Map(before);
  for (const header of headers) {
    const [pair = ''] = header.split(';');
    const at = pair.indexOf('=');
    if (header.includes('Max-Age=0')) jar.delete(pair.slice(0, at));
    else jar.set(pair.slice(0, at), pair.slice(at + 1));
  }
  return [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
}

const HTTPS = { secure: true, maxAge: 60 };

describe('cookies', () => {
  it('are kept to this host, to https, and from scripts', () => {
    expect(setChunked('a', 'v', HTTPS, new Map())).toEqual([
      '__Host-a=1~v; Secure; Path=/; HttpOnly; SameSite=Lax; Max-Age=60',
    ]);
    expect(setChunked('a', 'v', { secure: false, maxAge: 60 }, new Map())).toEqual([
      'a=1~v; Path=/; HttpOnly; SameSite=Lax; Max-Age=60',
    ]);
  });

  it.each([1, 3800, 3801, 7600, 11_400])('bring back a value of %i characters', (length) => {
    const value = 'abcdefghij'.repeat(length / 10 + 1).slice(0, length);
    const headers = setChunked('a', value, HTTPS, new Map());
    for (const header of headers) expect(header.length).toBeLessThan(4096);
    expect(readChunked('__Host-a', readCookies(kept(headers)))).toBe(value);
  });

  it('that would not fit into what servers accept are refused', () => {
    expect(() => setChunked('a', 'x'.repeat(11_401), HTTPS, new Map())).toThrow(CookieTooLarge);
  });

  it('leave nothing of a longer value before', () => {
    const long = kept(setChunked('a', 'x'.repeat(9000), HTTPS, new Map()));
    const before = readCookies(long);
    const after = kept(setChunked('a', 'short', HTTPS, before), before);
    expect(after).toBe('__Host-a=1~short');
    expect(kept(deletions('a', 0, true, before), before)).toBe('');
  });

  it.each(['', 'x', '~', '0~x', '99~x', '2~x', 'é~x'])(
    'that are no value of ours read as none or as broken: %j',
    (value) => {
      expect(readChunked('a', new Map([['a', value]]))).toBe(value === '2~x' ? 'x' : '');
    },
  );

  it('of one name: the first counts, and what is no pair is passed over', () => {
    expect(readCookies('a=1; a=2; b; =c; d=e=f')).toEqual(
      new Map([
        ['a', '1'],
        ['d', 'e=f'],
      ]),
    );
    expect(readCookies(null)).toEqual(new Map());
  });

  it('are kept to https unless a port-forward leads here', () => {
    expect(isSecure('https://atlas.example', 'atlas.example')).toBe(true);
    expect(isSecure('https://atlas.example', null)).toBe(true);
    expect(isSecure('https://atlas.example', 'localhost:3000')).toBe(false);
    expect(isSecure('https://atlas.example', '[::1]:3000')).toBe(false);
    expect(isSecure('https://atlas.example', 'localhost.evil.example')).toBe(true);
    expect(isSecure('http://atlas.example', 'atlas.example')).toBe(false);
  });
});
