import { expect, test } from 'vitest';
import { Foresight } from './foresight';

const MINUTE = 60_000;

test('a timeline that is read makes the past ready, one that is left open only now and then', () => {
  const foresight = new Foresight();
  const asked = [0, 4, 8, 14, 15, 16, 31].map((minutes) => foresight.asked('a', minutes * MINUTE));
  expect(asked).toEqual([true, false, false, false, true, false, true]);
  expect(foresight.asked('b', 31 * MINUTE)).toBe(true);
});

test('after the past was looked at the next one who reads the timeline finds it ready', () => {
  const foresight = new Foresight();
  expect(foresight.asked('a', 0)).toBe(true);
  foresight.used('a');
  expect(foresight.asked('a', MINUTE)).toBe(true);
  expect(foresight.asked('a', 2 * MINUTE)).toBe(false);
});

test('a clock that is set back does not keep it from being ready', () => {
  const foresight = new Foresight();
  foresight.asked('a', 60 * MINUTE);
  expect(foresight.asked('a', 0)).toBe(true);
});
