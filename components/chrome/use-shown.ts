'use client';

import { useMemo } from 'react';
import { clusterOf } from '@/components/data/cluster-of';
import { useLive } from '@/components/data/live-store';
import type { Link } from '@/components/data/protocol';
import { LIVE, type Moment } from '@/components/moment/moment';
import { type Past, usePast } from '@/components/timeline/use-past';
import { useNow } from '@/components/ui/use-now';
import type { TopologyState } from '@/lib/wire/reduce';
import { streamFilters, type ViewState } from './view-state';

export interface Shown {
  /** What is drawn; null while there is nothing. */
  readonly topology: TopologyState | null;
  /** Version of what is live, whatever is drawn. */
  readonly version: number;
  readonly link: Link;
  readonly past: Past;
  readonly moment: Moment;
  /** Epoch ms: ages are as they were at the moment that is shown. */
  readonly now: number;
  /** Epoch ms, of the clock on the wall. */
  readonly clock: number;
}

/** The topology of the moment that the address names: live, or of the past. */
export function useShown(view: ViewState): Shown {
  const wanted = view.cluster ?? '';
  const live = useLive((state) => (clusterOf(state.filters ?? '') === wanted ? state.topology : null));
  const link = useLive((state) => state.link);
  const clock = useNow(5000);
  const past = usePast({ at: view.t, filters: streamFilters(view, null), focus: view.focus });
  const at = past.state === 'live' ? null : past.at;
  const moment = useMemo<Moment>(() => (at === null ? LIVE : { kind: 'past', at }), [at]);
  const then = at === null ? Number.NaN : Date.parse(at);
  return {
    topology: topologyOf(past, live),
    version: live?.version ?? 0,
    link,
    past,
    moment,
    now: Number.isNaN(then) ? clock : then,
    clock,
  };
}

/** What was drawn stays (dimmed) until the moment that is asked for has come. */
function topologyOf(past: Past, live: TopologyState | null): TopologyState | null {
  if (past.state === 'live') return live;
  return past.state === 'failed' ? null : (past.topology ?? live);
}
