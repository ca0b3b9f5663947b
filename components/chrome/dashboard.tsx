'use client';

import dynamic from 'next/dynamic';
import { useState } from 'react';
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
import { useActions } from './use-actions';
import { useNarrow } from './use-narrow';
import { useProblems } from './use-problems';
import { useShortcuts } from './use-shortcuts';
import { useShown } from './use-shown';
import { useSignInAgain } from './use-sign-in-again';
import { useViewStream } from './use-view-stream';
import { useViewState } from './view-state';
import { Waiting } from './waiting';
import { Workspace } from './workspace';

// Loaded after the picture. `ssr: false`: only it waits, not the page.
const Timeline = dynamic(() => import('@/components/timeline/timeline').then((module) => module.Timeline), {
  ssr: false,
});

/** The one screen. */
export function Dashboard({ signedIn }: { readonly signedIn: SignedIn | null }) {
  const [view, setView] = useViewState();
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

  useShortcuts({
    search: () => setDialog('search'),
    help: () => setDialog('help'),
    share: () => setDialog('share'),
    list: () => void setView({ show: list ? 'graph' : 'list' }),
    focus: () => {
      if (view.select !== null) actions.focus(view.select);
    },
    back: () => {
      if (view.select !== null) actions.close();
      else if (view.focus !== null) actions.showAll();
      else if (comparison) void setView({ compare: null });
      else if (!live) toLive();
    },
  });

  return (
    <MomentContext value={moment}>
      <ChangesContext value={changes}>
        <div className={`relative flex h-dvh flex-col overflow-hidden ${live ? '' : 'atlas-kept'}`}>
          <TopBar
            {...{ link, live, signedIn }}
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
            t={view.t}
            onMove={(t, history) => void setView({ t }, { history })}
            version={version}
            narrow={narrow}
          />
          <Dialogs {...{ dialog, topology, view, actions }} onClose={() => setDialog(null)} />
        </div>
      </ChangesContext>
    </MomentContext>
  );
}

function isDrawable(topology: TopologyState): boolean {
  return topology.nodes.size > 0;
}
