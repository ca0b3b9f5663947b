'use client';

import { History, Radio } from 'lucide-react';
import { ownZone, placeTime, utcTime } from '@/components/moment/times';
import { age } from '@/lib/topology/text';
import type { Past } from './use-past';

interface Props {
  readonly past: Exclude<Past, { state: 'live' }>;
  /** Epoch ms. */
  readonly now: number;
  readonly onLive: () => void;
  /** Shows what has changed between then and now; absent where that is shown already. */
  readonly onCompare?: () => void;
}

/** Says that one looks at the past, how sure that is, and how to come back. */
export function PastBanner({ past, now, onLive, onCompare }: Props) {
  const local = placeTime(past.at, ownZone());
  const caveat = caveatOf(past);
  const button =
    'flex h-8 items-center gap-1.5 rounded-lg border border-kept bg-panel px-2.5 text-xs font-medium hover:bg-hover';
  return (
    <section
      aria-label="Moment of the past"
      className="atlas-stripes flex shrink-0 flex-wrap items-center gap-x-4 gap-y-1.5 border-b-2 border-kept px-5 py-1.5 text-sm max-md:px-3.5"
    >
      <p className="flex min-w-0 flex-1 basis-72 gap-2">
        <History size={16} aria-hidden="true" className="mt-0.5 shrink-0 text-kept" />
        <span>
          <strong className="font-semibold text-kept">
            {past.state === 'loading' ? 'Looking up how it was at ' : 'As it was at '}
            {utcTime(past.at)}
          </strong>
          <span className="text-soft">
            {local !== '' && ` (${local})`} · {age(past.at, now)} ago
          </span>
          {caveat !== '' && <span className="name block text-xs text-warning">{caveat}</span>}
        </span>
      </p>
      <span className="flex items-center gap-2">
        {past.state === 'done' && onCompare && (
          <button type="button" onClick={onCompare} className={button}>
            What changed since
          </button>
        )}
        <button type="button" onClick={onLive} className={button}>
          <Radio size={14} aria-hidden="true" />
          Back to live
        </button>
      </span>
    </section>
  );
}

function caveatOf(past: Props['past']): string {
  if (past.state !== 'done') return '';
  const { gap, exact } = past.recorded;
  if (gap)
    return `Nothing was recorded from ${utcTime(gap.from)} to ${utcTime(gap.to)} (${gap.reason}): this is the last that was seen before.`;
  return exact ? '' : 'What changed in the last seconds before this moment may be missing.';
}
