'use client';

/** Marks: the server's, for everybody; where it keeps none those of this browser, one list for each cluster. */
import { useCallback, useMemo, useSyncExternalStore } from 'react';
import { useClusterId } from '@/components/clusters/cluster-context';
import { livingMarks, marked, readMarks } from '@/components/panels/marks';
import type { Mark } from '@/lib/topology/problems';
import { putShared, removeShared, useSharedMarks, useSharedMarksFresh } from './shared-marks';

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
  /** Whether they are kept for everybody. */
  readonly shared: boolean;
  /** Why the last change was not kept; null: it was. */
  readonly problem: string | null;
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
  useSharedMarksFresh(useClusterId());
  const shared = useSharedMarks((state) => state.list);
  const problem = useSharedMarks((state) => state.problem);
  const own = useMemo<Marks>(
    () => ({
      list,
      shared: false,
      problem: null,
      set: (mark) => store(key, marked(now(), mark)),
      remove: (id) =>
        store(
          key,
          now().filter((mark) => mark.id !== id),
        ),
    }),
    [list, key, now],
  );
  return useMemo(() => (shared === null ? own : kept(shared, problem)), [shared, problem, own]);
}

function kept(list: readonly Mark[], problem: string | null): Marks {
  return {
    list,
    shared: true,
    problem,
    set: (mark) => void putShared(mark),
    remove: (id) => void removeShared(id),
  };
}
