'use client';

import { useMemo, useRef, useState } from 'react';
import { useRoom } from '@/components/graph/use-room';
import { useNow } from '@/components/ui/use-now';
import { useThrottled } from '@/components/ui/use-throttled';
import { STATUS_WORD } from '@/lib/topology/status-words';
import type { WireHistory } from '@/lib/wire/history';
import { Axis, AxisNames } from './axis';
import { Controls } from './controls';
import { type Lane, stepsOf } from './lanes';
import { LaneRow, MarkRow, ROW } from './lanes-view';
import { type Parts, partsOf } from './parts';
import { placeIn, type Range, zoomed } from './scale';
import { Strip } from './strip';
import { useHistory } from './use-history';
import { useMoving } from './use-moving';
import { useOpen } from './use-open';
import { wordsAt } from './words-at';
import { rangeOf, usualZoom, type Zoom } from './zoom';

interface Props {
  /** The moment that is looked at, RFC 3339; null: now. */
  readonly t: string | null;
  readonly onMove: (t: string | null, how: 'push' | 'replace') => void;
  /** Of the live topology: what is new is asked for. */
  readonly version: number;
  /** On a phone it is folded at first, and slim. */
  readonly narrow: boolean;
}

const NO_EVENTS: WireHistory['events'] = [];

/** Faults and changes over time; one may go back to any moment that is kept. */
export function Timeline({ t, onMove, version, narrow }: Props) {
  const now = useNow(2000);
  const [open, toggle] = useOpen(!narrow);
  const [chosen, setZoom] = useState<Zoom | null>(null);
  const [oldest, setOldest] = useState<number | null>(null);
  const [hover, setHover] = useState<number | null>(null);
  const { at, move } = useMoving(t, onMove);
  const ruler = useRef<HTMLDivElement>(null);
  const { width } = useRoom(ruler);
  const zoom = chosen ?? usualZoom(now, oldest);
  const range = useMemo(() => rangeOf(zoom, { now, oldest, at }), [zoom, now, oldest, at]);
  const { history, problem } = useHistory(range, useThrottled(version, 3000));
  const kept = history?.oldest ? Date.parse(history.oldest) : null;
  if (kept !== oldest && kept !== null) setOldest(kept);
  const parts = useMemo(() => partsOf(history, range, width, now), [history, range, width, now]);
  const step = (direction: -1 | 1) => {
    const from = at ?? now;
    const steps = stepsOf(history?.events ?? NO_EVENTS);
    const next = direction === 1 ? steps.find((time) => time > from) : steps.findLast((time) => time < from);
    if (next !== undefined) move(next, true);
    else if (direction === 1) move(null, true);
  };
  return (
    <section aria-label="Timeline" className="relative shrink-0 border-t border-line bg-panel">
      <Controls
        {...{ open, at, zoom, problem }}
        onToggle={toggle}
        onZoom={setZoom}
        onStep={step}
        onLive={() => move(null, true)}
        words={wordsAt(hover ?? at, parts, range, width, hover !== null)}
      />
      {/* As wide as the strip, also while that is folded. */}
      <div ref={ruler} aria-hidden="true" className="mr-2 ml-22" />
      {open && problem === null && (
        <div className="flex px-2 pb-1">
          <Names lanes={parts.lanes} at={range.to} slim={narrow} />
          <Strip
            {...{ range, width, at, now, oldest }}
            onMove={move}
            onHover={setHover}
            onZoom={(factor, anchor) => setZoom({ kind: 'free', range: zoomed(range, factor, anchor, now) })}
            onStep={step}
          >
            <Gaps gaps={parts.gaps} range={range} width={width} />
            <MarkRow marks={parts.marks} range={range} width={width} />
            {parts.lanes.map((lane) => (
              <LaneRow key={lane.status} lane={lane} range={range} width={width} />
            ))}
            {parts.lanes.length === 0 && <div style={{ height: ROW }} />}
            <Axis range={range} width={width} slim={narrow} />
          </Strip>
        </div>
      )}
    </section>
  );
}

function Names({
  lanes,
  at,
  slim,
}: {
  readonly lanes: readonly Lane[];
  readonly at: number;
  readonly slim: boolean;
}) {
  return (
    <div className="flex w-20 shrink-0 flex-col pl-2 text-xs text-quiet" aria-hidden="true">
      <span style={{ height: ROW, lineHeight: `${ROW}px` }}>changes</span>
      {lanes.map(({ status }) => (
        <span key={status} style={{ height: ROW, lineHeight: `${ROW}px` }}>
          {STATUS_WORD[status]}
        </span>
      ))}
      {lanes.length === 0 && <span style={{ height: ROW, lineHeight: `${ROW}px` }}>faults</span>}
      <AxisNames at={at} slim={slim} />
    </div>
  );
}

/** Times of which nothing is known are told, not left blank: blank reads as "all was well". */
function Gaps({
  gaps,
  range,
  width,
}: {
  readonly gaps: Parts['gaps'];
  readonly range: Range;
  readonly width: number;
}) {
  return gaps.map(({ from, to, reason }) => {
    const left = placeIn(from, range, width);
    const length = Math.max(3, placeIn(to, range, width) - left);
    return (
      <span
        key={from}
        title={`No records: ${reason}`}
        className="atlas-gap absolute top-0 bottom-0 overflow-hidden text-xs text-quiet"
        style={{ left, width: length }}
      >
        {length > 120 && <span className="block truncate px-2 leading-5">{reason}</span>}
      </span>
    );
  });
}
