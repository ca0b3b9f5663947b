'use client';

import { useReactFlow } from '@xyflow/react';
import { type RefObject, useCallback, useEffect, useRef } from 'react';
import type { Layout } from '@/lib/layout/layout';
import { fitted, type Rect, revealed } from './viewport';

export interface Fit {
  /** Fits the picture to the width, from its top. */
  readonly now: () => void;
  /** The person took the picture into their own hands: no more fitting by itself. */
  readonly release: () => void;
  /** Pans so that the first of these that has room is seen, then calls back. */
  readonly reveal: (parts: readonly Rect[], then?: () => void) => void;
}

interface Options {
  readonly frame: RefObject<HTMLDivElement | null>;
  readonly layout: Layout;
  /** Width that nothing covers. */
  readonly room: number;
  /** Another picture has another name: it is shown from its top. */
  readonly picture: string;
}

/** Fits to width while nobody has moved the picture: columns stay readable, hosts scroll. */
export function useFit({ frame, layout, room, picture }: Options): Fit {
  const flow = useReactFlow();
  const free = useRef(false);
  const shown = useRef<string | null>(null);
  const { width } = layout;

  const now = useCallback(() => {
    free.current = false;
    void flow.setViewport(fitted(room, width, null));
  }, [flow, room, width]);

  useEffect(() => {
    const another = shown.current !== picture;
    shown.current = picture;
    if (another) free.current = false;
    if (!free.current) void flow.setViewport(fitted(room, width, another ? null : flow.getViewport()));
  }, [flow, picture, room, width]);

  const reveal = useCallback(
    (parts: readonly Rect[], then?: () => void) => {
      const element = frame.current;
      if (!element) return;
      const at = flow.getViewport();
      const to = revealed(parts, at, { width: room, height: element.clientHeight });
      if (to.x !== at.x || to.y !== at.y) void flow.setViewport(to);
      // Cards outside the window are not in the page: give React Flow a frame to draw them.
      if (then) requestAnimationFrame(() => requestAnimationFrame(then));
    },
    [flow, frame, room],
  );

  const release = useCallback(() => {
    free.current = true;
  }, []);

  return { now, release, reveal };
}
