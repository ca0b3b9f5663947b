'use client';

import { useCallback, useMemo, useState } from 'react';
import { type Marks, useMarks } from '@/components/data/mark-store';
import { withMarks } from '@/components/panels/marks';
import { entryOf, type RailEntry } from '@/components/panels/rail-entry';
import type { Finding } from '@/lib/topology/model';
import { type Problems, problemsOf } from '@/lib/topology/problems';
import type { TopologyState } from '@/lib/wire/reduce';

interface Found {
  readonly problems: Problems | null;
  readonly marks: Marks;
  /** What the list of problems and risks was last asked to open. */
  readonly revealed: RailEntry | null;
  /** Opens a finding's entry in that list. */
  readonly reveal: (finding: Finding) => void;
}

/** What the rail lists at this time (epoch ms), less what is expected. */
export function useProblems(topology: TopologyState | null, now: number): Found {
  const all = useMemo(() => (topology ? problemsOf(topology.findings) : null), [topology]);
  const marks = useMarks(topology?.cluster.id ?? '');
  const problems = useMemo(() => all && withMarks(all, marks.list, now), [all, marks, now]);
  const [revealed, setRevealed] = useState<RailEntry | null>(null);
  const reveal = useCallback(
    (finding: Finding) => {
      if (topology && problems) setRevealed(entryOf(finding, problems, topology.findings));
    },
    [topology, problems],
  );
  return { problems, marks, revealed, reveal };
}
