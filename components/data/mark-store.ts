'use client';

/** Marks of this browser, one list for each cluster; tabs see each other's. */
import { useCallback, useMemo, useSyncExternalStore } from 'react';
import { livingMarks, marked, readMarks } from '@/components/panels/marks';
import type { Mark } from '@/lib/topology/problems';

const CHANGED = 'atlas-marks';

function stored(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    // Storage is switched off: marks hold as long as the page.
    return memory.get(key) ?? null;
  }
}

const memory = new Map<string, string>();

function store(key: string, marks: readonly Mark[]): void {
  const text = JSON.stringify(marks);
  memory.set(key, text);
  try {
    localStorage.setItem(key, text);
  } catch {
    // Full or switched off: what is in memory stands.
  }
  window.dispatchEvent(new Event(CHANGED));
}

function subscribe(onChange: () => void): () => void {
  window.addEventListener(CHANGED, onChange);
  window.addEventListener('storage', onChange);
  return () => {
    window.removeEventListener(CHANGED, onChange);
    window.removeEventListener('storage', onChange);
  };
}

export interface Marks {
  readonly list: readonly Mark[];
  readonly set: (mark: Mark) => void;
  readonly remove: (id: string) => void;
}

/** The marks of a cluster, and how to change them. */
export function useMarks(cluster: string): Marks {
  const key = `atlas.expected.${cluster}`;
  const text = useSyncExternalStore(
    subscribe,
    () => stored(key),
    () => null,
  );
  const list = useMemo(() => readMarks(text), [text]);
  const now = useCallback(() => livingMarks(readMarks(stored(key)), Date.now()), [key]);
  return useMemo(
    () => ({
      list,
      set: (mark) => store(key, marked(now(), mark)),
      remove: (id) =>
        store(
          key,
          now().filter((mark) => mark.id !== id),
        ),
    }),
    [list, key, now],
  );
}
