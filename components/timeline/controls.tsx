'use client';

import { ChevronDown, ChevronLeft, ChevronRight, ChevronUp, Radio } from 'lucide-react';
import type { ReactNode } from 'react';
import { ownZone, placeTime, utcTime } from '@/components/moment/times';
import { sameZoom, ZOOMS, type Zoom } from './zoom';

interface Props {
  readonly open: boolean;
  readonly onToggle: () => void;
  /** Epoch ms; null: now. */
  readonly at: number | null;
  readonly zoom: Zoom;
  readonly onZoom: (zoom: Zoom) => void;
  readonly onStep: (direction: -1 | 1) => void;
  readonly onLive: () => void;
  /** What there is at the moment or under the pointer. */
  readonly words: string;
  /** Why nothing can be shown; null while it can. */
  readonly problem: string | null;
}

/** The head of the strip: where one stands, steps, zoom, and the way back. */
export function Controls(props: Props) {
  const { open, at, problem } = props;
  const Fold = open ? ChevronDown : ChevronUp;
  return (
    <div className="flex min-h-9 flex-wrap items-center gap-x-2 gap-y-1 px-2 py-0.5 text-xs">
      <button
        type="button"
        aria-expanded={open}
        onClick={props.onToggle}
        className="flex h-8 items-center gap-1.5 rounded-md px-2 font-semibold text-soft hover:bg-hover hover:text-text"
      >
        <Fold size={15} aria-hidden="true" />
        Timeline
      </button>
      {problem === null && (
        <>
          <StepButton label="To the change before (Page Down)" onClick={() => props.onStep(-1)}>
            <ChevronLeft size={15} aria-hidden="true" />
          </StepButton>
          <StepButton label="To the next change (Page Up)" onClick={() => props.onStep(1)}>
            <ChevronRight size={15} aria-hidden="true" />
          </StepButton>
        </>
      )}
      <p className="font-medium tabular-nums">
        {at === null ? (
          <span className="text-ok">now</span>
        ) : (
          <span className="text-kept">{momentOf(at)}</span>
        )}
      </p>
      {at !== null && (
        <button
          type="button"
          onClick={props.onLive}
          className="flex h-7 items-center gap-1.5 rounded-md border border-kept px-2 font-medium hover:bg-hover"
        >
          <Radio size={13} aria-hidden="true" />
          Back to live
        </button>
      )}
      <p
        role="status"
        className="name min-w-0 flex-1 basis-40 truncate text-soft max-md:basis-full"
        title={problem ?? props.words}
      >
        {problem === null ? props.words : `No history: ${problem}`}
      </p>
      {open && problem === null && <Zooms zoom={props.zoom} onZoom={props.onZoom} />}
    </div>
  );
}

function momentOf(at: number): string {
  const local = placeTime(at, ownZone());
  return `${utcTime(at)}${local === '' ? '' : ` (${local})`}`;
}

function StepButton({
  label,
  onClick,
  children,
}: {
  readonly label: string;
  readonly onClick: () => void;
  readonly children: ReactNode;
}) {
  return (
    <button
      type="button"
      title={label}
      aria-label={label}
      onClick={onClick}
      className="grid size-8 place-items-center rounded-md text-soft hover:bg-hover hover:text-text"
    >
      {children}
    </button>
  );
}

function Zooms({ zoom, onZoom }: Pick<Props, 'zoom' | 'onZoom'>) {
  return (
    <fieldset className="flex items-center rounded-lg border border-line">
      <legend className="sr-only">How much time is shown</legend>
      {ZOOMS.map((choice) => {
        const on = sameZoom(choice.zoom, zoom);
        return (
          <button
            key={choice.label}
            type="button"
            aria-pressed={on}
            onClick={() => onZoom(choice.zoom)}
            className={`h-7 rounded-lg px-2 font-medium ${on ? 'bg-accent-soft text-accent' : 'text-soft hover:bg-hover'}`}
          >
            {choice.label}
          </button>
        );
      })}
    </fieldset>
  );
}
