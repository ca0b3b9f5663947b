/** Shortening and dating. Pure: `now` is passed. */

const SEGMENTS = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Code units that one visible character takes at most, in practice. */
const MARK_UNITS = 16;

/** Keeps both ends of a name that is too long: the end often tells more than the middle. Counts what a reader sees, not code units. */
export function ellipsis(text: string, most: number): string {
  if (text.length <= most) return text;
  // Only the ends are kept, so only they are taken apart: a name of megabytes must not stop the page.
  const far = most * MARK_UNITS;
  const ends = text.length > far * 2 ? text.slice(0, far) + text.slice(-far) : text;
  const marks = [...SEGMENTS.segment(ends)].map((part) => part.segment);
  if (marks.length <= most) return text;
  const tail = Math.floor((most - 1) / 2);
  const head = most - 1 - tail;
  return `${marks.slice(0, head).join('')}…${tail > 0 ? marks.slice(-tail).join('') : ''}`;
}

/** `www.my-online-store.com` + `/watch` → `www…/watch` when there is no room for all; the path is what tells rules apart. */
export function shortRoute(host: string, path: string, most: number): string {
  const name = host === '' || host === '*' ? 'any host' : host;
  const whole = `${name}${path}`;
  if (whole.length <= most) return whole;
  const label = name.split('.')[0] ?? name;
  const head = label === name ? name : `${label}…`;
  const left = most - head.length;
  if (path.length <= left) return head + path;
  if (head.length <= most / 2) return head + ellipsis(path, left);
  const half = Math.floor(most / 2);
  return ellipsis(head, half) + ellipsis(path, most - half);
}

const UNITS: readonly (readonly [string, number])[] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
];

/** `6 min`, `2 h`, `3 d`; below a second `now`. */
export function duration(ms: number): string {
  for (const [unit, size] of UNITS) if (ms >= size) return `${Math.floor(ms / size)} ${unit}`;
  return 'now';
}

/** Age of a finding. Without a start it was already so when first seen: never guessed. */
export function age(since: string | null, now: number): string {
  if (since === null) return 'since before start';
  const start = Date.parse(since);
  return Number.isNaN(start) ? 'since an unknown time' : duration(Math.max(0, now - start));
}

/** Local time of day, with the date where it is another day. */
export function clock(at: string | number, now: number): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return 'an unknown time';
  const time = date.toLocaleTimeString(undefined, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hour12: false,
  });
  const sameDay = date.toDateString() === new Date(now).toDateString();
  return sameDay ? time : `${date.toLocaleDateString(undefined, { month: 'short', day: 'numeric' })} ${time}`;
}

/** `1 host`, `2 hosts`. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}
