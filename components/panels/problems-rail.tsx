'use client';

import { StatusMark } from '@/components/ui/status-mark';
import type { Finding, Summary } from '@/lib/topology/model';
import { nodeOf, type Problem, type Problems } from '@/lib/topology/problems';
import { allClear } from './all-clear';
import { ExpectedList } from './expected-list';
import { groupsOf, isNarrowed } from './problem-groups';
import { ProblemList, type ProblemListProps } from './problem-list';
import { type RailChoice, RailOptions } from './rail-options';
import { RiskList } from './risk-list';

interface Props extends ProblemListProps {
  readonly problems: Problems;
  readonly summary: Summary;
  readonly onPickFinding: (finding: Finding) => void;
  readonly choice: RailChoice;
  readonly onChoose: (choice: Partial<RailChoice>) => void;
  /** How many problems there are when nothing is left out. */
  readonly outOf: number;
}

/** What users get, worst first; then what could not be judged; then risks in one folded line. */
export function ProblemsRail(props: Props) {
  const { problems, nodes, summary, now, marks, onPick, onPickFinding, choice, outOf } = props;
  const shown = problems.broken.length;
  const cards = (list: readonly Problem[]) => <ProblemList {...props} problems={list} />;
  return (
    <div className="flex flex-col gap-5 p-3 pb-6">
      <section aria-labelledby="rail-broken">
        <div className="flex items-center gap-1 px-1 pb-1">
          <h2 id="rail-broken" className="eyebrow flex flex-1 items-center justify-between">
            Problems
            <span className={outOf > 0 ? 'text-broken' : ''}>
              {shown < outOf ? `${shown} of ${outOf}` : shown}
            </span>
          </h2>
          <RailOptions choice={choice} onChange={props.onChoose} />
        </div>
        {isNarrowed(choice) && (
          <p className="px-1 pb-2 text-xs text-soft">
            Only what is chosen is shown.{' '}
            <button
              type="button"
              onClick={() => props.onChoose({ severity: [], impact: [] })}
              className="font-medium text-accent"
            >
              Show all
            </button>
          </p>
        )}
        {outOf === 0 && <AllClear summary={summary} />}
        {groupsOf(problems.broken, choice.group, nodes).map(({ title, problems: list }) => (
          <div key={title} className="mb-3 last:mb-0">
            {title !== '' && <h3 className="name px-1 pb-1.5 text-xs font-medium text-soft">{title}</h3>}
            {cards(list)}
          </div>
        ))}
      </section>
      {problems.unknown.length > 0 && (
        <section aria-labelledby="rail-unknown">
          <h2 id="rail-unknown" className="eyebrow flex justify-between px-1 pb-2">
            Not known
            <span>{problems.unknown.length}</span>
          </h2>
          {cards(problems.unknown)}
        </section>
      )}
      {problems.expected.length > 0 && (
        <ExpectedList expected={problems.expected} now={now} onPick={onPick} onRemove={marks.remove} />
      )}
      {problems.risks.length > 0 && (
        <RiskList
          risks={problems.risks}
          isDrawn={(finding) => nodeOf(finding, nodes) !== null}
          onPick={onPickFinding}
          revealed={props.revealed}
          alone={choice.impact.length === 1 && choice.impact[0] === 'risk'}
        />
      )}
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
