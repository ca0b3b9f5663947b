'use client';

import { useState } from 'react';
import { CoverageNote } from '@/components/panels/coverage-note';
import { ProblemsRail } from '@/components/panels/problems-rail';
import { ProblemsStrip } from '@/components/panels/problems-strip';
import type { WorkspaceProps } from './workspace';

interface Props extends WorkspaceProps {
  /** The inspector needs the room. */
  readonly squeezed: boolean;
}

/** The problems on the left; a strip of marks while the inspector needs the room, until one wants them back. */
export function Rail({ squeezed, problems, topology, now, current, actions }: Props) {
  const [wanted, setWanted] = useState(false);
  const strip = squeezed && !wanted;
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
          <ProblemsRail
            problems={problems}
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
