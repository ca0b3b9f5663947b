'use client';

import dynamic from 'next/dynamic';
import type { SetViewState, ViewState } from '@/components/chrome/view-state';
import { cardText } from '@/lib/layout/card-text';
import type { TopologyState } from '@/lib/wire/reduce';
import type { Comparison } from './use-compare';

// `ssr: false`: it tells times, which read otherwise where the page is made.
const ComparePanel = dynamic(() => import('./compare-panel').then((module) => module.ComparePanel), {
  ssr: false,
});

interface Props {
  readonly comparison: Comparison;
  readonly view: ViewState;
  readonly setView: SetViewState;
  readonly topology: TopologyState;
}

/** The comparison that the address asks for, narrowed to the chains in focus. */
export function ComparePane({ comparison, view, setView, topology }: Props) {
  const node = view.focus === null ? undefined : topology.nodes.get(view.focus);
  return (
    <ComparePanel
      comparison={comparison}
      about={view.focus === null ? null : node ? cardText(node).full : view.focus}
      isDrawn={(id) => topology.nodes.has(id)}
      onOpen={(id) => void setView({ select: id })}
      onClose={() => void setView({ compare: null })}
    />
  );
}
