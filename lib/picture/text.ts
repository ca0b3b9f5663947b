/** Lines of text in pictures: measured beforehand, since a picture has no page that could wrap them. */
import { fitText, type Weight, widthOf } from '@/lib/layout/fit-text';
import { ellipsis } from '@/lib/topology/text';
import { element, escaped } from './markup';

export interface Type {
  readonly size: number;
  readonly weight: Weight;
  readonly fill: string;
  readonly anchor?: 'start' | 'middle' | 'end';
  /** Colour of a halo that keeps lines from running through the letters. */
  readonly halo?: string;
}

/** The width tables are of the page's variable font; the files that draw the picture differ by so much at most. */
const MARGIN = 0.97;

/** One line of text on its baseline. */
export function textAt(x: number, y: number, text: string, type: Type): string {
  if (text === '') return '';
  const halo = type.halo
    ? { stroke: type.halo, 'stroke-width': 4, 'stroke-linejoin': 'round', 'paint-order': 'stroke' }
    : {};
  return element(
    'text',
    {
      x,
      y,
      'font-size': type.size,
      'font-weight': type.weight === 400 ? undefined : type.weight,
      fill: type.fill,
      'text-anchor': type.anchor === 'start' ? undefined : type.anchor,
      ...halo,
    },
    escaped(text),
  );
}

/** A text cut in its middle to fit. */
export function fitted(text: string, width: number, size: number, weight: Weight = 400): string {
  return fitText(text, width * MARGIN, size, weight);
}

/** Whether a text fits on one line. */
export function fits(text: string, width: number, size: number, weight: Weight = 400): boolean {
  return widthOf(text, size, weight) <= width * MARGIN;
}

/** About how wide a text is, with the margin that {@link fitted} keeps. */
export function widthWithMargin(text: string, size: number, weight: Weight = 400): number {
  return widthOf(text, size, weight) / MARGIN;
}

export interface Room {
  readonly width: number;
  readonly size: number;
  readonly weight?: Weight;
  readonly lines: number;
}

/** A text on several lines: broken at spaces, then within names after `.`, `-` and `/`, then anywhere; what is left over is cut. */
export function wrapped(text: string, { width, size, weight = 400, lines }: Room): readonly string[] {
  const result: string[] = [];
  let line = '';
  const pieces = piecesOf(text, (piece) => fits(piece, width, size, weight));
  for (let at = 0; at < pieces.length; at++) {
    const piece = pieces[at] ?? '';
    if (line === '' || fits((line + piece).trimEnd(), width, size, weight)) {
      line += line === '' ? piece.trimStart() : piece;
      continue;
    }
    if (result.length === lines - 1) {
      const rest = line + pieces.slice(at).join('');
      return [...result, endCut(rest, width, size, weight)];
    }
    result.push(line.trimEnd());
    line = piece.trimStart();
  }
  return line === '' ? result : [...result, fitted(line.trimEnd(), width, size, weight)];
}

/** A text on several lines, with its middle left out where they do not suffice: of a symptom the end tells most. */
export function wrappedWhole(text: string, room: Room): readonly string[] {
  if (linesOf(text, room, room.lines) <= room.lines) return wrapped(text, room);
  let low = 4;
  let high = Math.min(text.length, 600);
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (linesOf(ellipsis(text, middle), room, room.lines) <= room.lines) low = middle;
    else high = middle;
  }
  return wrapped(ellipsis(text, low), room);
}

/** How many lines a text would take; at most `most` + 1. */
export function linesOf(text: string, room: Omit<Room, 'lines'>, most: number): number {
  return wrapped(text, { ...room, lines: most + 1 }).length;
}

/** The end of a sentence is worth less than its beginning. */
function endCut(text: string, width: number, size: number, weight: Weight): string {
  let low = 1;
  let high = Math.min(text.length, 400);
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (fits(`${text.slice(0, middle)}…`, width, size, weight)) low = middle;
    else high = middle;
  }
  const head = text.slice(0, low).replace(/[\ud800-\udbff]$/, '');
  return `${head.trimEnd()}…`;
}

/** Words with the space after them; names that do not fit on a line in parts, and parts that do not fit letter by letter. */
function piecesOf(text: string, hasRoom: (piece: string) => boolean): string[] {
  return text
    .split(/(?<= )/u)
    .flatMap((word) => (hasRoom(word.trimEnd()) ? [word] : word.split(/(?<=[./_:@-])/u)))
    .flatMap((part) => (hasRoom(part.trimEnd()) ? [part] : [...part]));
}
