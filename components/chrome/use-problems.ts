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

/** What the rail lists at this time (epoch ms), less what is expected. */
export function useProblems(topology: TopologyState | null, now: number): Found {
  const all = useMemo(() => (topology ? problemsOf(topology.findings) : null), [topology]);
  const marks = useMarks(topology?.cluster.id ?? '');
  const problems = useMemo(() => all && withMarks(all, marks.list, now), [all, marks, now]);
  const { revealed, reveal } = useRevealing(topology, problems);
  return { problems, marks, revealed, reveal };
}
