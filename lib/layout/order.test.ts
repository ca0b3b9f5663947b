import { expect, test } from 'vitest';
import { stableOrder } from './order';
import { median, pack } from './pack';

test('keeps the earlier order and puts new items after their natural predecessor', () => {
  const before = new Map([
    ['c', 0],
    ['a', 1],
    ['e', 2],
  ]);
  expect(stableOrder(['a', 'b', 'c', 'd', 'e', 'f'], (item) => before.get(item))).toEqual([
    'c',
    'd',
    'a',
    'b',
    'e',
    'f',
  ]);
});

test('a new first item goes first', () => {
  expect(stableOrder(['a', 'b'], (item) => (item === 'b' ? 0 : undefined))).toEqual(['a', 'b']);
});

test('leaves alone what does not collide and shares the push where it does', () => {
  const tops = pack(
    [
      { id: 'a', height: 50, wish: 0 },
      { id: 'b', height: 50, wish: 100 },
      { id: 'c', height: 50, wish: 100 },
    ],
    10,
  );
  expect(Object.fromEntries(tops)).toEqual({ a: 0, b: 70, c: 130 });
});

test('never places above the top', () => {
  expect(
    pack(
      [
        { id: 'a', height: 50, wish: 0 },
        { id: 'b', height: 50, wish: 0 },
      ],
      10,
    ).get('a'),
  ).toBe(0);
});

test('the median is a member', () => {
  expect(median([4, 1, 3, 2])).toBe(2);
  expect(median([])).toBeUndefined();
});
