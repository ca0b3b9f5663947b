/** What the strip is made of. Pure. */
import type { WireHistory } from '@/lib/wire/history';
import { type EventMark, gapsOf, type Lane, lanesOf, marksOf } from './lanes';
import type { Range } from './scale';

export interface Parts {
  readonly lanes: readonly Lane[];
  readonly marks: readonly EventMark[];
  readonly gaps: readonly (Range & { readonly reason: string })[];
}

/** History in a range (epoch ms) on a strip of a width (pixels); `now` ends what is open. */
export function partsOf(history: WireHistory | null, range: Range, width: number, now: number): Parts {
  if (!history) return { lanes: [], marks: [], gaps: [] };
  const gaps = [...gapsOf(history.gaps, range)];
  const begun = history.oldest === null ? now : Date.parse(history.oldest);
  if (begun > range.from)
    gaps.unshift({ from: range.from, to: Math.min(begun, range.to), reason: 'nothing is kept from before' });
  return {
    lanes: lanesOf(history.spans, range, width, now),
    marks: marksOf(history.events, range, width),
    gaps,
  };
}
