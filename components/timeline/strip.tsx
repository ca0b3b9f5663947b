'use client';

import { type KeyboardEvent, type PointerEvent, type ReactNode, useRef } from 'react';
import { utcTime } from '@/components/moment/times';
import { meaningOf } from './keys';
import { placeIn, type Range, timeAt } from './scale';
import { useWheel } from './use-wheel';

interface Props {
  readonly range: Range;
  readonly width: number;
  /** The moment that is looked at (epoch ms); null: now. */
  readonly at: number | null;
  readonly now: number;
  readonly onMove: (at: number | null, settled: boolean) => void;
  readonly onHover: (at: number | null) => void;
  readonly onZoom: (factor: number, anchor: number) => void;
  /** To the change before (-1) or after (1). */
  readonly onStep: (direction: -1 | 1) => void;
  readonly oldest: number | null;
  readonly children: ReactNode;
}

/** Closer to its end than this means now. */
const NOW_PX = 6;

/** The strip as a slider: drag, wheel, keys. */
export function Strip(props: Props) {
  const { range, width, at, now, children } = props;
  const area = useRef<HTMLDivElement>(null);
  const dragging = useRef(false);
  useWheel(area, (event, x) => {
    if (width > 0) props.onZoom(event.deltaY > 0 ? 1.25 : 0.8, timeAt(x, range, width));
  });
  const pointed = (event: PointerEvent<HTMLDivElement>): number | null => {
    const x = event.clientX - event.currentTarget.getBoundingClientRect().left;
    const time = timeAt(x, range, width);
    return placeIn(now, range, width) - x < NOW_PX ? null : time;
  };
  return (
    <div
      ref={area}
      role="slider"
      tabIndex={0}
      aria-label="Moment that is shown"
      aria-valuemin={Math.round(range.from / 1000)}
      aria-valuemax={Math.round(range.to / 1000)}
      aria-valuenow={Math.round((at ?? now) / 1000)}
      aria-valuetext={at === null ? 'now, live' : utcTime(at)}
      className="relative min-w-0 flex-1 cursor-ew-resize touch-none overflow-hidden select-none focus-visible:outline-offset-[-2px]"
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        dragging.current = true;
        event.currentTarget.setPointerCapture(event.pointerId);
        props.onMove(pointed(event), false);
      }}
      onPointerMove={(event) => {
        if (dragging.current) props.onMove(pointed(event), false);
        else props.onHover(pointed(event));
      }}
      onPointerUp={(event) => {
        if (!dragging.current) return;
        dragging.current = false;
        props.onMove(pointed(event), true);
      }}
      onPointerCancel={() => {
        dragging.current = false;
      }}
      onPointerLeave={() => props.onHover(null)}
      onKeyDown={(event) => handleKey(event, props)}
    >
      {children}
      <Cursor at={at} now={now} range={range} width={width} />
    </div>
  );
}

function handleKey(event: KeyboardEvent, props: Props): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const meaning = meaningOf(event.key, event.shiftKey, props);
  if (!meaning) return;
  event.preventDefault();
  event.stopPropagation();
  if (meaning.type === 'move') props.onMove(meaning.at, true);
  else if (meaning.type === 'step') props.onStep(meaning.direction);
  else props.onZoom(meaning.factor, meaning.anchor);
}

/** Where one stands. */
function Cursor({ at, now, range, width }: Pick<Props, 'at' | 'now' | 'range' | 'width'>) {
  const left = Math.min(placeIn(at ?? now, range, width), width - 2);
  if (left < 0) return null;
  const colour = at === null ? 'bg-ok' : 'bg-kept';
  return (
    <span aria-hidden="true" className="pointer-events-none absolute inset-y-0" style={{ left }}>
      <span className={`absolute inset-y-0 left-0 w-0.5 ${colour}`} />
      <span className={`absolute top-0 -left-1 size-2.5 rounded-full ${colour}`} />
    </span>
  );
}
