import { expect, test } from 'vitest';
import { curve, markAt, markRadius } from './wire-path';

const ends = { sourceX: 100, sourceY: 50, targetX: 172, targetY: 350 };

test('a mark stands level with the card that the fault belongs to, within the gap', () => {
  const atSource = curve(ends, 'source');
  expect(atSource.y).toBe(50);
  expect(atSource.x - markRadius(72)).toBeGreaterThanOrEqual(100);
  const atTarget = curve(ends, 'target');
  expect(atTarget.y).toBe(350);
  expect(atTarget.x + markRadius(72)).toBeLessThanOrEqual(172);
});

test('on a level line it stands in the middle', () => {
  expect(curve({ ...ends, targetY: 50 }, 'source')).toMatchObject({ x: 136, y: 50 });
});

test('every path starts at its source, ends at its target and is one line', () => {
  for (const targetX of [118, 128, 172])
    for (const targetY of [50, 90, 2000])
      for (const at of ['source', 'target', 'none'] as const) {
        const { path } = curve({ ...ends, targetX, targetY }, at);
        expect(path).toMatch(/^M100,50/);
        expect(path.lastIndexOf('M')).toBe(0);
        expect(path).toMatch(new RegExp(`(H${targetX}|${targetX},${targetY})$`));
        expect(path).not.toMatch(/NaN|undefined/);
      }
});

test('marks fit a narrow gap', () => {
  expect(markRadius(18) * 2).toBeLessThan(18);
});

test('what many share is not the place of a fault', () => {
  expect(['resolves', 'routes', 'serves', 'backs', 'other'].map(markAt)).toEqual([
    'source',
    'source',
    'target',
    'target',
    'none',
  ]);
});
