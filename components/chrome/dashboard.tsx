'use client';

import dynamic from 'next/dynamic';
import { useEffect, useState } from 'react';
import { useLive } from '@/components/data/live-store';
import { useScene } from '@/components/graph/use-scene';
import { useNow } from '@/components/ui/use-now';
import { everyProblem } from '@/lib/topology/problems';
import { type TopologyState, toTopology } from '@/lib/wire/reduce';
import { currentProblem } from './current-problem';
import { StaleBanner } from './stale-banner';
import { TopBar } from './top-bar';
import { useActions } from './use-actions';
import { useNarrow } from './use-narrow';
import { useProblems } from './use-problems';
import { useShortcuts } from './use-shortcuts';
import { useViewStream } from './use-view-stream';
import { sharedView, useViewState } from './view-state';
import { Waiting } from './waiting';
import { Workspace } from './workspace';

// Loaded after the picture. `ssr: false` also means: only they wait, not the whole page.
const loadSearch = () => import('./search-palette').then((module) => module.SearchPalette);
const loadHelp = () => import('./help-dialog').then((module) => module.HelpDialog);
const loadShare = () => import('@/components/share/share-dialog').then((module) => module.ShareDialog);
const SearchPalette = dynamic(loadSearch, { ssr: false });
const HelpDialog = dynamic(loadHelp, { ssr: false });
const ShareDialog = dynamic(loadShare, { ssr: false });

/** The one screen. */
export function Dashboard() {
  const [view, setView] = useViewState();
  useViewStream(view);
  const topology = useLive((live) => live.topology);
  const link = useLive((live) => live.link);
  const now = useNow(5000);
  const narrow = useNarrow();
  const [dialog, setDialog] = useState<'search' | 'help' | 'share' | null>(null);
  const scene = useScene(topology, narrow ? null : view.focus, view.expand);
  const { problems, marks, revealed, reveal } = useProblems(topology, now);
  const actions = useActions(view, setView, topology, reveal);
  const current = problems && topology ? currentProblem(everyProblem(problems), view, topology.nodes) : null;
  const list = view.show === 'list';
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
    },
  });

  return (
    <div className="relative flex h-dvh flex-col overflow-hidden">
      <TopBar
        link={link}
        cluster={topology?.cluster ?? null}
        onSearch={() => setDialog('search')}
        onHelp={() => setDialog('help')}
        onShare={topology ? () => setDialog('share') : null}
      />
      {topology && isDrawable(topology) && <StaleBanner link={link} cluster={topology.cluster} now={now} />}
      {topology && scene && problems && isDrawable(topology) ? (
        <Workspace
          {...{ view, setView, topology, scene, problems, current, now }}
          {...{ narrow, list, actions, marks, revealed }}
        />
      ) : (
        <main className="relative min-h-0 flex-1 overflow-auto">
          <Waiting
            topology={topology}
            link={link}
            view={view}
            now={now}
            onClear={actions.clearFilters}
            onShowAll={actions.showAll}
          />
        </main>
      )}
      {dialog === 'search' && (
        <SearchPalette
          open
          topology={topology}
          onClose={() => setDialog(null)}
          onNode={actions.pickNode}
          onFinding={actions.pickFinding}
        />
      )}
      {dialog === 'share' && topology && (
        <ShareDialog
          topology={toTopology(topology)}
          focus={view.focus}
          view={sharedView(view)}
          at={view.t}
          onClose={() => setDialog(null)}
        />
      )}
      {dialog === 'help' && <HelpDialog open onClose={() => setDialog(null)} />}
    </div>
  );
}

/** Ahead of need: what is typed right after `/` would go nowhere while its code is on the way. */
function useDialogsAhead(drawn: boolean): void {
  useEffect(() => {
    if (drawn) void Promise.allSettled([loadSearch(), loadHelp(), loadShare()]);
  }, [drawn]);
}

function isDrawable(topology: TopologyState): boolean {
  return topology.nodes.size > 0;
}
