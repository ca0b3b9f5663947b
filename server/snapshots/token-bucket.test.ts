import { expect, test } from 'vitest';
import { TokenBucket, TokenBuckets } from './token-bucket';

const SIZE = { burst: 3, everyMs: 1000 };

test('lets a burst through, then one after each interval', () => {
  const bucket = new TokenBucket(SIZE, 0);
  expect([bucket.take(0), bucket.take(0), bucket.take(0), bucket.take(0)]).toEqual([0, 0, 0, 1000]);
  expect(bucket.take(400)).toBe(600);
  expect(bucket.take(1000)).toBe(0);
  expect(bucket.take(1000)).toBe(1000);
});

test('never holds more than a burst, however long nobody came', () => {
  const bucket = new TokenBucket(SIZE, 0);
  const taken = [1, 2, 3, 4, 5].map(() => bucket.take(1e9));
  expect(taken.filter((wait) => wait === 0)).toHaveLength(3);
});

test('a clock that is set back gives and takes nothing', () => {
  const bucket = new TokenBucket(SIZE, 10_000);
  bucket.take(10_000);
  expect(bucket.take(0)).toBe(0);
  expect(bucket.take(0)).toBe(0);
  expect(bucket.take(0)).toBe(1000);
  expect(bucket.take(1000)).toBe(0);
});

test('each key has its own, and to look takes nothing', () => {
  const buckets = new TokenBuckets(SIZE);
  for (let i = 0; i < 3; i++) expect(buckets.take('a', 0)).toBe(0);
  expect(buckets.wait('a', 0)).toBe(1000);
  expect(buckets.wait('b', 0)).toBe(0);
  expect(buckets.take('b', 0)).toBe(0);
  expect(buckets.wait('a', 2000)).toBe(0);
});

test('keys without end are forgotten, those in use last', () => {
  const buckets = new TokenBuckets(SIZE);
  for (let i = 0; i < 4; i++) buckets.take('guesser', 0);
  for (let i = 0; i < 25_000; i++) buckets.take(`other ${i}`, i);
  for (let i = 0; i < 9000; i++) buckets.take('guesser', 25_000);
  expect(buckets.wait('guesser', 25_000)).toBe(1000);
});
