/** The shapes of statuses, in a square of 16: told apart without colour. */
import type { Status } from '@/lib/topology/model';

/** A path, drawn as a line of a width, dashed or not, or filled. */
export interface ShapePath {
  readonly d: string;
  /** Width of the line; null: filled, by the even-odd rule. */
  readonly line: number | null;
  readonly dashes?: string;
}

/** A circle of a radius about (8, 8). */
const circle = (r: number) => `M${8 - r} 8a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`;

export const STATUS_SHAPES: Readonly<Record<Status, readonly ShapePath[]>> = {
  ok: [{ d: circle(4.25), line: null }],
  broken: [{ d: 'M4 4l8 8M12 4l-8 8', line: 2.25 }],
  degraded: [
    { d: circle(5.25), line: 1.75 },
    { d: 'M8 2.75a5.25 5.25 0 0 1 0 10.5z', line: null },
  ],
  warning: [
    {
      d: 'M8 1.9c.45 0 .8.2 1 .6l5 9.1c.45.85-.05 1.7-1 1.7H3c-.95 0-1.45-.85-1-1.7l5-9.1c.2-.4.55-.6 1-.6zM7.1 6v3.2a.9.9 0 0 0 1.8 0V6a.9.9 0 0 0-1.8 0zM8 10.7a.9.9 0 1 0 0 1.8.9.9 0 0 0 0-1.8z',
      line: null,
    },
  ],
  pending: [
    { d: circle(5.25), line: 1.75, dashes: '2.6 2.9' },
    { d: 'M8 5.4V8l1.7 1.2', line: 1.6 },
  ],
  unknown: [
    { d: 'M5.4 5.9a2.6 2.6 0 1 1 4 2.2C8.5 8.7 8 9.1 8 10', line: 1.9 },
    { d: 'M6.85 12.7a1.15 1.15 0 1 0 2.3 0a1.15 1.15 0 1 0-2.3 0z', line: null },
  ],
};
