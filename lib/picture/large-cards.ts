/**
 * Cards in large print, for a picture that is shown a third of its size in a chat: the name on several lines, then the mark
 * with what is to be said. Columns are as wide as their names need.
 */
import { type CardText, cardText } from '@/lib/layout/card-text';
import { COLUMNS, type ColumnKey, columnOf } from '@/lib/layout/columns';
import type { Grid } from '@/lib/layout/grid';
import type { Box } from '@/lib/layout/layout';
import type { Status, TopologyNode } from '@/lib/topology/model';
import { knownStatus, STATUS_WORD } from '@/lib/topology/status-words';
import { cardGround } from './cards';
import { statusMark } from './marks';
import { element, type Letters, plain } from './markup';
import type { Ink } from './print';
import { fits, fitted, linesOf, textAt, wrapped } from './text';

const SIZE = 15;
const LINE = 17;
const SUB = 14;
const PADDING = 8;
const MARK = 13;
const BESIDE_SUB = MARK + 5;

/** Gaps after the columns: a break mark needs room before Service and Pods. */
const GAPS: Readonly<Record<ColumnKey, number>> = {
  dns: 13,
  loadbalancer: 13,
  controller: 14,
  rule: 28,
  service: 28,
  pods: 0,
};
const NARROWEST = 86;
const WIDEST = 210;

/** Columns of this width altogether, each by what stands in it. */
export function largeGrid(nodes: readonly TopologyNode[], width: number, letters: Letters): Grid {
  const needs = new Map<ColumnKey, number>();
  for (const node of nodes) {
    const key = columnOf(node);
    const need = isHosts(node) ? NARROWEST : needOf(textsOf(node, letters), knownStatus(node.status));
    needs.set(key, Math.max(needs.get(key) ?? 0, need));
    if (isHosts(node)) needs.set('loadbalancer', Math.max(needs.get('loadbalancer') ?? 0, NARROWEST));
  }
  const used = COLUMNS.filter(({ key }) => needs.has(key));
  const gaps = used.slice(0, -1).reduce((sum, { key }) => sum + GAPS[key], 0);
  const widths = shared(
    used.map(({ key }) => needs.get(key) ?? NARROWEST),
    width - gaps,
  );
  let x = 0;
  const columns = used.map(({ key, title }, index) => {
    const column = { key, title, x, width: widths[index] ?? NARROWEST };
    x += column.width + GAPS[key];
    return column;
  });
  return { columns, width: x };
}

/** What each needs and a share of what is left over; where there is too little, each gives of what it has above the least. */
function shared(needs: readonly number[], room: number): readonly number[] {
  const sum = needs.reduce((a, b) => a + b, 0);
  if (sum <= room) return needs.map((need) => Math.min(WIDEST, need + (room - sum) / needs.length));
  const spare = sum - NARROWEST * needs.length;
  const short = Math.min(1, (sum - room) / Math.max(1, spare));
  return needs.map((need) => need - (need - NARROWEST) * short);
}

/** Width at which the name takes two lines, an address one, and what is wrong one. */
function needOf(text: CardText, status: Status): number {
  let width = NARROWEST;
  const lines = /^[\d.]+$/.test(text.title) ? 1 : 2;
  const sub = status === 'ok' ? '' : shortest(text, status);
  while (
    width < WIDEST &&
    (linesOf(text.title, { width: width - 2 * PADDING, size: SIZE, weight: 600 }, lines) > lines ||
      !fits(sub, width - 2 * PADDING - BESIDE_SUB, SUB))
  )
    width += 6;
  return width;
}

function shortest({ sub, subs }: CardText, status: Status): string {
  return (
    [sub, ...subs].reduce((a, b) => (b !== '' && (a === '' || b.length < a.length) ? b : a)) ||
    STATUS_WORD[status]
  );
}

function textsOf(node: TopologyNode, letters: Letters): CardText {
  const { title, sub, full, titles, subs } = cardText(node);
  const say = (way: string) => plain(way, letters);
  return { title: say(title), sub: say(sub), full: say(full), titles: titles.map(say), subs: subs.map(say) };
}

const isHosts = (node: TopologyNode) => node.kind === 'group' && node.detail.folds === 'hosts';

/** A card in large print. */
export function largeCard(node: TopologyNode, box: Box, ink: Ink): string {
  const { palette } = ink;
  const status = knownStatus(node.status);
  const text = textsOf(node, ink.letters);
  const room = box.width - 2 * PADDING;
  const most = Math.max(2, Math.floor((box.height - 3) / LINE));
  const lines = nameLines(text, room, Math.max(1, Math.min(3, most - 1)));
  const shown = sentence(text, status, room - BESIDE_SUB, most - lines.length);
  const top = box.y + (box.height - (lines.length + shown.length) * LINE) / 2;
  const name = lines.map((line, index) =>
    textAt(box.x + PADDING, top + index * LINE + SIZE * 0.88, line, {
      size: SIZE,
      weight: 600,
      fill: palette.text,
    }),
  );
  const y = top + lines.length * LINE + 2;
  const mark = statusMark(status, box.x + PADDING, y, MARK, palette);
  const fill = status === 'ok' ? palette['text-quiet'] : palette[status];
  const said = shown.map((line, index) =>
    textAt(box.x + PADDING + BESIDE_SUB, y + index * LINE + MARK * 0.88, line, {
      size: SUB,
      weight: 400,
      fill,
    }),
  );
  return element('g', {}, cardGround(node, box, ink) + name.join('') + mark + said.join(''));
}

/** The whole name where its lines suffice, else a shorter way to say it. */
function nameLines(text: CardText, width: number, most: number): readonly string[] {
  const room = { width, size: SIZE, weight: 600 } as const;
  const way = [text.full, text.title, ...text.titles].find((name) => linesOf(name, room, most) <= most);
  if (way !== undefined) return wrapped(way, { ...room, lines: most });
  const cut = fitted(text.full, width * most * 0.9, SIZE, 600);
  return wrapped(cut, { ...room, lines: most });
}

/** What is to be said, on one line if there is a way, else on several. */
function sentence(text: CardText, status: Status, width: number, most: number): readonly string[] {
  const ways = [text.sub, ...text.subs].filter((way) => way !== '');
  if (ways.length === 0) ways.push(STATUS_WORD[status]);
  // Of what is well, the first part will do.
  if (status === 'ok') ways.push(...ways.map((way) => way.split(/ [→·+]/u)[0] ?? way));
  const room = { width, size: SUB } as const;
  const way =
    ways.find((words) => fits(words, width, SUB)) ?? ways.find((words) => linesOf(words, room, most) <= most);
  return wrapped(way ?? shortest(text, status), { ...room, lines: most });
}
