/** What there is at a moment, in one line. Pure. */
import { utcTime } from '@/components/moment/times';
import { STATUS_WORD } from '@/lib/topology/status-words';
import type { Parts } from './parts';
import { placeIn, type Range } from './scale';

/** A mark this near is meant. */
const NEAR = 8;

/** Changes and faults at a time (epoch ms); `timed`: with the time before them. */
export function wordsAt(
  at: number | null,
  { lanes, marks, gaps }: Parts,
  range: Range,
  width: number,
  timed: boolean,
): string {
  if (at === null || width === 0) return '';
  const x = placeIn(at, range, width);
  const near = marks.filter((mark) => Math.abs(placeIn(mark.at, range, width) - x) <= NEAR);
  const gap = gaps.find(({ from, to }) => at >= from && at < to);
  const faults = lanes.flatMap(({ status, stretches }) =>
    stretches
      .filter(({ from, to }) => at >= from && at <= to)
      .map(({ count, titles }) => `${count} ${STATUS_WORD[status]}: ${titles.slice(0, 2).join(', ')}`),
  );
  const words = [
    ...near.flatMap(({ titles }) => titles.slice(0, 3)),
    ...(gap ? [`no records: ${gap.reason}`] : []),
    ...faults,
  ].join(' · ');
  if (!timed) return words;
  return [utcTime(at, false), words].filter((part) => part !== '').join(' · ');
}
