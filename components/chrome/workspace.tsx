'use client';

import { Graph } from '@/components/graph/graph';
import type { Scene } from '@/components/graph/scene';
import { CoverageNote } from '@/components/panels/coverage-note';
import { Inspector } from '@/components/panels/inspector';
import { ListView } from '@/components/panels/list-view';
import { PhoneView } from '@/components/panels/phone-view';
import type { Problem, Problems } from '@/components/panels/problems';
import { ProblemsRail } from '@/components/panels/problems-rail';
import type { TopologyState } from '@/lib/wire/reduce';
import { FilterBar } from './filter-bar';
import { FocusBar } from './focus-bar';
import type { Actions } from './use-actions';
import { useDrawer } from './use-narrow';
import type { SetViewState, ViewState } from './view-state';

export interface WorkspaceProps {
  readonly view: ViewState;
  readonly setView: SetViewState;
  readonly topology: TopologyState;
  readonly scene: Scene;
  readonly problems: Problems;
  readonly current: Problem | null;
  readonly now: number;
  readonly narrow: boolean;
  readonly list: boolean;
  readonly actions: Actions;
}

const INSPECTOR_WIDTH = 340;

/** Rail, picture, inspector. */
export function Workspace(props: WorkspaceProps) {
  const drawer = useDrawer();
  const { view, setView, topology, list, narrow } = props;
  if (narrow && view.show !== 'graph') return <Phone {...props} />;
  return (
    <div className="flex min-h-0 flex-1">
      <aside
        aria-label="Problems"
        className="w-66 shrink-0 max-[1599px]:w-60 overflow-y-auto border-r border-line bg-panel max-lg:w-60 max-md:hidden"
      >
        <ProblemsRail
          problems={props.problems}
          nodes={topology.nodes}
          summary={topology.summary}
          now={props.now}
          current={props.current?.id ?? null}
          onPick={props.actions.pickProblem}
          onPickFinding={props.actions.pickFinding}
        />
        <CoverageNote coverage={topology.coverage} />
      </aside>
      <div className="relative flex min-w-0 flex-1 flex-col">
        <FilterBar view={view} setView={setView} topology={topology} list={list} />
        <div className="relative flex min-h-0 flex-1">
          <main
            className="relative min-w-0 flex-1 overflow-auto"
            aria-label={list ? 'List of chains' : 'Picture of chains'}
          >
            <FocusBar
              view={view}
              scene={props.scene}
              topology={topology}
              actions={props.actions}
              floating={!list}
            />
            {list ? (
              <ListView scene={props.scene} selected={view.select} onOpen={props.actions.open} />
            ) : (
              <Graph
                scene={props.scene}
                selected={view.select}
                onOpen={props.actions.open}
                onClear={props.actions.close}
                covered={drawer && view.select !== null ? INSPECTOR_WIDTH : 0}
              />
            )}
          </main>
          <InspectorPane {...props} />
        </div>
      </div>
    </div>
  );
}

function InspectorPane({ view, scene, topology, now, actions, narrow }: WorkspaceProps) {
  const node =
    view.select === null
      ? undefined
      : (scene.drawing.nodes.get(view.select) ?? topology.nodes.get(view.select));
  if (!node) return null;
  return (
    <aside
      aria-label="Inspector"
      className={`overflow-y-auto border-line bg-panel ${
        narrow
          ? 'fixed inset-0 z-30'
          : 'w-[340px] shrink-0 max-[1599px]:w-[330px] border-l max-[1439px]:absolute max-[1439px]:inset-y-0 max-[1439px]:right-0 max-[1439px]:z-20 max-[1439px]:shadow-float'
      }`}
    >
      <Inspector
        node={node}
        scene={scene}
        findings={topology.findings}
        version={topology.version}
        now={now}
        onOpen={actions.open}
        onFocus={actions.focus}
        onClose={actions.close}
      />
    </aside>
  );
}

function Phone(props: WorkspaceProps) {
  return (
    <main className="min-h-0 flex-1 overflow-y-auto">
      <PhoneView
        scene={props.scene}
        problems={props.problems}
        findings={props.topology.findings}
        nodes={props.topology.nodes}
        summary={props.topology.summary}
        current={props.current}
        now={props.now}
        selected={props.view.select}
        onOpen={props.actions.open}
        onPick={props.actions.pickProblem}
      />
      <InspectorPane {...props} />
    </main>
  );
}
