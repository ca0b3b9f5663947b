import { describe, expect, it } from 'vitest';
import { placeOf, placeTime, utcDay, utcTime } from './times';

const AT = '2026-07-01T22:30:05.000Z';

describe('a moment in words', () => {
  it('is told in UTC, with or without its day', () => {
    expect(utcTime(AT)).toBe('1 Jul 2026, 22:30:05 UTC');
    expect(utcTime(AT, false)).toBe('22:30:05 UTC');
    expect(utcDay(AT)).toBe('1 Jul 2026');
  });

  it('is told as clocks of the reader show it, with the day where that is another', () => {
    expect(placeTime(AT, 'Europe/Berlin')).toBe('2 Jul 00:30 Berlin');
    expect(placeTime('2026-07-01T12:00:00Z', 'America/New_York')).toBe('08:00 New York');
  });

  it('says nothing twice: a reader in UTC gets one time', () => {
    expect(placeTime(AT, 'UTC')).toBe('');
    expect(placeTime(AT, 'Etc/UTC')).toBe('');
  });

  it('says of what is no time that it is unknown, and of an unknown zone nothing', () => {
    expect(utcTime('yesterday')).toBe('an unknown time');
    expect(utcDay('')).toBe('an unknown time');
    expect(placeTime('yesterday', 'Europe/Berlin')).toBe('');
    expect(placeTime(AT, 'Mars/Olympus')).toBe('');
  });

  it('names the place of a zone', () => {
    expect(placeOf('America/Argentina/Buenos_Aires')).toBe('Buenos Aires');
  });
});
