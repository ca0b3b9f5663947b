/** Time ↔ place on the strip. Pure; times in epoch ms, places in pixels. */

export interface Range {
  readonly from: number;
  readonly to: number;
}

export interface Tick {
  readonly at: number;
  /** Whether a day begins here, by local clocks. */
  readonly day: boolean;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const STEPS: readonly number[] = [
  MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  DAY,
  2 * DAY,
  7 * DAY,
  30 * DAY,
];

/** The shortest range that one can look at, and the longest. */
export const SHORTEST = 2 * MINUTE;
export const LONGEST = 400 * DAY;

export function placeIn(at: number, { from, to }: Range, width: number): number {
  return ((at - from) / (to - from)) * width;
}

export function timeAt(x: number, { from, to }: Range, width: number): number {
  return Math.round(from + (Math.min(Math.max(x, 0), width) / width) * (to - from));
}

/** Round times at least `room` pixels apart. `offset`: ms that local clocks are ahead of UTC. */
export function ticksOf(range: Range, width: number, room: number, offset: number): readonly Tick[] {
  if (width <= 0 || range.to <= range.from) return [];
  const least = ((range.to - range.from) / width) * room;
  const step = STEPS.find((candidate) => candidate >= least) ?? Math.ceil(least / DAY) * DAY;
  const ticks: Tick[] = [];
  const first = Math.ceil((range.from + offset) / step) * step;
  for (let local = first; local - offset <= range.to; local += step)
    ticks.push({ at: local - offset, day: local % DAY === 0 });
  return ticks;
}

/** The range by a factor shorter (< 1) or longer, with `anchor` staying where it is; it never reaches beyond `newest`. */
export function zoomed({ from, to }: Range, factor: number, anchor: number, newest: number): Range {
  const length = Math.min(Math.max((to - from) * factor, SHORTEST), LONGEST);
  const share = (anchor - from) / (to - from);
  return within({ from: anchor - share * length, to: anchor + (1 - share) * length }, newest);
}

/** Moved so that it ends at `newest` at the latest. */
export function within({ from, to }: Range, newest: number): Range {
  const over = Math.max(0, to - newest);
  return { from: Math.round(from - over), to: Math.round(to - over) };
}

/** Moved as little as needed for a time to be in it. */
export function showing(range: Range, at: number, newest: number): Range {
  const length = range.to - range.from;
  if (at < range.from) return within({ from: at - length * 0.1, to: at + length * 0.9 }, newest);
  return at > range.to ? within({ from: at - length * 0.9, to: at + length * 0.1 }, newest) : range;
}
