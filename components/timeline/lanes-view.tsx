import { memo } from 'react';
import type { Status } from '@/lib/topology/model';
import { STATUS_WORD } from '@/lib/topology/status-words';
import { count } from '@/lib/topology/text';
import type { EventMark, Lane } from './lanes';
import { placeIn, type Range } from './scale';

export const ROW = 20;

const STRETCH: Readonly<Record<Status, string>> = {
  ok: '',
  broken: 'border-broken bg-broken-soft text-broken',
  degraded: 'border-degraded bg-degraded-soft text-degraded',
  warning: 'border-warning bg-warning-soft text-warning',
  unknown: 'border-dashed border-unknown bg-unknown-soft text-unknown',
  pending: 'border-pending bg-pending-soft text-pending',
};

interface Scaled {
  readonly range: Range;
  readonly width: number;
}

/** One row of faults; where there is room it says how many. */
export const LaneRow = memo(function LaneRow({ lane, range, width }: Scaled & { readonly lane: Lane }) {
  return (
    <div className="relative" style={{ height: ROW }}>
      {lane.stretches.map(({ from, to, open, count: n, titles }) => {
        const left = placeIn(from, range, width);
        const length = Math.max(4, placeIn(to, range, width) - left);
        return (
          <div
            key={from}
            title={`${count(n, 'problem')} ${STATUS_WORD[lane.status]}\n${titles.slice(0, 12).join('\n')}`}
            className={`absolute top-0.5 h-4 overflow-hidden rounded-[4px] border px-1 text-xs leading-[14px] font-medium whitespace-nowrap ${STRETCH[lane.status]} ${open ? 'rounded-r-none border-r-0' : ''}`}
            style={{ left, width: length }}
          >
            {length > 22 && n}
            {length > 160 && ` · ${titles[0] ?? ''}`}
          </div>
        );
      })}
    </div>
  );
});

/** What was changed, each kind with a sign of its own. */
export const MarkRow = memo(function MarkRow({
  marks,
  range,
  width,
}: Scaled & { readonly marks: readonly EventMark[] }) {
  return (
    <div className="relative" style={{ height: ROW }}>
      {marks.map((mark) => (
        <span
          key={mark.at}
          title={mark.titles.slice(0, 12).join('\n')}
          className="absolute top-0.5 flex items-center gap-0.5 text-xs leading-4 text-soft"
          style={{ left: placeIn(mark.at, range, width) - 6 }}
        >
          <Sign sign={mark.sign} />
          {mark.count > 1 && mark.count}
        </span>
      ))}
    </div>
  );
});

/** Triangle: something new runs; diamond: another change; bar: the record itself. */
export function Sign({ sign }: { readonly sign: EventMark['sign'] }) {
  return (
    <svg aria-hidden="true" width="12" height="16" className="shrink-0">
      {sign === 'deploy' && <path d="M6 2L11.5 13H.5Z" fill="var(--accent)" />}
      {sign === 'change' && (
        <path d="M6 3L11 8L6 13L1 8Z" fill="var(--panel)" stroke="var(--accent)" strokeWidth="1.6" />
      )}
      {sign === 'note' && (
        <path d="M6 2V14" stroke="var(--text-quiet)" strokeWidth="2" strokeDasharray="3 2" />
      )}
    </svg>
  );
}
