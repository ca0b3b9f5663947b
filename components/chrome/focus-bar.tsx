'use client';

import { X } from 'lucide-react';
import { cardText } from '@/lib/layout/card-text';
import type { Scene } from '@/lib/layout/scene';
import type { TopologyState } from '@/lib/wire/reduce';
import type { Actions } from './use-actions';
import type { ViewState } from './view-state';

interface Props {
  readonly view: ViewState;
  readonly scene: Scene;
  readonly topology: TopologyState;
  readonly actions: Actions;
  readonly floating: boolean;
  /** Focus beyond which there is nothing to show. */
  readonly narrowedTo: string | null;
}

/** Says that one sees a part only, and how to see all again. */
export function FocusBar({ view, scene, topology, actions, floating, narrowedTo }: Props) {
  const focused = view.focus !== null && view.focus !== narrowedTo;
  if (!focused && view.expand.length === 0) return null;
  const node = view.focus === null ? undefined : topology.nodes.get(view.focus);
  const name = node ? cardText(node).full : view.focus;
  return (
    <div className={`z-10 flex flex-wrap gap-2 ${floating ? 'absolute bottom-1 left-2' : 'px-4 pt-4'}`}>
      {focused && (
        <Chip action="Show all" onAction={actions.showAll}>
          {scene.focusFound ? 'Showing the chains of ' : 'Not in this view (any more): '}
          <bdi className="font-semibold">{name}</bdi>
        </Chip>
      )}
      {view.expand.length > 0 && (
        <Chip action="Fold" onAction={actions.fold}>
          {view.expand.length === 1 ? '1 group unfolded' : `${view.expand.length} groups unfolded`}
        </Chip>
      )}
    </div>
  );
}

interface ChipProps {
  readonly action: string;
  readonly onAction: () => void;
  readonly children: React.ReactNode;
}

function Chip({ action, onAction, children }: ChipProps) {
  return (
    <p className="flex max-w-[40rem] items-center gap-2 rounded-full border border-accent bg-panel py-1 pr-1 pl-3.5 text-xs shadow-card">
      <span className="min-w-0 truncate">{children}</span>
      <button
        type="button"
        onClick={onAction}
        className="flex shrink-0 items-center gap-1 rounded-full bg-accent-soft px-2.5 py-1 font-medium text-accent hover:bg-hover"
      >
        <X size={13} aria-hidden="true" />
        {action}
      </button>
    </p>
  );
}
