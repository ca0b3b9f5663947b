import { describe, expect, it } from 'vitest';
import { asciiName, coversName } from './host-names';

describe('names of certificates', () => {
  it.each([
    ['www.example.com', 'www.example.com', true],
    ['WWW.example.com', 'www.EXAMPLE.com', true],
    ['*.example.com', 'www.example.com', true],
    ['*.example.com', 'a.b.example.com', false],
    ['*.example.com', 'example.com', false],
    ['*.example.com', '*.example.com', true],
    ['www.example.com', '*.example.com', false],
    ['*.com', '*.example.com', false],
    ['bücher.example.com', 'xn--bcher-kva.example.com', true],
    ['xn--bcher-kva.example.com', 'BÜCHER.example.com', true],
    ['*.bücher.de', 'www.xn--bcher-kva.de', true],
    ['www.example.com.', 'www.example.com', true],
    ['*', 'www', false],
    ['', '', false],
  ])('%s is for %s: %s', (name, host, expected) => {
    expect(coversName(name, host)).toBe(expected);
  });

  it('never throw on what is no name', () => {
    for (const odd of ['', '*', '\u202e', '\u0000', 'a b\u00fc', 'ü'.repeat(300), '%zz\u00fc'])
      expect(typeof asciiName(odd)).toBe('string');
  });
});
