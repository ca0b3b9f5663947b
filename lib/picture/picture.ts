/** A view as a picture: SVG text with the page's layout and colours, that refers to nothing outside itself. Pure. */
import type { Topology } from '@/lib/topology/model';
import { drain } from '@/lib/topology/slices';
import { element, escaped, plain } from './markup';
import { PALETTE, type Theme } from './palette';
import { FONT, type Ink, type Size } from './print';
import { type Selection, selectionOf } from './selection';
import { barColour, type PictureInput } from './sheet';
import { CARD, CARD_CAPACITY, drawCard } from './sheet-card';
import { drawWide, WIDE, WIDE_CAPACITY } from './sheet-wide';
import { type Subject, subjectOf } from './subject';
import { statementsOf } from './words';

/** The picture of a view as SVG text; the same input gives the same text. */
export function pictureOf(input: PictureInput): string {
  return drain(drawPicture(input));
}

/** The same in slices, between which others may run. */
export function* drawPicture(input: PictureInput): Generator<void, string> {
  const studio = yield* studioOf(input.topology, input.focus);
  return yield* studio.draw(input);
}

/** One view for several pictures: what they show is found once. */
export interface Studio {
  /** Draws one of them, in slices. Topology and focus are those of the studio. */
  draw(input: Omit<PictureInput, 'topology' | 'focus'>): Generator<void, string>;
}

/** Prepares the pictures of a view, in slices. */
export function* studioOf(topology: Topology, focus: string | null): Generator<void, Studio> {
  const subject = yield* subjectOf(topology, focus);
  const chosen = new Map<Size, Selection>();
  return {
    *draw(options) {
      const known = chosen.get(options.size);
      const capacity = options.size === 'card' ? CARD_CAPACITY : WIDE_CAPACITY;
      const selection = known ?? (yield* selectionOf(subject, capacity));
      chosen.set(options.size, selection);
      yield;
      return draw({ ...options, topology, focus }, subject, selection);
    },
  };
}

function draw(input: PictureInput, subject: Subject, selection: Selection): string {
  const palette = PALETTE[known(input.theme)];
  const ink: Ink = { palette, letters: input.letters ?? 'all' };
  const sheet = {
    input,
    selection,
    statements: statementsOf(subject),
    bar: barColour(input.topology, palette),
  };
  const { width, height, svg } =
    input.size === 'card' ? { ...CARD, svg: drawCard(sheet, ink) } : { width: WIDE, ...drawWide(sheet, ink) };
  const title = element('title', {}, escaped(plain(input.title ?? sheet.statements[0].title, ink.letters)));
  const ground = element('rect', { width, height, fill: palette.canvas });
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      width,
      height,
      viewBox: `0 0 ${width} ${height}`,
      role: 'img',
      'font-family': FONT,
    },
    title + ground + svg,
  );
}

function known(theme: string): Theme {
  return theme === 'dark' ? 'dark' : 'light';
}
