'use client';

import { useReactFlow } from '@xyflow/react';
import { type RefObject, useCallback, useEffect, useRef } from 'react';
import type { Box, Layout } from '@/lib/layout/layout';

const MARGIN = 16;
const HEAD = 52;
const MOST = 1.1;
/** Below this the cards can't be read; then the picture is panned instead. */
const LEAST = 0.6;

export interface Fit {
  /** Fits the picture to the width, from its top. */
  readonly now: () => void;
  /** The person took the picture into their own hands: no more fitting by itself. */
  readonly release: () => void;
  /** Pans so that a card is seen, then calls back. */
  readonly reveal: (box: Box, then: () => void) => void;
}

/** Fits to width while nobody has moved the picture: columns stay readable, hosts scroll. */
export function useFit(
  frame: RefObject<HTMLDivElement | null>,
  layout: Layout,
  selected: string | null,
  covered: number,
): Fit {
  const flow = useReactFlow();
  const free = useRef(false);
  const shape = `${layout.width}`;

  const now = useCallback(() => {
    const element = frame.current;
    if (!element) return;
    free.current = false;
    const zoom = Math.min(MOST, Math.max(LEAST, (element.clientWidth - MARGIN * 2) / layout.width));
    const x = Math.max(MARGIN, (element.clientWidth - layout.width * zoom) / 2);
    void flow.setViewport({ x, y: HEAD, zoom });
  }, [flow, frame, layout.width]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `shape` says when there is another picture to fit
  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const observer = new ResizeObserver(() => {
      if (!free.current) now();
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [frame, now, shape]);

  const reveal = useCallback(
    (box: Box, then: () => void) => {
      const element = frame.current;
      if (!element) return;
      const { x, y, zoom } = flow.getViewport();
      const dx = shift(box.x * zoom + x, box.width * zoom, MARGIN, element.clientWidth - covered - MARGIN);
      const dy = shift(box.y * zoom + y, box.height * zoom, HEAD, element.clientHeight - MARGIN);
      if (dx !== 0 || dy !== 0) void flow.setViewport({ x: x + dx, y: y + dy, zoom });
      // Cards outside the window are not in the page: give React Flow a frame to draw them.
      requestAnimationFrame(() => requestAnimationFrame(then));
    },
    [flow, frame, covered],
  );

  const chosen = selected === null ? undefined : layout.boxes.get(selected);
  useEffect(() => {
    if (chosen) requestAnimationFrame(() => reveal(chosen, () => undefined));
  }, [chosen, reveal]);

  // What was pushed aside for the drawer comes back when it closes.
  useEffect(() => {
    if (covered === 0 && !free.current) now();
  }, [covered, now]);

  return { now, release: () => (free.current = true), reveal };
}

/** How far to move so that [start, start + size] lies within [from, to]. */
function shift(start: number, size: number, from: number, to: number): number {
  if (start < from) return from - start;
  if (start + size > to) return to - start - size;
  return 0;
}
