'use client';

import dynamic from 'next/dynamic';
import { type ComponentProps, lazy, Suspense, useEffect, useState } from 'react';
import { useFocusBack } from '@/components/ui/use-focus-back';
import type { ClusterEntry } from '@/lib/wire/clusters';
import { type TopologyState, toTopology } from '@/lib/wire/reduce';
import { SearchStandIn } from './search-stand-in';
import type { Actions } from './use-actions';
import { sharedView, type ViewState } from './view-state';

// Loaded after the picture. `ssr: false` also means: only they wait, not the whole page.
const loadSearch = async () => ({ default: (await import('./search-palette')).SearchPalette });
const loadHelp = () => import('./help-dialog').then((module) => module.HelpDialog);
const loadShare = () => import('@/components/share/share-dialog').then((module) => module.ShareDialog);
const LazySearch = lazy(loadSearch);
/** Once it is loaded, no stand-in is needed: a lazy component would show it for a moment all the same. */
let loadedSearch: typeof LazySearch | Awaited<ReturnType<typeof loadSearch>>['default'] = LazySearch;
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
        <Search
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

/** Around the palette and its stand-in: whoever opened it has the focus again after either. */
function Search(props: ComponentProps<typeof LazySearch>) {
  useFocusBack();
  const [Palette] = useState(() => loadedSearch);
  return (
    <Suspense fallback={<SearchStandIn onClose={props.onClose} />}>
      <Palette {...props} />
    </Suspense>
  );
}

async function keepSearch(): Promise<void> {
  loadedSearch = (await loadSearch()).default;
}

/** Ahead of need: a dialog opens at once. */
export function useDialogsAhead(drawn: boolean): void {
  useEffect(() => {
    if (drawn) void Promise.allSettled([keepSearch(), loadHelp(), loadShare()]);
  }, [drawn]);
}
