'use client';

import { useMemo } from 'react';
import { streamFilters, type ViewState } from '@/components/chrome/view-state';
import { type Remote, useRemote } from '@/components/panels/use-remote';
import { useNow } from '@/components/ui/use-now';
import type { WireDiff } from '@/lib/wire/diff';
import type { TopologyState } from '@/lib/wire/reduce';
import { type Changes, changesOf, NO_CHANGES, withOther } from './changes';
import { type Ends, endsOf } from './ends';

export interface Comparison {
  readonly ends: Ends;
  readonly remote: Remote<WireDiff>;
}

export interface Compared {
  /** null: nothing is compared. */
  readonly comparison: Comparison | null;
  readonly changes: Changes;
  /** What is drawn, with what stands on the other side only. */
  readonly topology: TopologyState | null;
}

/** While one end is now: a comparison of a big cluster is not done anew with each of its changes. */
const AGAIN_MS = 10_000;

/** What has changed between the moment that is drawn and the one that the address compares it with. */
export function useCompare(view: ViewState, topology: TopologyState | null): Compared {
  const { compare, t, focus } = view;
  const clock = useNow(AGAIN_MS);
  const ends = useMemo(() => (compare === null ? null : endsOf(compare, t)), [compare, t]);
  const again = ends?.to === 'now' ? clock : 0;
  const remote = useRemote(ends && addressOf(ends, view, focus), readDiff, again);
  const diff = ends !== null && remote.state === 'done' ? remote.value : null;
  const changes = useMemo(() => (diff && ends ? changesOf(diff, ends.drawn) : NO_CHANGES), [diff, ends]);
  const drawn = useMemo(
    () => (topology && diff && ends ? withOther(topology, diff, ends.drawn) : topology),
    [topology, diff, ends],
  );
  return { comparison: ends && { ends, remote }, changes, topology: drawn };
}

function addressOf({ from, to }: Ends, view: ViewState, focus: string | null): string {
  const query = new URLSearchParams(streamFilters(view, focus));
  for (const key of ['budget', 'scope', 'expand']) query.delete(key);
  query.set('from', from);
  query.set('to', to);
  return `/api/v1/diff?${query}`;
}

/** The server is ours and held to its schema by tests; here only the shape that is drawn is checked. */
function readDiff(body: unknown): WireDiff | null {
  if (typeof body !== 'object' || body === null) return null;
  const lists = body as Readonly<Record<string, unknown>>;
  return ['nodes', 'edges', 'findings'].every((key) => Array.isArray(lists[key])) ? (body as WireDiff) : null;
}
