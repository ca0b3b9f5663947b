'use client';

import { type EdgeProps, getBezierPath } from '@xyflow/react';
import { memo } from 'react';
import { knownStatus, STATUS_TEXT, STATUS_WORD } from '@/components/ui/status';
import { inLines } from '@/components/ui/text';
import type { Status } from '@/lib/topology/model';
import type { WireEdge } from './flow-types';
import { emphasisOf, useHighlight } from './highlight';

/** What fits in the gap between two columns. */
const LABEL_CHARS = 11;
const LABEL_ROOM = 60;
const FAR = 400;

/** A line between two cards; where it breaks there is a mark and the reason. */
export const Wire = memo(function Wire(props: EdgeProps<WireEdge>) {
  const emphasis = useHighlight((state) => emphasisOf(state, 'edges', props.id));
  const edge = props.data?.edge;
  if (!edge) return null;
  const status = knownStatus(edge.status);
  const hangs = props.sourceHandleId === 'hang';
  const { path, x, y } = hangs ? elbow(props) : curve(props);
  return (
    <>
      <path
        className="atlas-edge"
        d={path}
        data-status={status}
        data-emphasis={emphasis}
        data-trunk={isTrunk(props) || undefined}
      />
      <path d={path} fill="none" stroke="transparent" strokeWidth={12}>
        <title>{`${STATUS_WORD[status]}${edge.label === '' ? '' : `: ${edge.label}`} (${edge.basis})`}</title>
      </path>
      {(status === 'broken' || status === 'unknown') && (
        <Mark
          status={status}
          x={x}
          y={y}
          label={hangs || Math.abs(props.targetX - props.sourceX) < LABEL_ROOM ? '' : reasonOn(edge.label)}
          emphasis={emphasis}
          small={hangs}
          // An answer on the line says what comes back; the break itself is further on.
          bare={ANSWER.test(edge.label)}
        />
      )}
    </>
  );
});

const ANSWER = /^\d{3}$/;

/** A port (`→ 8080`) is no reason. */
function reasonOn(label: string): string {
  if (label.startsWith('→')) return '';
  return ANSWER.test(label) ? `→ ${label}` : label;
}

interface Drawn {
  readonly path: string;
  readonly x: number;
  readonly y: number;
}

function curve(props: EdgeProps<WireEdge>): Drawn {
  if (isTrunk(props)) return trunk(props);
  const [path, x, y] = getBezierPath({ ...props, curvature: 0.32 });
  return { path, x, y };
}

function isTrunk({ sourceX, sourceY, targetX, targetY, sourceHandleId }: EdgeProps<WireEdge>): boolean {
  return sourceHandleId === 'out' && targetX - sourceX < LABEL_ROOM && Math.abs(targetY - sourceY) > FAR;
}

/** From or to a door that a hundred hosts share: far ends join one upright trunk instead of a thick bundle of curves. */
function trunk({ sourceX, sourceY, targetX, targetY }: EdgeProps<WireEdge>): Drawn {
  const middle = (sourceX + targetX) / 2;
  const r = 8;
  const down = targetY > sourceY ? 1 : -1;
  const path = `M${sourceX},${sourceY} H${middle - r} Q${middle},${sourceY} ${middle},${sourceY + r * down} V${targetY - r * down} Q${middle},${targetY} ${middle + r},${targetY} H${targetX}`;
  return { path, x: middle, y: (sourceY + targetY) / 2 };
}

/** Down from a rule and across to what hangs under it. */
function elbow({ sourceX, sourceY, targetX, targetY }: EdgeProps<WireEdge>): Drawn {
  const r = 6;
  const path = `M${sourceX},${sourceY} V${targetY - r} Q${sourceX},${targetY} ${sourceX + r},${targetY} H${targetX}`;
  return { path, x: sourceX, y: (sourceY + targetY) / 2 };
}

interface MarkProps {
  readonly status: Status;
  readonly x: number;
  readonly y: number;
  readonly label: string;
  readonly emphasis: string;
  readonly small: boolean;
  readonly bare: boolean;
}

function Mark({ status, x, y, label, emphasis, small, bare }: MarkProps) {
  const r = small ? 6.5 : 9;
  return (
    <g
      className={`atlas-edge-mark ${STATUS_TEXT[status]}`}
      data-emphasis={emphasis}
      transform={`translate(${x},${y})`}
    >
      {!bare && <Sign status={status} r={r} />}
      {label !== '' && (
        <text textAnchor="middle" y={bare ? -6 : r + 15}>
          <title>{label}</title>
          {inLines(label, LABEL_CHARS).map((line, index) => (
            <tspan key={line} x={0} dy={index * 14}>
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
