'use client';

import { StatusMark } from '@/components/ui/status-mark';
import type { ExpectedProblem, Problem } from '@/lib/topology/problems';
import { clock } from '@/lib/topology/text';
import { findingStatus } from './severity';

interface Props {
  readonly expected: readonly ExpectedProblem[];
  readonly now: number;
  readonly onPick: (problem: Problem) => void;
  readonly onRemove: (id: string) => void;
}

/** Faults that somebody knows of: still there, quiet, with until when and why. */
export function ExpectedList({ expected, now, onPick, onRemove }: Props) {
  return (
    <section aria-labelledby="rail-expected">
      <h2 id="rail-expected" className="eyebrow flex justify-between px-1 pb-2">
        Expected
        <span>{expected.length}</span>
      </h2>
      <ul className="flex flex-col gap-2">
        {expected.map(({ problem, mark }) => (
          <li
            key={problem.id}
            className="rounded-xl border border-line bg-sunken px-3 py-2 text-xs text-quiet"
          >
            <button
              type="button"
              onClick={() => onPick(problem)}
              className="flex w-full gap-2 text-left hover:text-text"
            >
              <StatusMark
                status={findingStatus({ severity: problem.severity, state: problem.symptom.state })}
                className="opacity-60"
              />
              <span className="name min-w-0">
                <span className="line-clamp-2 font-medium">{problem.symptom.title}</span>
                {mark.note !== '' && <span className="line-clamp-3">“{mark.note}”</span>}
              </span>
            </button>
            <p className="mt-1 flex items-center justify-between gap-2">
              <span className="name min-w-0">
                until {clock(mark.until, now)}
                {mark.by ? `, marked by ${mark.by}` : ''}
              </span>
              <button
                type="button"
                onClick={() => onRemove(mark.id)}
                className="rounded-md px-1.5 py-0.5 font-medium text-accent hover:bg-hover"
              >
                Not expected
              </button>
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}
