'use client';

import { ChevronRight } from 'lucide-react';
import { StatusMark } from '@/components/ui/status-mark';
import { count } from '@/components/ui/text';
import type { Finding, Summary, TopologyNode } from '@/lib/topology/model';
import { allClear } from './all-clear';
import { ProblemCard } from './problem-card';
import type { Problem, Problems } from './problems';
import { findingStatus } from './severity';

interface Props {
  readonly problems: Problems;
  readonly nodes: ReadonlyMap<string, TopologyNode>;
  readonly summary: Summary;
  readonly now: number;
  /** Id of the problem in focus. */
  readonly current: string | null;
  readonly onPick: (problem: Problem) => void;
  readonly onPickFinding: (finding: Finding) => void;
}

/** What users get, worst first; then what could not be judged; then risks in one folded line. */
export function ProblemsRail({ problems, nodes, summary, now, current, onPick, onPickFinding }: Props) {
  const cards = (list: readonly Problem[]) =>
    list.map((problem) => (
      <li key={problem.id}>
        <ProblemCard
          problem={problem}
          nodes={nodes}
          now={now}
          current={problem.id === current}
          onPick={() => onPick(problem)}
        />
      </li>
    ));
  return (
    <div className="flex flex-col gap-5 p-3 pb-6">
      <section aria-labelledby="rail-broken">
        <h2 id="rail-broken" className="eyebrow flex justify-between px-1 pb-2">
          Problems
          <span className={problems.broken.length > 0 ? 'text-broken' : ''}>{problems.broken.length}</span>
        </h2>
        {problems.broken.length === 0 ? (
          <AllClear summary={summary} />
        ) : (
          <ul className="flex flex-col gap-2">{cards(problems.broken)}</ul>
        )}
      </section>
      {problems.unknown.length > 0 && (
        <section aria-labelledby="rail-unknown">
          <h2 id="rail-unknown" className="eyebrow flex justify-between px-1 pb-2">
            Not known
            <span>{problems.unknown.length}</span>
          </h2>
          <ul className="flex flex-col gap-2">{cards(problems.unknown)}</ul>
        </section>
      )}
      {problems.risks.length > 0 && <Risks risks={problems.risks} onPick={onPickFinding} />}
    </div>
  );
}

function AllClear({ summary }: { readonly summary: Summary }) {
  const { status, title, more } = allClear(summary);
  return (
    <p className="flex gap-2 rounded-xl border border-line bg-card px-3 py-2.5 text-xs text-soft">
      <StatusMark status={status} className="mt-px" />
      <span>
        {title} {more}
      </span>
    </p>
  );
}

function Risks({
  risks,
  onPick,
}: {
  readonly risks: readonly Finding[];
  readonly onPick: (finding: Finding) => void;
}) {
  return (
    <details className="group rounded-xl border border-line bg-card">
      <summary className="flex list-none items-center gap-1.5 px-3 py-2.5 text-xs text-soft">
        <ChevronRight size={14} aria-hidden="true" className="transition-transform group-open:rotate-90" />
        {count(risks.length, 'risk')} and notes, no traffic harmed
      </summary>
      <ul className="flex flex-col border-t border-line py-1">
        {risks.map((finding) => (
          <li key={finding.id}>
            <button
              type="button"
              onClick={() => onPick(finding)}
              className="flex w-full gap-2 px-3 py-1.5 text-left text-xs hover:bg-hover"
            >
              <StatusMark status={findingStatus(finding)} size={14} className="mt-0.5" />
              <span className="min-w-0">
                <span className="name block font-medium">{finding.title}</span>
                <span className="name block text-quiet">{finding.detail}</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </details>
  );
}
