import { expect, test } from 'vitest';
import { fitText, linesIn, widthOf } from './fit-text';

test('a name that fits is left whole', () => {
  expect(fitText('admin.my-online-store.com', 198, 14)).toBe('admin.my-online-store.com');
});

test('a longer one keeps both ends and fits', () => {
  const short = fitText('watch-5d8c9f7b6-a2kq0', 98, 14);
  expect(short).toMatch(/^watch.*….*kq0$/);
  expect(widthOf(short, 14)).toBeLessThanOrEqual(98);
});

test('wide scripts count as wide, and enormous names come back at once', () => {
  expect(widthOf('店店', 14)).toBeGreaterThan(widthOf('aa', 14));
  expect(fitText('x'.repeat(5_000_000), 100, 14).length).toBeLessThan(20);
});

test('a reason takes as many lines of whole words as it is given, each with its own width', () => {
  expect(linesIn('crash loop', [80, 80], 13)).toEqual(['crash loop']);
  expect(linesIn('Service not found', [60, 80], 13)).toEqual(['Service', 'not found']);
  const long = linesIn('supercalifragilistic words that go on', [60, 90], 13);
  expect(long).toHaveLength(2);
  expect(widthOf(long[0] ?? '', 13)).toBeLessThanOrEqual(60);
  expect(widthOf(long[1] ?? '', 13)).toBeLessThanOrEqual(90);
});
