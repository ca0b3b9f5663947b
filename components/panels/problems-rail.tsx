'use client';

import { StatusMark } from '@/components/ui/status-mark';
import type { Finding, Summary, TopologyNode } from '@/lib/topology/model';
import { nodeOf, type Problem, type Problems } from '@/lib/topology/problems';
import { allClear } from './all-clear';
import { ExpectedList } from './expected-list';
import { ProblemCard } from './problem-card';
import { groupsOf } from './problem-groups';
import { type RailChoice, RailOptions } from './rail-options';
import { RiskList } from './risk-list';

interface Props {
  readonly problems: Problems;
  readonly nodes: ReadonlyMap<string, TopologyNode>;
  readonly summary: Summary;
  readonly now: number;
  /** Id of the problem in focus. */
  readonly current: string | null;
  readonly onPick: (problem: Problem) => void;
  readonly onPickFinding: (finding: Finding) => void;
  readonly choice: RailChoice;
  readonly onChoose: (choice: Partial<RailChoice>) => void;
  /** The choice may leave something out. */
  readonly hidden: boolean;
  readonly onUnexpect: (id: string) => void;
}

/** What users get, worst first; then what could not be judged; then risks in one folded line. */
export function ProblemsRail(props: Props) {
  const { problems, nodes, summary, now, current, onPick, onPickFinding, choice, hidden } = props;
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
        <div className="flex items-center gap-1 px-1 pb-1">
          <h2 id="rail-broken" className="eyebrow flex flex-1 items-center justify-between">
            Problems
            <span className={problems.broken.length > 0 ? 'text-broken' : ''}>{problems.broken.length}</span>
          </h2>
          <RailOptions choice={choice} onChange={props.onChoose} />
        </div>
        {problems.broken.length === 0 && hidden && (
          <p className="px-1 text-xs text-soft">None of what is chosen above.</p>
        )}
        {problems.broken.length === 0 && !hidden && <AllClear summary={summary} />}
        {groupsOf(problems.broken, choice.group, nodes).map(({ title, problems: list }) => (
          <div key={title} className="mb-3 last:mb-0">
            {title !== '' && <h3 className="name px-1 pb-1.5 text-xs font-medium text-soft">{title}</h3>}
            <ul className="flex flex-col gap-2">{cards(list)}</ul>
          </div>
        ))}
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
      {problems.expected.length > 0 && (
        <ExpectedList expected={problems.expected} now={now} onPick={onPick} onRemove={props.onUnexpect} />
      )}
      {problems.risks.length > 0 && (
        <RiskList
          risks={problems.risks}
          isDrawn={(finding) => nodeOf(finding, nodes) !== null}
          onPick={onPickFinding}
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
