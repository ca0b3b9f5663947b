'use client';

import { useRef, useState } from 'react';
import type { Marks } from '@/components/data/mark-store';
import { useChanged } from '@/components/ui/use-changed';
import { useRevealed } from '@/components/ui/use-revealed';
import type { Finding, TopologyNode } from '@/lib/topology/model';
import { isGeneral, type Problem } from '@/lib/topology/problems';
import { FindingBasis } from './finding-card';
import { FixPanel } from './fix-panel';
import { ProblemCard } from './problem-card';
import type { RailEntry } from './rail-entry';

export interface ProblemListProps {
  readonly nodes: ReadonlyMap<string, TopologyNode>;
  readonly findings: ReadonlyMap<string, Finding>;
  readonly marks: Marks;
  readonly now: number;
  /** Id of the problem in focus. */
  readonly current: string | null;
  /** What was asked for by other means than a click here. */
  readonly revealed: RailEntry | null;
  readonly onPick: (problem: Problem) => void;
}

/** Problems as cards. One that no node stands for unfolds here: neither picture nor inspector can show it. */
export function ProblemList({
  problems,
  ...props
}: ProblemListProps & { readonly problems: readonly Problem[] }) {
  const { revealed, nodes } = props;
  const [open, setOpen] = useState(revealed?.list === 'problems' ? revealed.id : null);
  useChanged(revealed, (entry) => {
    if (entry?.list === 'problems') setOpen(entry.id);
  });
  return (
    <ul className="flex flex-col gap-2">
      {problems.map((problem) => {
        const { id } = problem;
        return isGeneral(problem, nodes) ? (
          <General
            key={id}
            {...props}
            problem={problem}
            open={open === id}
            onToggle={() => setOpen(open === id ? null : id)}
          />
        ) : (
          <li key={id}>
            <ProblemCard
              problem={problem}
              nodes={nodes}
              now={props.now}
              current={id === props.current}
              onPick={() => props.onPick(problem)}
            />
          </li>
        );
      })}
    </ul>
  );
}

interface GeneralProps extends ProblemListProps {
  readonly problem: Problem;
  readonly open: boolean;
  readonly onToggle: () => void;
}

function General({ problem, findings, nodes, marks, now, open, onToggle, revealed }: GeneralProps) {
  const card = useRef<HTMLButtonElement>(null);
  useRevealed(card, revealed?.list === 'problems' && revealed.id === problem.id ? revealed : null);
  return (
    <li className="flex flex-col gap-2">
      <ProblemCard
        ref={card}
        problem={problem}
        nodes={nodes}
        now={now}
        current={open}
        onPick={onToggle}
        unfolds
      />
      {open && (
        <div className="flex flex-col gap-3 px-1 pb-2 text-xs">
          <div>
            <FindingBasis finding={problem.symptom} all={findings} now={now} marks={marks} />
          </div>
          <FixPanel findings={[...problem.chain].reverse()} />
        </div>
      )}
    </li>
  );
}
