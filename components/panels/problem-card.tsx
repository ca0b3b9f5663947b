'use client';

import { ChevronRight } from 'lucide-react';
import type { Ref } from 'react';
import { STATUS_TEXT } from '@/components/ui/status';
import { StatusMark } from '@/components/ui/status-mark';
import type { TopologyNode } from '@/lib/topology/model';
import { alsoHarmed, type Problem } from '@/lib/topology/problems';
import { knownStatus } from '@/lib/topology/status-words';
import { age } from '@/lib/topology/text';
import { findingStatus } from './severity';

interface Props {
  readonly problem: Problem;
  readonly nodes: ReadonlyMap<string, TopologyNode>;
  readonly now: number;
  readonly current: boolean;
  readonly onPick: () => void;
  /** It opens beneath itself, instead of leading to a place in the picture. */
  readonly unfolds?: boolean;
  readonly ref?: Ref<HTMLButtonElement>;
}

const MOST_NAMED = 3;

/** One problem of the rail: what a user gets, what else is harmed, why, since when. */
export function ProblemCard({ problem, nodes, now, current, onPick, unfolds, ref }: Props) {
  const status = knownStatus(findingStatus({ severity: problem.severity, state: problem.symptom.state }));
  const also = alsoHarmed(problem, nodes);
  return (
    <button
      type="button"
      ref={ref}
      onClick={onPick}
      {...(unfolds ? { 'aria-expanded': current } : { 'aria-pressed': current })}
      className={`flex w-full gap-2 rounded-xl border px-3 py-2.5 text-left transition-colors ${
        current && !unfolds
          ? 'border-accent bg-accent-soft'
          : 'border-line bg-card hover:border-line-strong hover:bg-hover'
      }`}
    >
      <StatusMark status={status} className="mt-0.5" />
      <span className="min-w-0 flex-1 text-xs">
        <span className={`name text-sm font-semibold ${unfolds && current ? 'block' : 'line-clamp-4'}`}>
          {problem.symptom.title}
        </span>
        {also.length > 0 && (
          <span className="name block text-quiet">
            also {also.slice(0, MOST_NAMED).join(', ')}
            {also.length > MOST_NAMED ? ` and ${also.length - MOST_NAMED} more` : ''}
          </span>
        )}
        <span className="name mt-0.5 block text-soft">{problem.symptom.detail}</span>
        {problem.chain.slice(1).map((cause) => (
          <span key={cause.id} className="mt-0.5 flex gap-1.5 text-warning">
            <span aria-hidden="true">↳</span>
            <span className="name line-clamp-3 min-w-0">
              <span className="sr-only">because </span>
              {cause.detail === '' ? cause.title : cause.detail}
            </span>
          </span>
        ))}
        <span className="mt-1 block text-quiet">
          <span className={STATUS_TEXT[status]}>
            {problem.symptom.state === 'unknown' ? 'not known' : problem.severity}
          </span>
          {' · '}
          {age(problem.since, now)}
        </span>
      </span>
      {unfolds && (
        <ChevronRight
          size={14}
          aria-hidden="true"
          className={`mt-0.5 shrink-0 text-quiet transition-transform ${current ? 'rotate-90' : ''}`}
        />
      )}
    </button>
  );
}
