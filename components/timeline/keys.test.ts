import { describe, expect, it } from 'vitest';
import { meaningOf, type Standing } from './keys';

const HOUR = 3_600_000;
const NOW = Date.parse('2026-07-01T12:00:00Z');
const LIVE: Standing = { range: { from: NOW - HOUR, to: NOW }, at: null, now: NOW, oldest: NOW - 2 * HOUR };
const PAST: Standing = { ...LIVE, at: NOW - HOUR / 2 };

describe('keys of the strip', () => {
  it('step back from now, further with Shift', () => {
    expect(meaningOf('ArrowLeft', false, LIVE)).toEqual({ type: 'move', at: NOW - 30_000 });
    expect(meaningOf('ArrowLeft', true, LIVE)).toEqual({ type: 'move', at: NOW - 300_000 });
  });

  it('step forward, and at the end into now', () => {
    expect(meaningOf('ArrowRight', false, PAST)).toEqual({ type: 'move', at: NOW - HOUR / 2 + 30_000 });
    expect(meaningOf('ArrowRight', false, { ...LIVE, at: NOW - 10_000 })).toEqual({ type: 'move', at: null });
  });

  it('never lead to before what is kept', () => {
    expect(meaningOf('ArrowLeft', true, { ...LIVE, at: NOW - 2 * HOUR + 1 })).toEqual({
      type: 'move',
      at: NOW - 2 * HOUR,
    });
    expect(meaningOf('Home', false, PAST)).toEqual({ type: 'move', at: NOW - 2 * HOUR });
    expect(meaningOf('Home', false, { ...PAST, oldest: null })).toBeNull();
  });

  it('Escape leads back to now, and is left to others when one is there', () => {
    expect(meaningOf('Escape', false, PAST)).toEqual({ type: 'move', at: null });
    expect(meaningOf('Escape', false, LIVE)).toBeNull();
    expect(meaningOf('s', false, PAST)).toBeNull();
  });
});
