/** Shortens a name to a width, without a page to measure in: by the widths of Inter's letters. */
import { ellipsis } from './text';

/** Advance widths of Inter semibold in thousandths of the font size, by groups of letters. */
const GROUPS: readonly (readonly [string, number])[] = [
  ["ijl|!'.,:;", 290],
  ['ftrI()[]/ "', 400],
  ['-_1', 430],
  ['mwMW@%…', 900],
  ['ABCDEFGHJKLNOPQRSTUVXYZ', 670],
  ['023456789', 620],
];
const OTHER = 600;
/** Anything that Inter does not draw itself, such as emoji and Chinese, is about square. */
const FOREIGN = 1050;

const WIDTHS: ReadonlyMap<string, number> = new Map(
  GROUPS.flatMap(([letters, width]) => [...letters].map((letter) => [letter, width] as const)),
);

/** About how wide a text is, in pixels. */
export function widthOf(text: string, fontSize: number): number {
  let sum = 0;
  for (const letter of text) sum += WIDTHS.get(letter) ?? (letter > '\u024f' ? FOREIGN : OTHER);
  return (sum * fontSize) / 1000;
}

/** The longest name that is measured whole; DNS allows 253 characters. */
const MEASURED = 400;

/** The text if it fits, else with as little of its middle left out as is needed. */
export function fitText(text: string, pixels: number, fontSize: number): string {
  if (text.length <= MEASURED && widthOf(text, fontSize) <= pixels) return text;
  let fits = 3;
  let tooLong = Math.min(MEASURED, text.length);
  while (tooLong - fits > 1) {
    const middle = (fits + tooLong) >> 1;
    if (widthOf(ellipsis(text, middle), fontSize) <= pixels) fits = middle;
    else tooLong = middle;
  }
  return ellipsis(text, fits);
}
