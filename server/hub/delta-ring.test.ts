import { describe, expect, test } from 'vitest';
import { DeltaRing } from './delta-ring';

const entry = (version: number, at = 0, body = 'x'.repeat(10)) => ({ version, at, body });
const LIMITS = { count: 5, bytes: 1000, ageMs: 100 };

describe('the ring of changes', () => {
  test('gives what follows a version; versions may skip', () => {
    const ring = new DeltaRing(3, LIMITS);
    for (const version of [5, 6, 9]) ring.push(entry(version));
    expect(ring.after(3)).toMatchObject({ version: 5 });
    expect(ring.after(4)).toMatchObject({ version: 5 });
    expect(ring.after(6)).toMatchObject({ version: 9 });
    expect(ring.after(9)).toBeNull();
    expect(ring.after(2)).toBe('gone');
    expect(ring.backlog(5)).toEqual({ count: 2, bytes: 20 });
  });

  test('is bounded by number, size and age', () => {
    const ring = new DeltaRing(0, LIMITS);
    for (let version = 1; version <= 7; version++) ring.push(entry(version));
    expect(ring.floor).toBe(2);
    ring.push(entry(8, 0, 'x'.repeat(980)));
    expect(ring.after(5)).toMatchObject({ version: 6 });
    expect(ring.after(4)).toBe('gone');
    ring.push(entry(9, 101));
    expect(ring.floor).toBe(8);
    ring.expire(500);
    expect(ring.after(8)).toBe('gone');
    expect(ring.after(9)).toBeNull();
  });

  test('a reset forgets all', () => {
    const ring = new DeltaRing(0, LIMITS);
    ring.push(entry(1));
    ring.reset(7);
    expect(ring.after(6)).toBe('gone');
    expect(ring.after(7)).toBeNull();
  });

  test('goes on after thousands of changes', () => {
    const ring = new DeltaRing(0, LIMITS);
    for (let version = 1; version <= 5000; version++) ring.push(entry(version, version / 1000));
    expect(ring.after(4997)).toMatchObject({ version: 4998 });
    expect(ring.floor).toBe(4995);
  });
});
