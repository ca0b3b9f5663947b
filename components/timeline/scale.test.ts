import { describe, expect, it } from 'vitest';
import { placeIn, showing, ticksOf, timeAt, zoomed } from './scale';

const HOUR = 3_600_000;
const NOON = Date.parse('2026-07-01T12:00:00Z');
const RANGE = { from: NOON - HOUR, to: NOON };

describe('the scale of the timeline', () => {
  it('leads from a time to its place and back', () => {
    expect(placeIn(NOON - HOUR / 2, RANGE, 600)).toBe(300);
    expect(timeAt(300, RANGE, 600)).toBe(NOON - HOUR / 2);
  });

  it('reaches no further than its ends', () => {
    expect(timeAt(-50, RANGE, 600)).toBe(RANGE.from);
    expect(timeAt(900, RANGE, 600)).toBe(RANGE.to);
  });

  it('has ticks at round times with room between them', () => {
    const ticks = ticksOf(RANGE, 600, 80, 0).map(({ at }) => new Date(at).toISOString().slice(11, 16));
    expect(ticks).toEqual(['11:00', '11:10', '11:20', '11:30', '11:40', '11:50', '12:00']);
  });

  it('begins days when local clocks do', () => {
    const ahead = 5.5 * HOUR;
    const days = ticksOf({ from: NOON - 48 * HOUR, to: NOON }, 800, 80, ahead).filter(({ day }) => day);
    expect(days.map(({ at }) => new Date(at).toISOString())).toEqual([
      '2026-06-29T18:30:00.000Z',
      '2026-06-30T18:30:00.000Z',
    ]);
  });

  it('has no ticks without room', () => {
    expect(ticksOf(RANGE, 0, 80, 0)).toEqual([]);
  });

  it('zooms around a time, which stays where it is', () => {
    const anchor = NOON - HOUR / 4;
    const near = zoomed(RANGE, 0.5, anchor, NOON);
    expect(near.to - near.from).toBe(HOUR / 2);
    expect(placeIn(anchor, near, 600)).toBeCloseTo(placeIn(anchor, RANGE, 600));
  });

  it('never shows the future', () => {
    expect(zoomed(RANGE, 4, NOON - HOUR, NOON)).toEqual({ from: NOON - 4 * HOUR, to: NOON });
  });

  it('follows a time that leaves it', () => {
    const before = showing(RANGE, NOON - 3 * HOUR, NOON);
    expect(before.from).toBeLessThan(NOON - 3 * HOUR);
    expect(before.to - before.from).toBe(HOUR);
    expect(showing(RANGE, NOON - HOUR / 2, NOON)).toBe(RANGE);
  });
});
