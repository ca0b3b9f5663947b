'use client';

import { type RefObject, useEffect, useEffectEvent, useRef } from 'react';
import type { Box, Layout } from '@/lib/layout/layout';
import type { Scene } from '@/lib/layout/scene';
import { focusCard } from './focus-card';
import type { Fit } from './use-fit';
import { around, type Rect } from './viewport';

interface Options {
  readonly frame: RefObject<HTMLDivElement | null>;
  readonly scene: Scene;
  readonly layout: Layout;
  readonly selected: string | null;
  readonly fit: Fit;
}

/** Keeps what is selected in sight; when it is let go, the keyboard's focus comes back to its card. */
export function useSelection({ frame, scene, layout, selected, fit }: Options): void {
  const chosen = selected === null ? undefined : layout.boxes.get(selected);
  const { reveal } = fit;

  const show = useEffectEvent((box: Box) => reveal(partsAround(box, scene, layout)));
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new `reveal` means another window, in which it may be hidden
  useEffect(() => {
    if (!chosen) return;
    const frameId = requestAnimationFrame(() => show(chosen));
    return () => cancelAnimationFrame(frameId);
  }, [chosen, reveal]);

  const before = useRef<string | null>(null);
  const giveBack = useEffectEvent((id: string) => {
    const box = layout.boxes.get(id);
    // Only a focus that went away with the inspector is given back.
    if (!box || document.activeElement !== document.body) return;
    reveal([box], () => {
      if (document.activeElement === document.body) focusCard(frame.current, id);
    });
  });
  useEffect(() => {
    if (selected === null && before.current !== null) giveBack(before.current);
    before.current = selected;
  }, [selected]);
}

/** What one wants to see of a selection, best first: its chain, where it leads next, itself. */
function partsAround(box: Box, scene: Scene, layout: Layout): readonly Rect[] {
  const boxOf = (id: string) => layout.boxes.get(id);
  const chain = [...scene.chains.through(box.id).nodes].map(boxOf).filter((item) => item !== undefined);
  const next = [...scene.drawing.edges.values()]
    .filter((edge) => edge.source === box.id)
    .map((edge) => boxOf(edge.target))
    .filter((item) => item !== undefined);
  return [around(chain), around([box, ...next]), box].filter((part) => part !== null);
}
