'use client';

import type { ReactNode } from 'react';
import type { Marks } from '@/components/data/mark-store';
import { Graph } from '@/components/graph/graph';
import { ListView } from '@/components/panels/list-view';
import type { RailEntry } from '@/components/panels/rail-entry';
import type { Scene } from '@/lib/layout/scene';
import type { Problem, Problems } from '@/lib/topology/problems';
import type { TopologyState } from '@/lib/wire/reduce';
import { FilterBar } from './filter-bar';
import { FocusBar } from './focus-bar';
import { BESIDE, InspectorPane, PANE } from './inspector-pane';
import { Phone } from './phone';
import { Rail } from './rail';
import type { Actions } from './use-actions';
import { useDrawer, useTight } from './use-narrow';
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
  readonly marks: Marks;
  /** What the list of problems and risks was last asked to open. */
  readonly revealed: RailEntry | null;
  /** In place of the filters, where the server has nothing to filter. */
  readonly bar?: ReactNode;
  /** Focus that the topology was narrowed to already: there is no more to show. */
  readonly narrowedTo?: string | null;
  /** In the inspector's place while nothing is selected; on a phone beneath the verdict. */
  readonly panel?: ReactNode;
  /** Another moment is on its way. */
  readonly dimmed?: boolean;
  /** On a phone, beneath the verdict. */
  readonly note?: ReactNode;
}

/** What the drawer covers. */
const INSPECTOR_WIDTH = 320;

/** Rail, picture, inspector. */
export function Workspace(props: WorkspaceProps) {
  const drawer = useDrawer();
  const tight = useTight();
  const { view, setView, topology, list, narrow } = props;
  if (narrow && view.show !== 'graph') return <Phone {...props} />;
  return (
    <div className={`flex min-h-0 flex-1 ${props.dimmed ? 'opacity-50' : ''}`}>
      <Rail {...props} squeezed={tight && view.select !== null} />
      <div className="relative flex min-w-0 flex-1 flex-col">
        {props.bar ?? <FilterBar view={view} setView={setView} topology={topology} list={list} />}
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
              narrowedTo={props.narrowedTo ?? null}
            />
            {list ? (
              <ListView scene={props.scene} selected={view.select} onOpen={props.actions.open} />
            ) : (
              <Graph
                scene={props.scene}
                selected={view.select}
                picture={view.focus ?? ''}
                onOpen={props.actions.open}
                onClear={props.actions.close}
                covered={drawer && (view.select !== null || props.panel) ? INSPECTOR_WIDTH : 0}
              />
            )}
          </main>
          {view.select === null && props.panel ? (
            <aside aria-label="Comparison" className={`${PANE} ${BESIDE}`}>
              {props.panel}
            </aside>
          ) : (
            <InspectorPane {...props} />
          )}
        </div>
      </div>
    </div>
  );
}
