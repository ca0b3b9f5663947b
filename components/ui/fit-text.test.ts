import { expect, test } from 'vitest';
import { fitText, widthOf } from './fit-text';

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
