'use client';

import { PanelLeftOpen } from 'lucide-react';
import { StatusMark } from '@/components/ui/status-mark';
import type { Problem, Problems } from '@/lib/topology/problems';
import { findingStatus } from './severity';

interface Props {
  readonly problems: Problems;
  readonly current: string | null;
  readonly onPick: (problem: Problem) => void;
  readonly onWiden: () => void;
}

/** The rail while there is no room for it: one mark for each problem, in the same order. */
export function ProblemsStrip({ problems, current, onPick, onWiden }: Props) {
  const button = 'grid size-9 place-items-center rounded-lg hover:bg-hover';
  return (
    <div className="flex flex-col items-center gap-1 py-2">
      <button
        type="button"
        onClick={onWiden}
        title="Show the problems"
        aria-label="Show the problems"
        className={`${button} text-soft`}
      >
        <PanelLeftOpen size={17} aria-hidden="true" />
      </button>
      <ul className="flex flex-col gap-1">
        {[...problems.broken, ...problems.unknown].map((problem) => {
          const { severity, symptom } = problem;
          return (
            <li key={problem.id}>
              <button
                type="button"
                onClick={() => onPick(problem)}
                title={`${symptom.title}\n${symptom.detail}`}
                aria-label={symptom.title}
                aria-pressed={problem.id === current}
                className={`${button} border ${problem.id === current ? 'border-accent bg-accent-soft' : 'border-transparent'}`}
              >
                <StatusMark status={findingStatus({ severity, state: symptom.state })} />
              </button>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
