'use client';

import { useMemo } from 'react';
import { type Marks, useMarks } from '@/components/data/mark-store';
import { withMarks } from '@/components/panels/marks';
import { type Revealing, useRevealing } from '@/components/panels/use-revealing';
import { type Problems, problemsOf } from '@/lib/topology/problems';
import type { TopologyState } from '@/lib/wire/reduce';

interface Found extends Revealing {
  readonly problems: Problems | null;
  readonly marks: Marks;
}

/** What the rail lists at this time (epoch ms), less what is expected; marks are of today and change nothing of the past. */
export function useProblems(topology: TopologyState | null, now: number, live: boolean): Found {
  const all = useMemo(() => (topology ? problemsOf(topology.findings) : null), [topology]);
  const marks = useMarks(topology?.cluster.id ?? '');
  const problems = useMemo(
    () => all && (live ? withMarks(all, marks.list, now) : all),
    [all, marks, now, live],
  );
  const { revealed, reveal } = useRevealing(topology, problems);
  return { problems, marks, revealed, reveal };
}
