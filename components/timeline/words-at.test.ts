import { expect, it } from 'vitest';
import { partsOf } from './parts';
import { wordsAt } from './words-at';

const NOON = Date.parse('2026-01-01T12:00:00Z');
const MINUTE = 60_000;
const RANGE = { from: NOON - 60 * MINUTE, to: NOON };

it('without history there is nothing to tell, and nothing is drawn', () => {
  const parts = partsOf(null, RANGE, 600, NOON);
  expect(parts).toEqual({ lanes: [], marks: [], gaps: [] });
  expect(wordsAt(NOON, parts, RANGE, 600, false)).toBe('');
});

it('what lies before the first record is a gap', () => {
  const oldest = new Date(NOON - 20 * MINUTE).toISOString();
  const history = { from: '', to: '', oldest, newest: null, events: [], gaps: [], spans: [], cut: false };
  const parts = partsOf(history, RANGE, 600, NOON);
  expect(parts.gaps).toEqual([
    { from: RANGE.from, to: NOON - 20 * MINUTE, reason: 'nothing is kept from before' },
  ]);
  expect(wordsAt(NOON - 30 * MINUTE, parts, RANGE, 600, true)).toBe(
    '11:30:00 UTC · no records: nothing is kept from before',
  );
});

it('tells the faults of a moment, and the changes near the pointer', () => {
  const parts = {
    gaps: [],
    marks: [{ at: NOON - 30 * MINUTE, sign: 'deploy' as const, count: 1, titles: ['watch 1.2 → 1.3'] }],
    lanes: [
      {
        status: 'broken' as const,
        stretches: [
          { from: NOON - 29 * MINUTE, to: NOON, open: true, count: 2, titles: ['a → 503', 'b → 503'] },
        ],
      },
    ],
  };
  expect(wordsAt(NOON - 29.5 * MINUTE, parts, RANGE, 600, false)).toBe('watch 1.2 → 1.3');
  expect(wordsAt(NOON - 10 * MINUTE, parts, RANGE, 600, false)).toBe('2 broken: a → 503, b → 503');
});
