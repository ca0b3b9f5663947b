'use client';

import { useMemo, useRef } from 'react';
import { buildScene, type Scene } from '@/lib/layout/scene';
import type { TopologyState } from '@/lib/wire/reduce';

/** The scene of the current topology; places are kept while the focus stays the same. */
export function useScene(
  topology: TopologyState | null,
  focus: string | null,
  expand: readonly string[],
): Scene | null {
  const last = useRef<{ readonly focus: string | null; readonly scene: Scene } | null>(null);
  return useMemo(() => {
    if (!topology) return null;
    // Another focus is another picture: it may be laid out anew.
    const previous = last.current?.focus === focus ? last.current.scene : null;
    const scene = buildScene({ drawing: topology, focus, expand }, previous);
    last.current = { focus, scene };
    return scene;
  }, [topology, focus, expand]);
}
