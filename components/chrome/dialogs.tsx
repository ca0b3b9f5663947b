'use client';

import dynamic from 'next/dynamic';
import { useEffect } from 'react';
import type { ClusterEntry } from '@/lib/wire/clusters';
import { type TopologyState, toTopology } from '@/lib/wire/reduce';
import type { Actions } from './use-actions';
import { sharedView, type ViewState } from './view-state';

// Loaded after the picture. `ssr: false` also means: only they wait, not the whole page.
const loadSearch = () => import('./search-palette').then((module) => module.SearchPalette);
const loadHelp = () => import('./help-dialog').then((module) => module.HelpDialog);
const loadShare = () => import('@/components/share/share-dialog').then((module) => module.ShareDialog);
const SearchPalette = dynamic(loadSearch, { ssr: false });
const HelpDialog = dynamic(loadHelp, { ssr: false });
const ShareDialog = dynamic(loadShare, { ssr: false });

export type Dialog = 'search' | 'help' | 'share';

interface Props {
  readonly dialog: Dialog | null;
  readonly topology: TopologyState | null;
  readonly view: ViewState;
  readonly actions: Actions;
  readonly onCluster: (cluster: ClusterEntry) => void;
  readonly onClose: () => void;
}

/** What opens over the page, one at a time. */
export function Dialogs({ dialog, topology, view, actions, onCluster, onClose }: Props) {
  switch (dialog) {
    case 'search':
      return (
        <SearchPalette
          open
          topology={topology}
          onClose={onClose}
          onNode={actions.pickNode}
          onFinding={actions.pickFinding}
          onCluster={onCluster}
        />
      );
    case 'help':
      return <HelpDialog open onClose={onClose} />;
    case 'share':
      return topology ? (
        <ShareDialog
          topology={toTopology(topology)}
          focus={view.focus}
          view={sharedView(view)}
          at={view.t}
          onClose={onClose}
        />
      ) : null;
    default:
      return null;
  }
}

/** Ahead of need: what is typed right after `/` would go nowhere while its code is on the way. */
export function useDialogsAhead(drawn: boolean): void {
  useEffect(() => {
    if (drawn) void Promise.allSettled([loadSearch(), loadHelp(), loadShare()]);
  }, [drawn]);
}
