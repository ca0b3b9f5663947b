'use client';

import type { EdgeProps } from '@xyflow/react';
import { memo } from 'react';
import { STATUS_TEXT } from '@/components/ui/status';
import { linesIn } from '@/lib/layout/fit-text';
import { isAnswer, isTrunk, markAt, markRadius, reasonOn, wayOf } from '@/lib/layout/wire-path';
import type { Status } from '@/lib/topology/model';
import { knownStatus, STATUS_WORD } from '@/lib/topology/status-words';
import type { WireEdge } from './flow-types';
import { emphasisOf, useHighlight } from './highlight';

const LABEL = 13;
/** A narrower gap has a mark only. */
const LABEL_ROOM = 44;

/** A line between two cards; where it breaks there is a mark and the reason. */
export const Wire = memo(function Wire(props: EdgeProps<WireEdge>) {
  const emphasis = useHighlight((state) => emphasisOf(state, 'edges', props.id));
  const edge = props.data?.edge;
  if (!edge) return null;
  const status = knownStatus(edge.status);
  const hangs = props.sourceHandleId === 'hang';
  const loud = status === 'broken' || status === 'unknown';
  const gap = props.targetX - props.sourceX;
  const leaves = props.sourceHandleId === 'rise' ? 'rise' : hangs ? 'hang' : 'out';
  const { path, x, y } = wayOf(props, leaves, loud ? markAt(edge.kind) : 'none');
  return (
    <>
      <path
        className="atlas-edge"
        d={path}
        data-status={status}
        data-emphasis={emphasis}
        data-trunk={(!hangs && isTrunk(props)) || undefined}
      />
      <path d={path} fill="none" stroke="transparent" strokeWidth={12}>
        <title>{`${STATUS_WORD[status]}${edge.label === '' ? '' : `: ${edge.label}`} (${edge.basis})`}</title>
      </path>
      {loud && (
        <Mark
          status={status}
          x={x}
          y={y}
          // Words stand in the middle of the gap, whichever end the mark is at.
          aside={props.sourceX + gap / 2 - x}
          gap={gap}
          label={hangs || gap < LABEL_ROOM ? '' : reasonOn(edge.label)}
          emphasis={emphasis}
          radius={hangs ? 6.5 : markRadius(gap)}
          // An answer on the line says what comes back; the break itself is further on.
          bare={isAnswer(edge.label)}
        />
      )}
    </>
  );
});

interface MarkProps {
  readonly status: Status;
  readonly x: number;
  readonly y: number;
  readonly aside: number;
  readonly gap: number;
  readonly label: string;
  readonly emphasis: string;
  readonly radius: number;
  readonly bare: boolean;
}

function Mark({ status, x, y, aside, gap, label, emphasis, radius, bare }: MarkProps) {
  // The second line stands below the cards, where there is more room.
  const lines = label === '' ? [] : linesIn(label, [gap - 4, gap + 22], LABEL);
  return (
    <g
      className={`atlas-edge-mark ${STATUS_TEXT[status]}`}
      data-emphasis={emphasis}
      transform={`translate(${x},${y})`}
    >
      {!bare && <Sign status={status} r={radius} />}
      {lines.length > 0 && (
        <text textAnchor="middle" y={bare ? -6 : radius + 15}>
          <title>{label}</title>
          {lines.map((line, index) => (
            <tspan key={line} x={aside} dy={index * 14}>
              {line}
            </tspan>
          ))}
        </text>
      )}
    </g>
  );
}

function Sign({ status, r }: { readonly status: Status; readonly r: number }) {
  const arm = r * 0.4;
  return (
    <>
      <circle r={r} />
      {status === 'broken' ? (
        <path d={`M${-arm},${-arm} L${arm},${arm} M${arm},${-arm} L${-arm},${arm}`} />
      ) : (
        <text textAnchor="middle" y={4.5} style={{ stroke: 'none' }}>
          ?
        </text>
      )}
    </>
  );
}
