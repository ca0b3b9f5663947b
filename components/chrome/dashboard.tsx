'use client';

import dynamic from 'next/dynamic';
import { useEffect, useMemo, useState } from 'react';
import { useLive } from '@/components/data/live-store';
import { useMarks } from '@/components/data/mark-store';
import { useScene } from '@/components/graph/use-scene';
import { withMarks } from '@/components/panels/marks';
import { useNow } from '@/components/ui/use-now';
import { everyProblem, problemsOf } from '@/lib/topology/problems';
import type { TopologyState } from '@/lib/wire/reduce';
import { currentProblem } from './current-problem';
import { StaleBanner } from './stale-banner';
import { TopBar } from './top-bar';
import { useActions } from './use-actions';
import { useNarrow } from './use-narrow';
import { useShortcuts } from './use-shortcuts';
import { useViewStream } from './use-view-stream';
import { useViewState } from './view-state';
import { Waiting } from './waiting';
import { Workspace } from './workspace';

// Loaded after the picture. `ssr: false` also means: only they wait, not the whole page.
const loadSearch = () => import('./search-palette').then((module) => module.SearchPalette);
const loadHelp = () => import('./help-dialog').then((module) => module.HelpDialog);
const SearchPalette = dynamic(loadSearch, { ssr: false });
const HelpDialog = dynamic(loadHelp, { ssr: false });

/** The one screen. */
export function Dashboard() {
  const [view, setView] = useViewState();
  useViewStream(view);
  const topology = useLive((live) => live.topology);
  const link = useLive((live) => live.link);
  const now = useNow(5000);
  const narrow = useNarrow();
  const [dialog, setDialog] = useState<'search' | 'help' | null>(null);
  const actions = useActions(view, setView, topology);
  const scene = useScene(topology, narrow ? null : view.focus, view.expand);
  const found = useMemo(() => (topology ? problemsOf(topology.findings) : null), [topology]);
  const marks = useMarks(topology?.cluster.id ?? '');
  const problems = useMemo(() => found && withMarks(found, marks.list, now), [found, marks, now]);
  const current = problems && topology ? currentProblem(everyProblem(problems), view, topology.nodes) : null;
  const list = view.show === 'list';
  const drawn = scene !== null;
  // Ahead of need: what is typed right after `/` would go nowhere while its code is on the way.
  useEffect(() => {
    if (drawn) void Promise.allSettled([loadSearch(), loadHelp()]);
  }, [drawn]);

  useShortcuts({
    search: () => setDialog('search'),
    help: () => setDialog('help'),
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
      />
      {topology && isDrawable(topology) && <StaleBanner link={link} cluster={topology.cluster} now={now} />}
      {topology && scene && problems && isDrawable(topology) ? (
        <Workspace
          {...{ view, setView, topology, scene, problems, current, now, narrow, list, actions, marks }}
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
      {dialog === 'help' && <HelpDialog open onClose={() => setDialog(null)} />}
    </div>
  );
}

function isDrawable(topology: TopologyState): boolean {
  return topology.nodes.size > 0;
}
