'use client';

import { useCallback, useState } from 'react';
import type { Finding } from '@/lib/topology/model';
import type { Problems } from '@/lib/topology/problems';
import type { TopologyState } from '@/lib/wire/reduce';
import { entryOf, type RailEntry } from './rail-entry';

export interface Revealing {
  /** What the list of problems and risks was last asked to open. */
  readonly revealed: RailEntry | null;
  /** Opens a finding's entry in that list. */
  readonly reveal: (finding: Finding) => void;
}

/** Keeps what the rail was last asked to open. */
export function useRevealing(topology: TopologyState | null, problems: Problems | null): Revealing {
  const [revealed, setRevealed] = useState<RailEntry | null>(null);
  const reveal = useCallback(
    (finding: Finding) => {
      if (topology && problems) setRevealed(entryOf(finding, problems, topology.findings));
    },
    [topology, problems],
  );
  return { revealed, reveal };
}
