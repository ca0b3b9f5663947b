import { expect, test } from 'vitest';
import { around, fitted, HEAD, LEAST, revealed } from './viewport';

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
