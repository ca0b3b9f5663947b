/** Lines between cards, as the page draws them: broken ones dashed, with a break mark and the reason. */
import { linesIn } from '@/lib/layout/fit-text';
import type { Layout } from '@/lib/layout/layout';
import { isAnswer, type MarkAt, markAt, markRadius, reasonOn, wayOf } from '@/lib/layout/wire-path';
import { endsOf, leftOut, riseXOf, wiringOf } from '@/lib/layout/wires';
import type { Status, TopologyEdge } from '@/lib/topology/model';
import { knownStatus } from '@/lib/topology/status-words';
import { element, plain, rounded } from './markup';
import type { Ink } from './print';
import { textAt } from './text';

const LABEL = 13;
/** A narrower gap has a mark only. */
const LABEL_ROOM = 44;
const HANG_RADIUS = 6.5;

/** Line of each status: width, dashes, round ends. The page's own, of graph.css. */
const LINES: Readonly<Record<Status, readonly [width: number, dashes?: string, cap?: string]>> = {
  ok: [1.4],
  warning: [1.4],
  degraded: [2, '12 4'],
  broken: [2, '5 4'],
  unknown: [1.8, '1.5 4.5', 'round'],
  pending: [1.4, '7 5'],
};
const LIT = 2.6;

/** All lines and, apart, their marks, which stand above all lines. `lit` are drawn stronger. */
export function drawWires(
  edges: readonly TopologyEdge[],
  layout: Layout,
  lit: ReadonlySet<string>,
  ink: Ink,
): string {
  const out = leftOut(edges, layout);
  const rise = riseXOf(layout);
  let lines = '';
  let marks = '';
  for (const edge of [...edges].sort((a, b) => depth(a) - depth(b) || (a.id < b.id ? -1 : 1))) {
    if (out.has(edge.id)) continue;
    const drawn = drawWire(edge, layout, rise, lit.has(edge.id), ink);
    lines += drawn.line;
    marks += drawn.mark;
  }
  return lines + marks;
}

/** Faults are drawn above the quiet lines. */
function depth({ status }: TopologyEdge): number {
  return status === 'ok' ? 0 : status === 'broken' ? 2 : 1;
}

function drawWire(edge: TopologyEdge, layout: Layout, rise: number, lit: boolean, ink: Ink) {
  const wiring = wiringOf(edge, layout);
  const ends = endsOf(wiring, layout, rise);
  if (!ends) return { line: '', mark: '' };
  const status = knownStatus(edge.status);
  const loud = status === 'broken' || status === 'unknown';
  const at: MarkAt = loud ? markAt(edge.kind) : 'none';
  const { path, x, y } = wayOf(ends, wiring.leaves, at);
  const [width, dashes, cap] = LINES[status];
  const quiet = lit ? ink.palette.accent : ink.palette.wire;
  const line = element('path', {
    d: path.replace(/\d+\.\d{3,}/g, (n) => Number(n).toFixed(2)),
    fill: 'none',
    stroke: status === 'ok' ? quiet : ink.palette[status],
    'stroke-width': lit ? LIT : width,
    'stroke-dasharray': dashes,
    'stroke-linecap': cap,
  });
  if (!loud) return { line, mark: '' };
  const gap = ends.targetX - ends.sourceX;
  const hangs = wiring.leaves === 'hang';
  const place = { x, y, middle: ends.sourceX + gap / 2, gap, radius: hangs ? HANG_RADIUS : markRadius(gap) };
  const label = hangs || gap < LABEL_ROOM ? '' : plain(reasonOn(edge.label), ink.letters);
  return { line, mark: drawMark(status, place, label, isAnswer(edge.label), ink) };
}

interface Place {
  readonly x: number;
  readonly y: number;
  readonly middle: number;
  readonly gap: number;
  readonly radius: number;
}

/** The break with its reason; an answer on the line stands without: the break itself is further on. */
function drawMark(status: Status, place: Place, label: string, bare: boolean, { palette }: Ink): string {
  const { x, y, middle, gap, radius } = place;
  const colour = palette[status];
  const lines = label === '' ? [] : linesIn(label, [gap - 4, gap + 22], LABEL);
  const first = y + (bare ? -6 : radius + 15);
  const words = lines.map((text, index) =>
    textAt(middle, first + index * 14, text, {
      size: LABEL,
      weight: 600,
      fill: colour,
      anchor: 'middle',
      halo: palette.canvas,
    }),
  );
  return (bare ? '' : sign(status, x, y, radius, colour, palette.panel)) + words.join('');
}

function sign(status: Status, x: number, y: number, r: number, colour: string, ground: string): string {
  const arm = r * 0.4;
  const ring = element('circle', { cx: x, cy: y, r, fill: ground, stroke: colour, 'stroke-width': 1.8 });
  if (status !== 'broken')
    return ring + textAt(x, y + 4.5, '?', { size: LABEL, weight: 600, fill: colour, anchor: 'middle' });
  const d = `M${rounded(x - arm)} ${rounded(y - arm)}l${2 * arm} ${2 * arm}m0 ${-2 * arm}l${-2 * arm} ${2 * arm}`;
  return (
    ring + element('path', { d, fill: 'none', stroke: colour, 'stroke-width': 2, 'stroke-linecap': 'round' })
  );
}
