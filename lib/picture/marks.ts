/** Marks of statuses, and what they mean. */
import { isGhost } from '@/lib/layout/card-text';
import type { Scene } from '@/lib/layout/scene';
import { STATUS_SHAPES } from '@/lib/layout/status-shapes';
import type { Status } from '@/lib/topology/model';
import { knownStatus, STATUS_WORD, STATUSES } from '@/lib/topology/status-words';
import { element, rounded } from './markup';
import type { Palette } from './palette';
import type { Ink } from './print';
import { textAt, widthWithMargin } from './text';

/** The shape of a status in a square whose left upper corner is (x, y). */
export function statusMark(status: Status, x: number, y: number, size: number, palette: Palette): string {
  const shapes = STATUS_SHAPES[status].map(({ d, line, dashes }) =>
    line === null
      ? element('path', { d, fill: palette[status], 'fill-rule': 'evenodd' })
      : element('path', {
          d,
          fill: 'none',
          stroke: palette[status],
          'stroke-width': line,
          'stroke-linecap': 'round',
          'stroke-dasharray': dashes,
        }),
  );
  return element(
    'g',
    { transform: `translate(${rounded(x)} ${rounded(y)}) scale(${size / 16})` },
    shapes.join(''),
  );
}

interface Entry {
  readonly words: string;
  readonly width: number;
  readonly draw: (x: number, y: number) => string;
}

/** The legend from (x, y), y being its baseline: only what occurs in the picture; it needs no colour. Gives also its width. */
export function legend(
  scene: Scene,
  { x, y, size }: { readonly x: number; readonly y: number; readonly size: number },
  ink: Ink,
): { readonly svg: string; readonly width: number } {
  let at = x;
  let svg = '';
  for (const { words, width, draw } of entries(scene, size, ink)) {
    svg +=
      draw(at, y) +
      textAt(at + width + size * 0.4, y, words, { size, weight: 400, fill: ink.palette['text-soft'] });
    at += width + size * 0.4 + widthWithMargin(words, size) + size * 1.3;
  }
  return { svg, width: at - x - size * 1.3 };
}

function entries({ drawing }: Scene, size: number, { palette }: Ink): readonly Entry[] {
  const nodes = [...drawing.nodes.values()];
  const links = [...drawing.edges.values()];
  const used = new Set([...nodes, ...links].map(({ status }) => knownStatus(status)));
  const statuses = STATUSES.filter((status) => used.has(status)).map((status) => ({
    words: STATUS_WORD[status],
    width: size,
    draw: (x: number, y: number) => statusMark(status, x, y - size * 0.86, size, palette),
  }));
  const broken = links.some(({ status }) => status === 'broken');
  const ghost = nodes.some(isGhost);
  return [
    ...statuses,
    ...(broken ? [{ words: 'broken link', width: size * 2, draw: dashes(size, palette) }] : []),
    ...(ghost ? [{ words: 'missing', width: size * 1.5, draw: dashedBox(size, palette) }] : []),
  ];
}

function dashes(size: number, palette: Palette) {
  return (x: number, y: number) =>
    element('path', {
      d: `M${rounded(x)} ${rounded(y - size * 0.36)}h${size * 2}`,
      stroke: palette.broken,
      'stroke-width': size * 0.14,
      'stroke-dasharray': `${rounded(size * 0.36)} ${rounded(size * 0.28)}`,
    });
}

function dashedBox(size: number, palette: Palette) {
  return (x: number, y: number) =>
    element('rect', {
      x,
      y: y - size * 0.82,
      width: size * 1.5,
      height: size * 0.92,
      rx: size * 0.2,
      fill: 'none',
      stroke: palette.broken,
      'stroke-width': size * 0.1,
      'stroke-dasharray': `${rounded(size * 0.24)} ${rounded(size * 0.18)}`,
    });
}
