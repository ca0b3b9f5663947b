import { ownZone, placeOf } from '@/components/moment/times';
import { placeIn, type Range, type Tick, ticksOf } from './scale';

interface Props {
  readonly range: Range;
  readonly width: number;
  /** One row, in local time only. */
  readonly slim: boolean;
}

/** Ticks in local time, and beneath in UTC where that differs. */
export function Axis({ range, width, slim }: Props) {
  const offset = offsetAt(range.to);
  const ticks = ticksOf(range, width, 76, offset);
  const rows = offset === 0 || slim ? [offset] : [offset, 0];
  return (
    <div className="border-t border-line text-xs text-quiet tabular-nums" aria-hidden="true">
      {rows.map((ahead, row) => (
        <div key={ahead} className="relative h-4.5 overflow-hidden">
          {ticks.map((tick) => {
            const left = placeIn(tick.at, range, width);
            return (
              <span
                key={tick.at}
                className={`absolute top-0 pl-1 whitespace-nowrap ${row === 0 ? 'border-l border-line-strong' : ''}`}
                style={{ left }}
              >
                {left < width - 40 && wordOf(tick, ahead)}
              </span>
            );
          })}
        </div>
      ))}
    </div>
  );
}

/** What stands before the rows. */
export function AxisNames({ at, slim }: { readonly at: number; readonly slim: boolean }) {
  const local = offsetAt(at) === 0 ? 'UTC' : placeOf(ownZone());
  return (
    <>
      <span className="truncate">{local}</span>
      {local !== 'UTC' && !slim && <span>UTC</span>}
    </>
  );
}

/** How far this browser's clock is ahead of UTC, in ms. */
function offsetAt(time: number): number {
  return -new Date(time).getTimezoneOffset() * 60_000;
}

function wordOf({ at, day }: Tick, ahead: number): string {
  const date = new Date(at + ahead);
  const iso = date.toISOString();
  const begins = ahead === 0 ? iso.slice(11, 16) === '00:00' : day;
  if (!begins) return iso.slice(11, 16);
  return date.toLocaleDateString('en-GB', { timeZone: 'UTC', day: 'numeric', month: 'short' });
}
