'use client';

import { useMemo, useSyncExternalStore } from 'react';
import { viewOfQuery } from '@/components/chrome/view-state';
import { type Moment, MomentContext } from '@/components/moment/moment';
import { applySnapshot } from '@/lib/wire/reduce';
import type { Snapshot } from '@/lib/wire/snapshot';
import { FrozenBanner } from './frozen-banner';
import { FrozenBar } from './frozen-bar';
import { FrozenDesk } from './frozen-desk';
import { FrozenNote } from './frozen-note';
import { FrozenVerdict } from './frozen-verdict';

interface Props {
  readonly snapshot: Snapshot;
  /** An exported file is shown: there is no live dashboard beside it. */
  readonly isFile: boolean;
}

/** A snapshot: what was seen at one moment, drawn from the document alone. */
export function FrozenPage({ snapshot, isFile }: Props) {
  const topology = useMemo(() => applySnapshot(snapshot.topology), [snapshot]);
  const moment = useMemo<Moment>(() => ({ kind: 'frozen', at: snapshot.takenAt }), [snapshot]);
  const inBrowser = useInBrowser();
  const nothing = topology.nodes.size === 0;
  return (
    <MomentContext value={moment}>
      <div className="atlas-kept relative flex h-dvh flex-col overflow-hidden">
        <FrozenBar cluster={topology.cluster} />
        <FrozenBanner snapshot={snapshot} live={!isFile} placed={inBrowser} />
        <div className="contents max-md:hidden">
          <FrozenVerdict snapshot={snapshot} />
        </div>
        {inBrowser && !nothing ? (
          <FrozenDesk snapshot={snapshot} topology={topology} />
        ) : (
          <main className="min-h-0 flex-1 overflow-auto">
            <div className="md:hidden">
              <FrozenVerdict snapshot={snapshot} />
              <div className="px-3.5 py-4">
                <FrozenNote text={snapshot.note} />
              </div>
            </div>
            {nothing && <Nothing view={snapshot.view} />}
          </main>
        )}
      </div>
    </MomentContext>
  );
}

function Nothing({ view }: { readonly view: string }) {
  const { focus } = viewOfQuery(view);
  return (
    <p className="mx-auto max-w-xl px-6 py-12 text-soft">
      {focus === null
        ? 'There was nothing to draw at that moment: no way led into the cluster, or its view left nothing of it.'
        : 'There was nothing to draw at that moment: what this link is about was not there, or no chain led to it.'}
    </p>
  );
}

/** The picture needs a window, and the reader's own time zone: neither is known where the page is made. */
function useInBrowser(): boolean {
  return useSyncExternalStore(
    () => () => undefined,
    () => true,
    () => false,
  );
}
