/** A moment in words, for people in several time zones. Pure: the zone is passed. */

const NO_TIME = 'an unknown time';

/** `14:02:11 UTC`, with the date before it on demand: `23 Nov 2026, 14:02:11 UTC`. */
export function utcTime(at: string | number, dated = true): string {
  const text = inZone(at, 'UTC', dated);
  return text === null ? NO_TIME : `${text} UTC`;
}

/** `16:02 Berlin`, dated where it is another day there than in UTC; empty in UTC itself. `zone` is an IANA name. */
export function placeTime(at: string | number, zone: string): string {
  const time = new Date(at);
  if (Number.isNaN(time.getTime())) return '';
  try {
    const format = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
    const day = (timeZone: string) =>
      new Intl.DateTimeFormat('en-GB', { timeZone, day: 'numeric', month: 'short' }).format(time);
    const here = day(zone);
    const there = day('UTC');
    const local = format.format(time);
    if (isUtc(zone)) return '';
    return `${here === there ? '' : `${here} `}${local} ${placeOf(zone)}`;
  } catch {
    // A zone that this browser's tables don't have.
    return '';
  }
}

/** `23 Nov 2026` in UTC. */
export function utcDay(at: string | number): string {
  const time = new Date(at);
  return Number.isNaN(time.getTime()) ? NO_TIME : dayIn(time, 'UTC');
}

/** The time zone of this browser. */
export function ownZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** Whether clocks of a zone show UTC all year. */
export function isUtc(zone: string): boolean {
  return /^(Etc\/)?(UTC|UCT|GMT|Zulu|Universal|Greenwich)$/i.test(zone);
}

/** `Europe/Berlin` → `Berlin`. */
export function placeOf(zone: string): string {
  return (zone.split('/').at(-1) ?? zone).replace(/_/g, ' ');
}

function inZone(at: string | number, timeZone: string, dated: boolean): string | null {
  const time = new Date(at);
  if (Number.isNaN(time.getTime())) return null;
  const clock = new Intl.DateTimeFormat('en-GB', { timeZone, timeStyle: 'medium', hourCycle: 'h23' });
  return `${dated ? `${dayIn(time, timeZone)}, ` : ''}${clock.format(time)}`;
}

function dayIn(time: Date, timeZone: string): string {
  return new Intl.DateTimeFormat('en-GB', {
    timeZone,
    day: 'numeric',
    month: 'short',
    year: 'numeric',
  }).format(time);
}
