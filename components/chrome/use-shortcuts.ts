'use client';

import { useEffect, useEffectEvent } from 'react';

export interface Shortcuts {
  readonly search: () => void;
  readonly help: () => void;
  readonly list: () => void;
  readonly focus: () => void;
  readonly back: () => void;
}

const TYPING = 'input, textarea, select, [contenteditable]';

/** The keys of the page. Single letters rest while one types or a dialog is open. */
export function useShortcuts(keys: Shortcuts): void {
  const handle = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
      event.preventDefault();
      keys.search();
      return;
    }
    const target = event.target;
    const busy = target instanceof Element && target.closest(`${TYPING}, [role="dialog"]`) !== null;
    if (busy || event.ctrlKey || event.metaKey || event.altKey) return;
    const run = { '/': keys.search, '?': keys.help, l: keys.list, f: keys.focus, Escape: keys.back }[
      event.key
    ];
    if (!run) return;
    event.preventDefault();
    run();
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => handle(event);
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, []);
}
