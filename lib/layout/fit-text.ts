/** Shortens a name to a width, without a page to measure in: by the widths of Inter's letters. */
import { ellipsis } from '@/lib/topology/text';

export type Weight = 400 | 600;

/** Advance widths of Inter in thousandths of the font size, by groups of letters that differ by little. */
const GROUPS: Readonly<Record<Weight, readonly (readonly [number, string])[]>> = {
  400: [
    [250, 'ijl'],
    [290, "I !,.:·';"],
    [335, '\\`t|f'],
    [363, '/()[]'],
    [400, 'r1'],
    [460, '{}_-"^'],
    [515, '*?s'],
    [565, 'xkzavyLJc'],
    [595, 'e7Fhnu5oE'],
    [620, '2bdpqg3869'],
    [645, 'Z0#P$S&R4TB'],
    [680, '+<=>~KYX'],
    [735, 'AVDCHUG'],
    [765, 'NOQ'],
    [825, 'w'],
    [875, '…m'],
    [985, 'M@%→W'],
  ],
  600: [
    [262, ' ijl'],
    [320, "I,.:·!';\\"],
    [352, 't`f|'],
    [376, '()[]/'],
    [412, 'r1'],
    [470, '{}-_^'],
    [540, '"*?s'],
    [575, 'LzkxaJcvFye7'],
    [612, 'Eo5hnu2bdpqg'],
    [645, '3689#P$SRZB0T&4'],
    [705, '+<=>~KYXD'],
    [745, 'UCAVHGN'],
    [770, 'OQ'],
    [845, 'w'],
    [900, 'm'],
    [955, 'M…'],
    [1020, '@→%W'],
  ],
};
const OTHER = 620;
/** Anything that Inter does not draw itself, such as emoji and Chinese, is about square. */
const FOREIGN = 1050;

const widths = (weight: Weight): ReadonlyMap<string, number> =>
  new Map(
    GROUPS[weight].flatMap(([width, letters]) => [...letters].map((letter) => [letter, width] as const)),
  );
const WIDTHS = { 400: widths(400), 600: widths(600) };

/** About how wide a text is, in pixels. */
export function widthOf(text: string, fontSize: number, weight: Weight = 600): number {
  let sum = 0;
  for (const letter of text) sum += WIDTHS[weight].get(letter) ?? (letter > '\u024f' ? FOREIGN : OTHER);
  return (sum * fontSize) / 1000;
}

/** The first of several ways to say it that fits; the last one cut in its middle where none does. */
export function fitFirst(
  ways: readonly string[],
  pixels: number,
  fontSize: number,
  weight: Weight = 600,
): string {
  const whole = ways.find((way) => way.length <= MEASURED && widthOf(way, fontSize, weight) <= pixels);
  return whole ?? fitText(ways.at(-1) ?? '', pixels, fontSize, weight);
}

/** The longest name that is measured whole; DNS allows 253 characters. */
const MEASURED = 400;

/** The text if it fits, else with as little of its middle left out as is needed. */
export function fitText(text: string, pixels: number, fontSize: number, weight: Weight = 600): string {
  if (text.length <= MEASURED && widthOf(text, fontSize, weight) <= pixels) return text;
  let fits = 3;
  let tooLong = Math.min(MEASURED, text.length);
  while (tooLong - fits > 1) {
    const middle = (fits + tooLong) >> 1;
    if (widthOf(ellipsis(text, middle), fontSize, weight) <= pixels) fits = middle;
    else tooLong = middle;
  }
  return ellipsis(text, fits);
}

/** A text on as many lines as `rooms` has, each with its own width; only what is still too long loses its middle. */
export function linesIn(text: string, rooms: readonly number[], fontSize: number): readonly string[] {
  const [room = 0, ...further] = rooms;
  const words = text.split(' ');
  if (further.length === 0 || widthOf(text, fontSize) <= room) return [fitText(text, room, fontSize)];
  let first = words[0] ?? '';
  let taken = 1;
  for (; taken < words.length && widthOf(`${first} ${words[taken]}`, fontSize) <= room; taken++)
    first += ` ${words[taken]}`;
  const line = fitText(first, room, fontSize);
  return taken === words.length
    ? [line]
    : [line, ...linesIn(words.slice(taken).join(' '), further, fontSize)];
}
