/** SVG as text. What comes from a cluster or from a person is data here: never markup, never a reference, never able to turn the text around it. */

/** Which letters may stand in a text: all, or only those that the fonts of the package can draw. */
export type Letters = 'all' | 'shipped';

type Value = string | number;

/** One element; numbers are rounded to hundredths, absent attributes left out. `children` is markup already. */
export function element(
  name: string,
  attributes: Readonly<Record<string, Value | undefined>>,
  children = '',
): string {
  let written = '';
  for (const [key, value] of Object.entries(attributes))
    if (value !== undefined)
      written += ` ${key}="${typeof value === 'number' ? rounded(value) : escaped(value)}"`;
  return children === '' ? `<${name}${written}/>` : `<${name}${written}>${children}</${name}>`;
}

/** A number with two decimals at most. */
export function rounded(value: number): string {
  return String(Math.round(value * 100) / 100);
}

const ENTITY: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as XML takes it, in content and in attributes. */
export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => ENTITY[letter] ?? '');
}

/** So much of a text is looked at: nobody reads more in a picture, and a note may have megabytes. */
const MOST = 2000;
/** Controls, lone surrogates, what XML forbids, and marks that turn the direction of what follows. */
const FORBIDDEN = /[\p{Cc}\p{Cs}\ufffe\uffff\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu;
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]+/gu;
/** Of the letters that Inter draws in all three weights; a test holds this to the font files. */
export const SHIPPED =
  '\\u0020-\\u007e\\u00a0-\\u00ac\\u00ae-\\u0148\\u014a-\\u01c3\\u01c5-\\u0254\\u038e-\\u03a1\\u03a3-\\u03d7\\u03fc-\\u0479\\u0480-\\u049d\\u04a0-\\u04ff\\u1e00-\\u1e9b\\u2010-\\u2027\\u2030-\\u2055\\u20a0-\\u20af\\u2150-\\u217f\\u2190-\\u2199\\u21b3\\u25a1\\u25cf';
const NOT_SHIPPED = new RegExp(`[^${SHIPPED}]`, 'u');
/** Stands for a letter that the picture's fonts lack. */
export const MISSING_LETTER = '□';

const GRAPHEMES = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** A string of anybody as a line of a picture: white space in one, nothing that hides, and what runs right to left kept to itself. */
export function plain(text: string, letters: Letters): string {
  const line = text.slice(0, MOST).replace(/\s+/gu, ' ').replace(FORBIDDEN, '').trim();
  if (letters === 'all') return line.replace(RIGHT_TO_LEFT, (run) => `\u2066${run}\u2069`);
  if (!NOT_SHIPPED.test(line)) return line;
  return [...GRAPHEMES.segment(line)]
    .map(({ segment }) => (NOT_SHIPPED.test(segment) ? MISSING_LETTER : segment))
    .join('');
}
