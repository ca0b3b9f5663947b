/** The wide picture for download: the page's own cards at twice their size, with all findings beneath. */
import { gridFor, onGrid, usedColumns } from '@/lib/layout/grid';
import { pageCard } from './cards';
import { chainsIn } from './lit';
import { legend, statusMark } from './marks';
import { element, plain, rounded } from './markup';
import { drawPlot } from './plot';
import { type Ink, SEMIBOLD } from './print';
import type { Selection } from './selection';
import type { Sheet } from './sheet';
import { drawStatements } from './statements';
import { fitted, textAt, widthWithMargin, wrapped, wrappedWhole } from './text';
import { blindWords, connectionWords, environmentWord, leftWords, type Statement, timeOf } from './words';

export const WIDE = 2400;
const HIGHEST = 3600;
const MARGIN = 80;
const CONTENT = WIDE - 2 * MARGIN;
const SCALE = 1.6;
/** Smaller, cards can't be read any more. */
const LEAST_SCALE = 0.8;
const LEAST_GRAPH = 1200;
const HEADS = 70;
const SMALL = 28;

/** What of the layout a wide picture has room for: some seventeen rows. */
export const WIDE_CAPACITY = { height: 1040, nodes: 400 } as const;

/** Draws the picture; its height follows what it holds. */
export function drawWide(sheet: Sheet, ink: Ink): { readonly svg: string; readonly height: number } {
  const { palette } = ink;
  const top = header(sheet, ink);
  const foot = footerThatFits(sheet, HIGHEST - top.height - LEAST_GRAPH, ink);
  const graph = graphOf(sheet.selection, HIGHEST - top.height - foot.height, ink);
  const end = top.height + graph.height;
  const svg =
    element('rect', { x: 0, y: 0, width: WIDE, height: top.height, fill: palette.panel }) +
    rule(top.height, palette.line) +
    element('g', { transform: `translate(0 ${top.height})` }, graph.svg) +
    element('rect', { x: 0, y: end, width: WIDE, height: foot.height, fill: palette.panel }) +
    rule(end, palette.line) +
    top.svg +
    element('g', { transform: `translate(0 ${end})` }, foot.svg) +
    element('rect', { x: 0, y: 0, width: 16, height: end + foot.height, fill: sheet.bar });
  const height = end + foot.height;
  if (height <= HIGHEST) return { svg, height };
  // One chain may be too much by itself: then smaller rather than cut.
  return { svg: element('g', { transform: `scale(${rounded(HIGHEST / height)})` }, svg), height: HIGHEST };
}

/** With as many findings as leave room for the graph. */
function footerThatFits(sheet: Sheet, room: number, ink: Ink) {
  for (const most of [8, 5]) {
    const foot = footer(sheet, most, ink);
    if (foot.height <= room) return foot;
  }
  return footer(sheet, 3, ink);
}

const rule = (y: number, stroke: string) =>
  element('path', { d: `M0 ${y}h${WIDE}`, stroke, 'stroke-width': 2 });

function header(sheet: Sheet, ink: Ink): { readonly svg: string; readonly height: number } {
  const { input, statements } = sheet;
  const { palette, letters } = ink;
  const title = plain(input.title ?? statements[0].title, letters);
  const { size, lines } = titleLines(title);
  const pitch = size * 1.18;
  const first = 206;
  const mark = statusMark(statements[0].status, MARGIN - 6, first - 54, 62, palette);
  const big = lines.map((line, index) =>
    textAt(MARGIN + 78, first + index * pitch, line, { size, weight: SEMIBOLD, fill: palette.text }),
  );
  let y = first + (lines.length - 1) * pitch;
  const why = causes(statements[0], ink);
  const said = why.map(({ text, fill }, index) =>
    textAt(MARGIN, y + 76 + index * 54, text, { size: 40, weight: 400, fill }),
  );
  y += why.length * 54 + (why.length > 0 ? 22 : 0);
  const note = input.note
    ? wrapped(plain(`“${input.note}”`, letters), { width: CONTENT, size: 36, lines: 3 })
    : [];
  const noted = note.map((line, index) =>
    textAt(MARGIN, y + 68 + index * 48, line, { size: 36, weight: 400, fill: palette.accent }),
  );
  y += note.length * 48 + (note.length > 0 ? 24 : 0);
  return {
    svg: masthead(sheet, ink) + mark + big.join('') + said.join('') + noted.join(''),
    height: Math.round(y + 56),
  };
}

/** A name of 253 letters is said whole, in smaller print. */
function titleLines(title: string): { readonly size: number; readonly lines: readonly string[] } {
  const room = (size: number, lines: number) =>
    ({ width: CONTENT - 84, size, weight: SEMIBOLD, lines }) as const;
  const large = wrapped(title, room(68, 3));
  if (large.length < 3) return { size: 68, lines: large };
  return { size: 48, lines: wrappedWhole(title, room(48, 6)) };
}

/** What is so, whom else it harms, and why, step by step. */
function causes({ also, detail, because }: Statement, { palette, letters }: Ink) {
  const lines = (text: string, most: number, fill: string) =>
    wrapped(plain(text, letters), { width: CONTENT, size: 40, lines: most }).map((line) => ({
      text: line,
      fill,
    }));
  return [
    ...(also.length > 0 ? lines(`also ${also.join(', ')}`, 1, palette['text-quiet']) : []),
    ...lines(detail, 2, palette['text-soft']),
    ...because.flatMap((cause) => lines(`because ${cause}`, 2, palette.text)),
  ];
}

function masthead({ input: { topology } }: Sheet, { palette, letters }: Ink): string {
  const environment = environmentWord(topology);
  const stale = connectionWords(topology);
  const time = timeOf(topology.takenAt);
  const room = CONTENT - widthWithMargin(time, 38) - widthWithMargin(environment, 34) - 460;
  const name = fitted(plain(topology.cluster.name, letters), room, 42, SEMIBOLD);
  const after = MARGIN + widthWithMargin(name, 42, SEMIBOLD) + 24;
  const right = WIDE - MARGIN;
  return (
    textAt(MARGIN, 92, name, { size: 42, weight: SEMIBOLD, fill: palette['text-soft'] }) +
    textAt(after, 92, environment, { size: 34, weight: 400, fill: palette['text-quiet'] }) +
    textAt(right, 92, time, { size: 38, weight: 400, fill: palette['text-soft'], anchor: 'end' }) +
    textAt(right, 132, stale, { size: SMALL, weight: 400, fill: palette.warning, anchor: 'end' })
  );
}

function graphOf(selection: Selection, room: number, ink: Ink) {
  const { scene } = selection;
  const free = room - HEADS - 100;
  const scale = Math.max(LEAST_SCALE, Math.min(SCALE, free / Math.max(1, scene.layout.height)));
  const grid = gridFor(CONTENT / scale, usedColumns(scene.layout));
  const layout = onGrid(scene.layout, grid);
  const plot = { layout, x: MARGIN, y: HEADS + 20, scale };
  const lit = selection.whole ? chainsIn(scene, selection.pivots.slice(0, 1)) : new Set<string>();
  const svg = drawPlot({ scene, plot, grid, lit, setter: pageCard, head: { size: 15, above: 16 } }, ink);
  return { svg, height: Math.round(HEADS + 20 + layout.height * scale + 60) };
}

function footer(sheet: Sheet, most: number, ink: Ink): { readonly svg: string; readonly height: number } {
  const list = drawStatements(sheet.statements.slice(1), most, { x: MARGIN, y: 0, width: CONTENT }, ink);
  const y = list.height + 60;
  const { palette } = ink;
  const drawn = legend(sheet.selection.scene, { x: MARGIN, y, size: SMALL }, ink);
  const words = [leftWords(sheet.selection), blindWords(sheet.input.topology)].filter((text) => text !== '');
  const lines = words.flatMap((text) =>
    wrapped(plain(text, ink.letters), { width: CONTENT, size: SMALL, lines: 2 }),
  );
  const said = lines.map((line, index) =>
    textAt(MARGIN, y + 48 + index * 42, line, { size: SMALL, weight: 400, fill: palette['text-soft'] }),
  );
  const brand = textAt(WIDE - MARGIN, y, 'Ingress Atlas', {
    size: SMALL,
    weight: SEMIBOLD,
    fill: palette['text-quiet'],
    anchor: 'end',
  });
  return {
    svg: list.svg + drawn.svg + brand + said.join(''),
    height: Math.round(y + 44 + lines.length * 42),
  };
}
