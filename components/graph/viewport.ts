/** Where the picture stands in its window. Pure. */
import type { Viewport } from '@xyflow/react';
import type { Box } from '@/lib/layout/layout';

export const MARGIN = 12;
/** Room under the column titles, and for the bar at the bottom. */
export const HEAD = 50;
export const FOOT = 52;

const MOST = 1.1;
/** Text of 13 px is 12.5 px then. Below, it can't be read: the picture is panned instead. */
export const LEAST = 0.962;

export interface Window {
  readonly width: number;
  readonly height: number;
}

export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The picture fitted to the width that is there; `from` keeps how far down one is. */
export function fitted(room: number, width: number, from: Viewport | null): Viewport {
  const zoom = Math.min(MOST, Math.max(LEAST, (room - MARGIN * 2) / Math.max(1, width)));
  const x = Math.max(MARGIN, (room - width * zoom) / 2);
  const y = from === null ? HEAD : HEAD + ((from.y - HEAD) / from.zoom) * zoom;
  return { x, y, zoom };
}

/** The first of several parts of the picture that can be seen whole, moved into sight by as little as is needed. */
export function revealed(parts: readonly Rect[], at: Viewport, window: Window): Viewport {
  const fits = ({ width, height }: Rect) =>
    width * at.zoom <= window.width - MARGIN && height * at.zoom <= window.height - HEAD - FOOT;
  const part = parts.find(fits) ?? parts.at(-1);
  if (!part) return at;
  const x = shift(part.x * at.zoom + at.x, part.width * at.zoom, MARGIN, window.width - MARGIN);
  const y = shift(part.y * at.zoom + at.y, part.height * at.zoom, HEAD, window.height - FOOT);
  return { x: at.x + x, y: at.y + y, zoom: at.zoom };
}

/** How far to move so that [start, start + size] lies within [from, to]. */
function shift(start: number, size: number, from: number, to: number): number {
  if (start < from) return from - start;
  if (start + size > to) return Math.max(from - start, to - start - size);
  return 0;
}

/** What holds all the boxes. */
export function around(boxes: readonly Box[]): Rect | null {
  if (boxes.length === 0) return null;
  const x = Math.min(...boxes.map((box) => box.x));
  const y = Math.min(...boxes.map((box) => box.y));
  const right = Math.max(...boxes.map((box) => box.x + box.width));
  const bottom = Math.max(...boxes.map((box) => box.y + box.height));
  return { x, y, width: right - x, height: bottom - y };
}

/** Panning ends while there is still something of the picture to see. */
export function boundsOf(picture: Window, window: Window): [[number, number], [number, number]] {
  const x = window.width * 0.6;
  const y = window.height * 0.6;
  return [
    [-x, -y],
    [picture.width + x, picture.height + y],
  ];
}
