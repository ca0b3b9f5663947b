import { expect, test } from 'vitest';
import { around, boundsOf, fitted, HEAD, LEAST, revealed } from './viewport';

const window = { width: 860, height: 700 };
const box = (x: number, y: number) => ({ id: '', column: 'dns', x, y, width: 100, height: 50 }) as const;

test('fits to the width, but never so that text gets too small to read', () => {
  expect(fitted(1274, 1250, null).zoom).toBeCloseTo(1);
  expect(fitted(860, 1250, null)).toEqual({ x: 12, y: HEAD, zoom: LEAST });
  expect(13 * LEAST).toBeGreaterThanOrEqual(12.5);
});

test('a small picture stands in the middle and is not blown up', () => {
  const { x, zoom } = fitted(1400, 500, null);
  expect(zoom).toBe(1.1);
  expect(x).toBe(425);
});

test('fitting anew keeps how far down one is', () => {
  const before = { x: 0, y: -950, zoom: 1 };
  const { y, zoom } = fitted(1450, 1250, before);
  expect((HEAD - y) / zoom).toBeCloseTo(1000);
});

test('shows the whole chain where it can, else the part that matters', () => {
  const at = { x: 12, y: HEAD, zoom: 1 };
  const chain = around([box(0, 0), box(900, 0)]);
  const part = around([box(780, 0), box(900, 0)]);
  if (!chain || !part) throw new Error('no boxes');
  expect(revealed([chain, part], at, window)).toEqual({ x: 860 - 12 - 1000, y: HEAD, zoom: 1 });
  expect(revealed([part], { ...at, x: -152 }, window).x).toBe(-152);
});

test('what is larger than the window is shown from its start', () => {
  const tall = { x: 0, y: 500, width: 100, height: 2000 };
  expect(revealed([tall], { x: 12, y: HEAD, zoom: 1 }, window).y).toBe(HEAD - 500);
});

test('one can pan until a part of the picture is left, never to nothing', () => {
  const [[left, top], [right, bottom]] = boundsOf({ width: 1000, height: 5000 }, window);
  expect(left + window.width).toBeGreaterThan(100);
  expect(top + window.height).toBeGreaterThan(100);
  expect(right - window.width).toBeLessThan(900);
  expect(bottom - window.height).toBeLessThan(4900);
  const small = boundsOf({ width: 50, height: 50 }, window);
  expect(small[1][1] - small[0][1]).toBeGreaterThan(window.height);
});
