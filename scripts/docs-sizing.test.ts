import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { sizingTable, withSizing } from './docs/sizing';

test('docs/operate.md says what was measured last', () => {
  const text = readFileSync('docs/operate.md', 'utf8');
  expect(withSizing(text, sizingTable('bench/results'))).toBe(text);
});

test('a table of other figures is another document', () => {
  const text = readFileSync('docs/operate.md', 'utf8');
  expect(withSizing(text, '| a |')).not.toBe(text);
  expect(() => withSizing('no marks', '| a |')).toThrow('has no');
});
