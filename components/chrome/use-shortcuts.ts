'use client';

import { useEffect, useEffectEvent } from 'react';

export interface Shortcuts {
  readonly search?: () => void;
  readonly help?: () => void;
  readonly share?: () => void;
  /** Where there are several clusters. */
  readonly clusters?: () => void;
  readonly list: () => void;
  readonly focus: () => void;
  readonly back: () => void;
}

const TYPING = 'input, textarea, select, [contenteditable]';

/** The keys of the page. Single letters rest while one types or a dialog is open. */
export function useShortcuts(keys: Shortcuts): void {
  const handle = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing) return;
    const run = isFind(event) ? keys.search : meantBy(event, keys);
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

function isFind(event: KeyboardEvent): boolean {
  return (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k';
}

function meantBy(event: KeyboardEvent, keys: Shortcuts): (() => void) | undefined {
  const { target } = event;
  const busy = target instanceof Element && target.closest(`${TYPING}, [role="dialog"]`) !== null;
  if (busy || event.ctrlKey || event.metaKey || event.altKey) return;
  return {
    '/': keys.search,
    '?': keys.help,
    l: keys.list,
    s: keys.share,
    c: keys.clusters,
    f: keys.focus,
    Escape: keys.back,
  }[event.key];
}
