'use client';

import { List, Waypoints } from 'lucide-react';
import type { SetViewState } from './view-state';

/** Between picture and list. */
export function ViewSwitch({ list, setView }: { readonly list: boolean; readonly setView: SetViewState }) {
  return (
    <button
      type="button"
      aria-keyshortcuts="l"
      onClick={() => void setView({ show: list ? 'graph' : 'list' })}
      className="ml-auto flex h-8 items-center gap-1.5 rounded-lg border border-line px-2.5 text-xs font-medium text-soft hover:border-line-strong hover:text-text"
    >
      {list ? <Waypoints size={15} aria-hidden="true" /> : <List size={15} aria-hidden="true" />}
      {list ? 'Show as picture' : 'Show as list'}
    </button>
  );
}
