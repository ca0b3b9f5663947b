'use client';

import { useMemo } from 'react';
import { currentProblem } from '@/components/chrome/current-problem';
import { type Actions, useActions } from '@/components/chrome/use-actions';
import { useNarrow } from '@/components/chrome/use-narrow';
import { useShortcuts } from '@/components/chrome/use-shortcuts';
import { viewOfQuery } from '@/components/chrome/view-state';
import { Workspace } from '@/components/chrome/workspace';
import type { Marks } from '@/components/data/mark-store';
import { useScene } from '@/components/graph/use-scene';
import { type Revealing, useRevealing } from '@/components/panels/use-revealing';
import { everyProblem, problemsOf } from '@/lib/topology/problems';
import type { TopologyState } from '@/lib/wire/reduce';
import type { Snapshot } from '@/lib/wire/snapshot';
import { FrozenNote } from './frozen-note';
import { FrozenTools } from './frozen-tools';
import { problemsHere } from './problems-here';
import { useFrozenView } from './use-frozen-view';

/** Marks are of today; what was seen then is shown whole. */
const NO_MARKS: Marks = {
  list: [],
  shared: false,
  problem: null,
  set: () => undefined,
  remove: () => undefined,
};

/** Problems, picture and inspector of a snapshot; on a phone its chain. */
export function FrozenDesk({
  snapshot,
  topology,
}: {
  readonly snapshot: Snapshot;
  readonly topology: TopologyState;
}) {
  const [view, setView] = useFrozenView(snapshot.view);
  const narrow = useNarrow();
  const scene = useScene(topology, narrow ? null : view.focus, view.expand);
  const { focus } = useMemo(() => viewOfQuery(snapshot.view), [snapshot]);
  const problems = useMemo(() => {
    const all = problemsOf(topology.findings);
    return focus === null ? all : problemsHere(all, topology.nodes);
  }, [topology, focus]);
  const { revealed, reveal }: Revealing = useRevealing(topology, problems);
  const actions = frozenActions(useActions(view, setView, topology, reveal), topology, (id) => {
    void setView({ select: id });
  });
  const list = view.show === 'list';
  useShortcuts({
    list: () => void setView({ show: list ? 'graph' : 'list' }),
    focus: () => {
      if (view.select !== null) actions.focus(view.select);
    },
    back: () => {
      if (view.select !== null) actions.close();
      else if (view.focus !== null) actions.showAll();
    },
  });
  if (!scene) return null;
  return (
    <Workspace
      {...{ view, setView, topology, scene, problems, narrow, list, actions, revealed }}
      current={currentProblem(everyProblem(problems), view, topology.nodes)}
      // Ages are as they were then.
      now={Date.parse(snapshot.takenAt)}
      marks={NO_MARKS}
      narrowedTo={focus}
      bar={<FrozenTools view={view} setView={setView} summary={topology.summary} />}
      note={<FrozenNote text={snapshot.note} />}
    />
  );
}

/** What the server has folded can't be unfolded any more: such a group is shown instead. */
function frozenActions(actions: Actions, topology: TopologyState, select: (id: string) => void): Actions {
  return {
    ...actions,
    open: (id) => (id.startsWith('group:') && topology.nodes.has(id) ? select(id) : actions.open(id)),
  };
}
