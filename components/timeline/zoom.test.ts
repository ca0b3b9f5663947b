import { expect, it } from 'vitest';
import { rangeOf, sameZoom, ZOOMS } from './zoom';

const HOUR = 3_600_000;
const NOW = Date.parse('2026-07-01T12:00:00Z');

it('the last hours end now', () => {
  expect(rangeOf({ kind: 'last', ms: HOUR }, { now: NOW, oldest: null, at: null })).toEqual({
    from: NOW - HOUR,
    to: NOW,
  });
});

it('the range follows the moment that is looked at', () => {
  const at = NOW - 5 * HOUR;
  const range = rangeOf({ kind: 'last', ms: HOUR }, { now: NOW, oldest: null, at });
  expect(range.from).toBeLessThan(at);
  expect(range.to).toBeGreaterThan(at);
});

it('all is what is kept, with its beginning in sight', () => {
  const range = rangeOf({ kind: 'all' }, { now: NOW, oldest: NOW - 10 * HOUR, at: null });
  expect(range.from).toBeLessThan(NOW - 10 * HOUR);
  expect(range.from).toBeGreaterThan(NOW - 11 * HOUR);
});

it('what has just begun to be kept still makes a range', () => {
  const range = rangeOf({ kind: 'all' }, { now: NOW, oldest: NOW, at: null });
  expect(range.to - range.from).toBeGreaterThan(60_000);
});

it('each of the choices is told apart', () => {
  for (const one of ZOOMS) expect(ZOOMS.filter(({ zoom }) => sameZoom(zoom, one.zoom))).toEqual([one]);
});
