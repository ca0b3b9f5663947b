/** What the keys of the strip mean. Pure; times in epoch ms. */
import type { Range } from './scale';

export type KeyMeaning =
  | { readonly type: 'move'; readonly at: number | null }
  | { readonly type: 'step'; readonly direction: -1 | 1 }
  | { readonly type: 'zoom'; readonly factor: number; readonly anchor: number };

export interface Standing {
  readonly range: Range;
  /** null: now. */
  readonly at: number | null;
  readonly now: number;
  readonly oldest: number | null;
}

/** Small enough to find a moment, large enough to get somewhere. */
const STEPS_IN_RANGE = 120;

/** The meaning of a key where one stands; null: none, so that it is left to others. */
export function meaningOf(key: string, far: boolean, standing: Standing): KeyMeaning | null {
  const { range, at, now, oldest } = standing;
  const step = Math.max(1000, ((range.to - range.from) / STEPS_IN_RANGE) * (far ? 10 : 1));
  const from = at ?? now;
  switch (key) {
    case 'ArrowLeft':
    case 'ArrowDown':
      return { type: 'move', at: Math.round(Math.max(from - step, oldest ?? 0)) };
    case 'ArrowRight':
    case 'ArrowUp':
      return { type: 'move', at: from + step >= now ? null : Math.round(from + step) };
    case 'Home':
      return oldest === null ? null : { type: 'move', at: oldest };
    case 'End':
      return { type: 'move', at: null };
    case 'Escape':
      return at === null ? null : { type: 'move', at: null };
    case 'PageUp':
      return { type: 'step', direction: 1 };
    case 'PageDown':
      return { type: 'step', direction: -1 };
    case '+':
      return { type: 'zoom', factor: 0.5, anchor: from };
    case '-':
      return { type: 'zoom', factor: 2, anchor: from };
    default:
      return null;
  }
}
