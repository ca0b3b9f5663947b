/** Which range of time the strip shows. Pure. */
import { type Range, SHORTEST, showing, within } from './scale';

export type Zoom =
  /** The last hours up to now. */
  | { readonly kind: 'last'; readonly ms: number }
  /** Everything that is kept. */
  | { readonly kind: 'all' }
  /** Chosen by wheel or keys. */
  | { readonly kind: 'free'; readonly range: Range };

const HOUR = 3_600_000;

export const ZOOMS: readonly { readonly label: string; readonly zoom: Zoom }[] = [
  { label: '1 h', zoom: { kind: 'last', ms: HOUR } },
  { label: '6 h', zoom: { kind: 'last', ms: 6 * HOUR } },
  { label: '24 h', zoom: { kind: 'last', ms: 24 * HOUR } },
  { label: 'All', zoom: { kind: 'all' } },
];

/** Until somebody chooses: the last hour, or all while there is less. */
export function usualZoom(now: number, oldest: number | null): Zoom {
  return oldest !== null && now - oldest < HOUR / 2 ? { kind: 'all' } : { kind: 'last', ms: HOUR };
}

export function sameZoom(a: Zoom, b: Zoom): boolean {
  return a.kind === b.kind && (a.kind !== 'last' || b.kind !== 'last' || a.ms === b.ms);
}

interface Around {
  readonly now: number;
  /** First moment that is kept; null: not known. */
  readonly oldest: number | null;
  /** The moment that is looked at; null: now. */
  readonly at: number | null;
}

/** The range of a zoom; it follows the clock, and the moment that is looked at. */
export function rangeOf(zoom: Zoom, { now, oldest, at }: Around): Range {
  if (zoom.kind === 'free') return within(zoom.range, now);
  if (zoom.kind === 'all') {
    const length = Math.max(now - (oldest ?? now - 24 * HOUR), SHORTEST);
    // A little before the start, so that the start itself is seen.
    const range = { from: now - length * 1.02, to: now };
    return at === null ? range : showing(range, at, now);
  }
  const range = { from: now - zoom.ms, to: now };
  return at === null ? range : showing(range, at, now);
}
