/** The findings under the wide picture: what is so and why, in two columns. */
import { statusMark } from './marks';
import { plain } from './markup';
import { type Ink, SEMIBOLD } from './print';
import { textAt, wrapped } from './text';
import { many, type Statement } from './words';

const GAP = 80;
const TITLE = 34;
const TEXT = 28;
const INDENT = 50;

interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

interface Drawn {
  readonly svg: string;
  readonly height: number;
}

/** So many statements from the top of a place, and how many more there are; gives how high they are. */
export function drawStatements(
  statements: readonly Statement[],
  most: number,
  { x, y, width }: Place,
  ink: Ink,
): Drawn {
  const shown = statements.slice(0, most);
  const alone = shown.length === 1;
  const column = alone ? width : (width - GAP) / 2;
  const heights = [0, 0];
  let svg = '';
  for (const statement of shown) {
    // The shorter column; reading goes down the left one first where they are level.
    const at = alone || (heights[0] ?? 0) <= (heights[1] ?? 0) ? 0 : 1;
    const top = y + (heights[at] ?? 0);
    const drawn = drawStatement(statement, { x: x + at * (column + GAP), y: top, width: column }, ink);
    svg += drawn.svg;
    heights[at] = (heights[at] ?? 0) + drawn.height;
  }
  const height = shown.length === 0 ? 0 : Math.max(...heights);
  const more = statements.length - shown.length;
  if (more === 0) return { svg, height };
  const type = { size: TEXT, weight: 400, fill: ink.palette['text-quiet'] } as const;
  return {
    svg: svg + textAt(x, y + height + 50, `and ${many(more, 'more problem')}`, type),
    height: height + 50,
  };
}

function drawStatement(statement: Statement, { x, y, width }: Place, { palette, letters }: Ink): Drawn {
  const room = width - INDENT;
  const left = x + INDENT;
  let at = y + 64;
  let svg = statusMark(statement.status, x, at - 27, 30, palette);
  const add = (text: string, size: number, fill: string, lines: number, weight: 400 | 600 = 400) => {
    if (text === '') return;
    for (const line of wrapped(plain(text, letters), { width: room, size, weight, lines })) {
      svg += textAt(left, at, line, { size, weight, fill });
      at += size * 1.36;
    }
  };
  add(statement.title, TITLE, palette.text, 2, SEMIBOLD);
  add(statement.also.length > 0 ? `also ${statement.also.join(', ')}` : '', TEXT, palette['text-quiet'], 2);
  add(statement.detail, TEXT, palette['text-soft'], 2);
  for (const cause of statement.because) add(`because ${cause}`, TEXT, palette.text, 3);
  return { svg, height: at - y - TEXT };
}
