/** A node's card, as on the page: mark, name, one line more. */
import { cardText, isGhost } from '@/lib/layout/card-text';
import { fitFirst } from '@/lib/layout/fit-text';
import type { Box } from '@/lib/layout/layout';
import type { TopologyNode } from '@/lib/topology/model';
import { knownStatus } from '@/lib/topology/status-words';
import { statusMark } from './marks';
import { element, escaped, plain } from './markup';
import { cardColours } from './palette';
import type { Ink } from './print';
import { textAt } from './text';

const RADIUS = 10;
const PADDING = 8;
const MARK = 16;
/** Padding, mark and the gap after it. */
const BESIDE_TEXT = 41;
/** What the page's font and that of the picture differ by. */
const MARGIN = 0.97;

/** The card's ground and border; its full name for a reader of the SVG. */
export function cardGround(node: TopologyNode, box: Box, { palette, letters }: Ink): string {
  const { line, strength, ground } = cardColours(knownStatus(node.status), palette);
  const ghost = isGhost(node);
  const group = node.kind === 'group' && node.detail.folds === 'hosts';
  const rect = element('rect', {
    x: box.x,
    y: box.y,
    width: box.width,
    height: box.height,
    rx: RADIUS,
    fill: ground,
    stroke: group ? palette['line-strong'] : line,
    'stroke-opacity': group || strength === 1 ? undefined : strength,
    'stroke-width': ghost ? 1.5 : 1,
    'stroke-dasharray': ghost || group ? '4 3' : undefined,
  });
  return element('title', {}, escaped(plain(cardText(node).full, letters))) + rect;
}

/** The card of the wide picture: the page's own. */
export function pageCard(node: TopologyNode, box: Box, ink: Ink): string {
  const { palette, letters } = ink;
  const status = knownStatus(node.status);
  const text = cardText(node);
  const say = (ways: readonly string[]) => ways.map((way) => plain(way, letters));
  const x = box.x + PADDING + MARK + 7;
  const middle = box.y + box.height / 2;
  const mark = statusMark(status, box.x + PADDING, middle - MARK / 2, MARK, palette);
  const room = (box.width - BESIDE_TEXT + 2) * MARGIN;
  const soft = {
    size: 13,
    weight: 400,
    fill: status === 'ok' ? palette['text-quiet'] : palette[status],
  } as const;
  if (node.kind === 'group' && node.detail.folds === 'hosts') {
    const line = fitFirst(say([`${text.title}: ${text.sub}`]), room, 13, 400);
    const words = textAt(x, middle + 4.5, line, { ...soft, fill: palette['text-soft'] });
    return element('g', {}, cardGround(node, box, ink) + mark + words);
  }
  const title = fitFirst(say([text.title, ...text.titles]), room, 14);
  const sub = fitFirst(say([text.sub, ...text.subs]), room, 13, 400);
  const one = sub === '';
  const words =
    textAt(x, middle + (one ? 5 : -4), title, { size: 14, weight: 600, fill: palette.text }) +
    textAt(x, middle + 14, sub, soft);
  return element('g', {}, cardGround(node, box, ink) + mark + words);
}
