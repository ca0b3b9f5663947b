import { expect, test } from 'vitest';
import { element, escaped, plain } from './markup';

test('markup in a text is text', () => {
  expect(escaped(`</svg><a href="x">&'`)).toBe('&lt;/svg&gt;&lt;a href=&quot;x&quot;&gt;&amp;&#39;');
  expect(element('text', { x: 1.23456, fill: '"><script>' }, '')).toBe(
    '<text x="1.23" fill="&quot;&gt;&lt;script&gt;"/>',
  );
});

test('controls, lone surrogates, noncharacters and marks that turn the direction are taken out', () => {
  expect(plain('a\u0000b\ud800c\uffffd\u202ee\u2066f\u061cg\u2028h\n\ti', 'all')).toBe('abcdefg h i');
});

test('what runs right to left is kept to itself, so that it can not turn what follows', () => {
  expect(plain('host/שלום → 503', 'all')).toBe('host/\u2066שלום\u2069 → 503');
});

test('letters that the fonts lack are shown as missing, one box each, and only where that is asked for', () => {
  expect(plain('日本 👩‍👩‍👧 ok', 'shipped')).toBe('□□ □ ok');
  expect(plain('日本 👩‍👩‍👧 ok', 'all')).toBe('日本 👩‍👩‍👧 ok');
  expect(plain('Ärger → Привет …', 'shipped')).toBe('Ärger → Привет …');
});

test('a text of megabytes is not read to its end', () => {
  expect(plain('x'.repeat(10_000_000), 'shipped')).toHaveLength(2000);
});
