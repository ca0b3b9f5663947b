/** The card: 1200×630, as chat programs unfold it. Shown at less than half its size, so it is set in large print. */

import { largeCard, largeGrid } from './large-cards';
import { stretched } from './large-layout';
import { legend, statusMark } from './marks';
import { element, plain } from './markup';
import { drawPlot } from './plot';
import { type Ink, SEMIBOLD } from './print';
import type { Selection } from './selection';
import type { Sheet } from './sheet';
import { fits, fitted, textAt, widthWithMargin, wrapped, wrappedWhole } from './text';
import { connectionWords, environmentWord, leftShort, many, type Statement, timeOf } from './words';

export const CARD = { width: 1200, height: 630 } as const;
const MARGIN = 36;
const CONTENT = CARD.width - 2 * MARGIN;
const SCALE = 1.5;
const FOOT = 58;
const HEADS = 36;

/** What of the layout a card has room for: three rows. */
export const CARD_CAPACITY = { height: 200, nodes: 60 } as const;

/** Draws a card. */
export function drawCard(sheet: Sheet, ink: Ink): string {
  const top = header(sheet, ink);
  const { palette } = ink;
  const nodes = [...sheet.selection.scene.drawing.nodes.values()];
  const grid = largeGrid(nodes, CONTENT / SCALE, ink.letters);
  const room = CARD.height - FOOT - top.height - HEADS - 18;
  const layout = stretched(sheet.selection.scene.layout, grid, room / SCALE);
  // One chain may be too much by itself: then smaller rather than cut.
  const scale = Math.min(SCALE, room / Math.max(1, layout.height));
  const slack = Math.max(0, room - layout.height * scale) / 2;
  const plot = { layout, x: MARGIN, y: top.height + HEADS + 4 + slack, scale };
  const head = { size: 13, above: 8 };
  const graph = drawPlot(
    { scene: sheet.selection.scene, plot, grid, lit: new Set(), setter: largeCard, head },
    ink,
  );
  return (
    ground(0, top.height, palette.panel, palette.line, top.height) +
    graph +
    ground(CARD.height - FOOT, FOOT, palette.panel, palette.line, CARD.height - FOOT) +
    top.svg +
    footer(sheet.selection, ink) +
    element('rect', { x: 0, y: 0, width: 10, height: CARD.height, fill: sheet.bar })
  );
}

function ground(y: number, height: number, fill: string, line: string, edge: number): string {
  return (
    element('rect', { x: 0, y, width: CARD.width, height, fill }) +
    element('path', { d: `M0 ${edge}h${CARD.width}`, stroke: line, 'stroke-width': 2 })
  );
}

/** Title with its mark, why, and above them cluster and time. Gives also how high it is. */
function header({ input, statements }: Sheet, ink: Ink): { readonly svg: string; readonly height: number } {
  const [statement, ...others] = statements;
  const { palette, letters } = ink;
  const title = titleLines(plain(input.title ?? statement.title, letters));
  const first = 74 + title.size;
  const pitch = title.size * 1.16;
  const lines = title.lines.map((line, index) =>
    textAt(MARGIN + title.size * 1.06, first + index * pitch, line, {
      size: title.size,
      weight: SEMIBOLD,
      fill: palette.text,
    }),
  );
  const mark = statusMark(statement.status, MARGIN - 4, first - title.size * 0.8, title.size * 0.9, palette);
  const under = first + (title.lines.length - 1) * pitch;
  const caption = captions(input.note ?? '', statement, others, title.lines.length > 1 ? 2 : 3, ink);
  const said = caption.map(({ text, fill, weight }, index) =>
    textAt(MARGIN, under + 42 + index * 34, text, { size: 26, weight, fill }),
  );
  const svg = masthead(input, ink) + mark + lines.join('') + said.join('');
  return { svg, height: Math.round(under + 20 + caption.length * 34 + (caption.length > 0 ? 8 : 4)) };
}

/** As large as one line allows, else two lines. */
function titleLines(title: string): { readonly size: number; readonly lines: readonly string[] } {
  const room = (size: number) => CONTENT - size * 1.06;
  const size = [52, 46, 41].find((large) => fits(title, room(large), large, SEMIBOLD));
  if (size !== undefined) return { size, lines: [title] };
  return { size: 38, lines: wrappedWhole(title, { width: room(38), size: 38, weight: SEMIBOLD, lines: 2 }) };
}

function masthead({ topology }: Sheet['input'], { palette, letters }: Ink): string {
  const time = timeOf(topology.takenAt);
  const stale = connectionWords(topology);
  const right = stale === '' ? time : `${topology.cluster.connection} · ${time}`;
  const rightType = {
    size: 24,
    weight: 400,
    fill: stale === '' ? palette['text-soft'] : palette.warning,
    anchor: 'end',
  } as const;
  const environment = environmentWord(topology);
  const room = CONTENT - widthWithMargin(right, 24) - widthWithMargin(environment, 22) - 60;
  const name = fitted(plain(topology.cluster.name, letters), room, 26, SEMIBOLD);
  const after = MARGIN + widthWithMargin(name, 26, SEMIBOLD) + 14;
  return (
    textAt(MARGIN, 52, name, { size: 26, weight: SEMIBOLD, fill: palette['text-soft'] }) +
    textAt(after, 52, environment, { size: 22, weight: 400, fill: palette['text-quiet'] }) +
    textAt(CARD.width - MARGIN, 52, right, rightType)
  );
}

interface Caption {
  readonly text: string;
  readonly fill: string;
  readonly weight: 400 | 600;
}

/** Why, in so many lines; the root cause is worth more than what lies between. */
function captions(
  note: string,
  statement: Statement,
  others: readonly Statement[],
  most: number,
  { palette, letters }: Ink,
): readonly Caption[] {
  const room = { width: CONTENT, size: 26 };
  const root = statement.because.at(-1);
  const lines: Caption[] = [];
  const add = (text: string, fill: string, count: number, weight: Caption['weight'] = 400) => {
    for (const line of wrapped(plain(text, letters), { ...room, weight, lines: count }))
      lines.push({ text: line, fill, weight });
  };
  const rest = others.length > 0 ? 1 : 0;
  const noted = note.trim() === '' || most < 3 ? 0 : 1;
  const free = most - rest - noted;
  if (root === undefined) add(statement.detail, palette['text-soft'], Math.max(1, free));
  else {
    const why = plain(`because ${root}`, letters);
    // The cause may take all; where it leaves a line, what it causes has it.
    if (free > 1 && wrapped(why, { ...room, lines: free }).length < free)
      add(statement.detail, palette['text-soft'], 1);
    add(why, palette.text, Math.max(1, free - lines.length));
  }
  if (noted > 0) add(`“${note}”`, palette.accent, 1);
  if (rest > 0) {
    const titles = others.map(({ title }) => title).join(', ');
    add(`and ${many(others.length, 'other problem')}: ${titles}`, palette['text-quiet'], 1);
  }
  return lines;
}

/** The legend and what is left out; where there is little room both are smaller. */
function footer(selection: Selection, ink: Ink): string {
  const y = CARD.height - 21;
  const words = leftShort(selection);
  const sizes = [22, 20, 18];
  const size =
    sizes.find(
      (each) =>
        legend(selection.scene, { x: 0, y, size: each }, ink).width + widthWithMargin(words, each) <
        CONTENT - 30,
    ) ?? 17;
  const drawn = legend(selection.scene, { x: MARGIN, y, size }, ink);
  const left = fitted(words, CONTENT - drawn.width - 24, size);
  const type = { size, weight: 400, fill: ink.palette['text-soft'], anchor: 'end' } as const;
  return drawn.svg + textAt(CARD.width - MARGIN, y, left, type);
}
