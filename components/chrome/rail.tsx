'use client';

import { useState } from 'react';
import { CoverageNote } from '@/components/panels/coverage-note';
import { HiddenNote } from '@/components/panels/hidden-note';
import { narrowed } from '@/components/panels/problem-groups';
import { ProblemsRail } from '@/components/panels/problems-rail';
import { ProblemsStrip } from '@/components/panels/problems-strip';
import type { RailChoice } from '@/components/panels/rail-options';
import { useChanged } from '@/components/ui/use-changed';
import type { SetViewState } from './view-state';
import type { WorkspaceProps } from './workspace';

interface Props extends WorkspaceProps {
  /** The inspector needs the room. */
  readonly squeezed: boolean;
}

/** In the address stands only what differs from the usual. */
function chosenView({ group, severity, impact }: Partial<RailChoice>): Parameters<SetViewState>[0] {
  return {
    ...(group && { group: group === 'cause' ? null : group }),
    ...(severity && { severity: severity.length === 0 ? null : [...severity] }),
    ...(impact && { impact: impact.length === 0 ? null : [...impact] }),
  };
}

/** The problems on the left; a strip of marks while the inspector needs the room, until one wants them back. */
export function Rail({ squeezed, problems, topology, now, current, actions, ...props }: Props) {
  const { marks, view, setView, revealed } = props;
  const [wanted, setWanted] = useState(false);
  useChanged(revealed, (entry) => {
    if (entry) setWanted(true);
  });
  const strip = squeezed && !wanted;
  const choice = { group: view.group ?? 'cause', severity: view.severity, impact: view.impact };
  return (
    <aside
      aria-label="Problems"
      className={`relative shrink-0 overflow-y-auto border-r border-line bg-panel max-md:hidden ${
        strip ? 'w-[52px]' : 'w-66 max-[1599px]:w-60'
      }`}
    >
      {strip ? (
        <ProblemsStrip
          problems={problems}
          current={current?.id ?? null}
          onPick={actions.pickProblem}
          onWiden={() => setWanted(true)}
        />
      ) : (
        <>
          {/* First: all that is counted below is of this part only. */}
          <HiddenNote cluster={topology.cluster} nodes={topology.nodes} className="mx-3 mt-3" />
          <ProblemsRail
            problems={narrowed(problems, choice.severity, choice.impact)}
            outOf={problems.broken.length}
            choice={choice}
            onChoose={(chosen) => void setView(chosenView(chosen))}
            marks={marks}
            revealed={revealed}
            findings={topology.findings}
            summary={topology.summary}
            nodes={topology.nodes}
            now={now}
            current={current?.id ?? null}
            onPick={actions.pickProblem}
            onPickFinding={actions.pickFinding}
          />
          <CoverageNote coverage={topology.coverage} />
        </>
      )}
    </aside>
  );
}
