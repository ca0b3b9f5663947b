'use client';

import dynamic from 'next/dynamic';
import { useState } from 'react';
import { ClusterContext } from '@/components/clusters/cluster-context';
import { useSwitching } from '@/components/clusters/use-switching';
import { ComparePane } from '@/components/compare/compare-pane';
import { useCompare } from '@/components/compare/use-compare';
import { ChangesContext } from '@/components/graph/changes-context';
import { useScene } from '@/components/graph/use-scene';
import { MomentContext } from '@/components/moment/moment';
import { PastState } from '@/components/timeline/past-state';
import { everyProblem } from '@/lib/topology/problems';
import type { TopologyState } from '@/lib/wire/reduce';
import type { SignedIn } from '@/lib/wire/sign-in';
import { Banners } from './banners';
import { currentProblem } from './current-problem';
import { type Dialog, Dialogs, useDialogsAhead } from './dialogs';
import { TopBar } from './top-bar';
import { type Actions, useActions } from './use-actions';
import { useNarrow } from './use-narrow';
import { useProblems } from './use-problems';
import { useShortcuts } from './use-shortcuts';
import { useShown } from './use-shown';
import { useSignInAgain } from './use-sign-in-again';
import { useViewStream } from './use-view-stream';
import { type SetViewState, useViewState, type ViewState } from './view-state';
import { Waiting } from './waiting';
import { Workspace } from './workspace';

// Loaded after the picture. `ssr: false`: only it waits, not the page.
const Timeline = dynamic(() => import('@/components/timeline/timeline').then((module) => module.Timeline), {
  ssr: false,
});

/** The one screen, of the cluster that the address names. */
export function Dashboard({ signedIn }: { readonly signedIn: SignedIn | null }) {
  const [view, setView] = useViewState();
  return (
    <ClusterContext value={view.cluster}>
      <Screen {...{ view, setView, signedIn }} />
    </ClusterContext>
  );
}

interface ScreenProps {
  readonly view: ViewState;
  readonly setView: SetViewState;
  readonly signedIn: SignedIn | null;
}

function Screen({ view, setView, signedIn }: ScreenProps) {
  useViewStream(view);
  const { topology: shown, link, past, moment, now, clock, version } = useShown(view);
  useSignInAgain(link);
  const { comparison, changes, topology } = useCompare(view, shown);
  const narrow = useNarrow();
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const scene = useScene(topology, narrow ? null : view.focus, view.expand);
  const live = moment.kind === 'live';
  const { problems, marks, revealed, reveal } = useProblems(topology, now, live);
  const actions = useActions(view, setView, topology, reveal);
  const current = problems && topology ? currentProblem(everyProblem(problems), view, topology.nodes) : null;
  const list = view.show === 'list';
  const toLive = () => void setView({ t: null });
  const toCompare = () => void setView({ compare: 'now' });
  useDialogsAhead(scene !== null);
  const switching = useSwitching(view, setView);

  useShortcuts({
    search: () => setDialog('search'),
    help: () => setDialog('help'),
    share: () => setDialog('share'),
    clusters: () => switching.onOpen(true),
    list: () => void setView({ show: list ? 'graph' : 'list' }),
    focus: () => {
      if (view.select !== null) actions.focus(view.select);
    },
    back: () => stepBack(view, setView, actions),
  });

  return (
    <MomentContext value={moment}>
      <ChangesContext value={changes}>
        <div className={`relative flex h-dvh flex-col overflow-hidden ${live ? '' : 'atlas-kept'}`}>
          <TopBar
            {...{ link, live, switching, signedIn }}
            cluster={topology?.cluster ?? null}
            onSearch={() => setDialog('search')}
            onHelp={() => setDialog('help')}
            onShare={topology ? () => setDialog('share') : null}
          />
          <Banners
            {...{ past, link, now, clock }}
            drawn={topology && isDrawable(topology) ? topology : null}
            onLive={toLive}
            onCompare={comparison ? null : toCompare}
          />
          {topology && scene && problems && isDrawable(topology) ? (
            <div className="contents" inert={past.state === 'loading'}>
              <Workspace
                {...{ view, setView, topology, scene, problems, current, now }}
                {...{ narrow, list, actions, marks, revealed }}
                panel={comparison && <ComparePane {...{ comparison, view, setView, topology }} />}
                dimmed={past.state === 'loading'}
              />
            </div>
          ) : (
            <main className="relative min-h-0 flex-1 overflow-auto">
              {past.state !== 'live' && !topology ? (
                <PastState past={past} onLive={toLive} />
              ) : (
                <Waiting
                  {...{ topology, link, view, now }}
                  onClear={actions.clearFilters}
                  onShowAll={actions.showAll}
                />
              )}
            </main>
          )}
          <Timeline
            key={view.cluster}
            t={view.t}
            onMove={(t, history) => void setView({ t }, { history })}
            version={version}
            narrow={narrow}
          />
          <Dialogs
            {...{ dialog, topology, view, actions }}
            onCluster={switching.onPick}
            onClose={() => setDialog(null)}
          />
        </div>
      </ChangesContext>
    </MomentContext>
  );
}

/** Closes the last thing that was opened. */
function stepBack(view: ViewState, setView: SetViewState, actions: Actions): void {
  if (view.select !== null) actions.close();
  else if (view.focus !== null) actions.showAll();
  else if (view.compare !== null) void setView({ compare: null });
  else if (view.t !== null) void setView({ t: null });
}

function isDrawable(topology: TopologyState): boolean {
  return topology.nodes.size > 0;
}
