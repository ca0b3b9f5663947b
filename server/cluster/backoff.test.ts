import { describe, expect, it } from 'vitest';
import { retryAfterOf } from './api-error';
import { Backoff } from './backoff';

const timing = { backoffFirst: 800, backoffMost: 30_000 };

describe('backoff', () => {
  it('doubles from 0.8 s to 30 s with full jitter, and starts over after a reset', () => {
    const backoff = new Backoff(timing, () => 1);
    expect(Array.from({ length: 8 }, () => backoff.next())).toEqual([
      800, 1600, 3200, 6400, 12_800, 25_600, 30_000, 30_000,
    ]);
    backoff.reset();
    expect(backoff.next()).toBe(800);
    expect(new Backoff(timing, () => 0.25).next()).toBe(200);
  });

  it('never waits less than the server asked for', () => {
    expect(new Backoff(timing, () => 0).next(5_000)).toBe(5_000);
  });
});

describe('Retry-After', () => {
  it('is seconds or a date, bounded, and nothing when it is nonsense', () => {
    const now = Date.UTC(2026, 0, 1);
    expect(retryAfterOf('7', now)).toBe(7_000);
    expect(retryAfterOf('Thu, 01 Jan 2026 00:00:09 GMT', now)).toBe(9_000);
    expect(retryAfterOf('86400', now)).toBe(120_000);
    expect([undefined, 'soon', '-5'].map((header) => retryAfterOf(header, now))).toEqual([0, 0, 0]);
  });
});
