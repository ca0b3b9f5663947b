import { expect, test } from 'vitest';
import { age, duration, ellipsis, shortRoute } from './text';

test('an ellipsis keeps both ends and never cuts a character that a reader sees', () => {
  expect(ellipsis('watch-5d8c9f7b6-a2kq0', 11)).toBe('watch…a2kq0');
  expect(ellipsis('short', 5)).toBe('short');
  const family = '👩‍👩‍👧‍👦';
  expect(ellipsis(family.repeat(6), 5)).toBe(`${family.repeat(2)}…${family.repeat(2)}`);
});

test('a route keeps its path, which tells rules apart', () => {
  expect(shortRoute('www.my-online-store.com', '/watch', 22)).toBe('www…/watch');
  expect(shortRoute('a.com', '/x', 22)).toBe('a.com/x');
  expect(shortRoute('', '/', 22)).toBe('any host/');
  expect(shortRoute('www.my-online-store.com', `/${'p'.repeat(40)}/end`, 22).length).toBeLessThanOrEqual(22);
});

test('ages are said as one would, and never guessed', () => {
  const now = Date.parse('2026-01-01T12:00:00Z');
  expect(age('2026-01-01T11:54:00Z', now)).toBe('6 min');
  expect(age(null, now)).toBe('since before start');
  expect(age('nonsense', now)).toBe('since an unknown time');
  expect(age('2026-01-01T12:05:00Z', now)).toBe('now');
  expect(duration(7_200_000)).toBe('2 h');
});
