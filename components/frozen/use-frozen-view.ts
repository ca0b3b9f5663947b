'use client';

import { useCallback, useMemo, useState } from 'react';
import { type SetViewState, type ViewState, viewOfQuery } from '@/components/chrome/view-state';

/** The view of a snapshot, which one may look around in; its link always leads back to how it was frozen. */
export function useFrozenView(query: string): readonly [ViewState, SetViewState] {
  const frozen = useMemo(() => viewOfQuery(query), [query]);
  const [view, setView] = useState(frozen);
  const change = useCallback<SetViewState>((wanted) => {
    setView((before) => {
      const part = typeof wanted === 'function' ? wanted(before) : wanted;
      return part === null ? EMPTY : merged(before, part);
    });
    return Promise.resolve(new URLSearchParams());
  }, []);
  return [view, change];
}

const EMPTY = viewOfQuery('');

type Change = { readonly [K in keyof ViewState]?: ViewState[K] | null | undefined };

/** `null` brings a part back to what it is in no address at all. */
export function merged(before: ViewState, change: Change): ViewState {
  const given = Object.entries(change)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => [key, value ?? EMPTY[key as keyof ViewState]]);
  return { ...before, ...Object.fromEntries(given) };
}
