/**
 * Positions of a view, the same for the page and for exported pictures. Pure and deterministic.
 * With the previous layout given, nothing that stays changes its place in the order of its column.
 */
import type { TopologyEdge, TopologyNode } from '@/lib/topology/model';
import { blocksOf, hangersOf, stackBlocks } from './blocks';
import { type ColumnKey, columnNamed, columnOf, GRID_WIDTH, heightOf, INDENT, ROW_GAP } from './columns';
import { adjacency, type Frame, isHostGroup, members, ordered, type Pull, takeRow, wishOf } from './frame';
import { byText, stableOrder } from './order';
import { pack } from './pack';
import { placeServices } from './services';

export interface LayoutView {
  readonly nodes: readonly TopologyNode[];
  readonly edges: readonly TopologyEdge[];
}

export interface Box {
  readonly id: string;
  readonly column: ColumnKey;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Layout {
  readonly boxes: ReadonlyMap<string, Box>;
  readonly width: number;
  readonly height: number;
}

/** Lays a view out; `previous` keeps the order of what it already holds. */
export function layout(view: LayoutView, previous?: Layout): Layout {
  const nodes = new Map(view.nodes.map((node) => [node.id, node]));
  const frame: Frame = {
    nodes,
    ...adjacency(view.edges, nodes),
    rank: (id) => previous?.boxes.get(id)?.y,
    tops: new Map(),
    free: 0,
  };
  const hangers = hangersOf(nodes, view.edges);
  frame.free = stackBlocks(blocksOf(view.nodes, frame.rank), hangers, frame.tops);
  placeLooseRuleNodes(frame);
  placeColumn(frame, 'loadbalancer', [
    { via: 'incoming', column: 'dns' },
    { via: 'outgoing', column: 'rule' },
  ]);
  placeColumn(frame, 'controller', [
    { via: 'incoming', column: 'loadbalancer' },
    { via: 'outgoing', column: 'rule' },
  ]);
  placeServices(frame);
  placeHostGroups(frame);
  return finish(frame, hangers, previous);
}

function placeColumn(frame: Frame, column: ColumnKey, pulls: readonly Pull[]): void {
  const items = members(frame, column)
    .sort((a, b) => byText(a.id, b.id))
    .map((node) => {
      const height = heightOf(node);
      return { id: node.id, height, wish: wishOf(frame, node.id, pulls, true) ?? takeRow(frame, height) };
    });
  for (const [id, top] of pack(ordered(items, frame.rank), ROW_GAP)) frame.tops.set(id, top);
}

/** Secrets and classes that hang under no drawn rule get rows of their own. */
function placeLooseRuleNodes(frame: Frame): void {
  const loose = members(frame, 'rule').filter((node) => !frame.tops.has(node.id));
  loose.sort((a, b) => byText(a.id, b.id));
  for (const node of stableOrder(loose, (item) => frame.rank(item.id)))
    frame.tops.set(node.id, takeRow(frame, heightOf(node)));
}

/** Folded hosts stand below all others; their lines span two columns, so they clear both. */
function placeHostGroups(frame: Frame): void {
  const groups = [...frame.nodes.values()].filter(isHostGroup).sort((a, b) => byText(a.id, b.id));
  let y = 0;
  for (const column of ['dns', 'loadbalancer'] as const) {
    for (const node of members(frame, column))
      y = Math.max(y, (frame.tops.get(node.id) ?? 0) + heightOf(node) + ROW_GAP * 2);
  }
  for (const group of stableOrder(groups, (item) => frame.rank(item.id))) {
    frame.tops.set(group.id, y);
    y += heightOf(group) + ROW_GAP;
  }
}

function finish(
  frame: Frame,
  hangers: ReadonlyMap<string, readonly TopologyNode[]>,
  previous?: Layout,
): Layout {
  const hung = new Set([...hangers.values()].flat().map((node) => node.id));
  const boxes = new Map<string, Box>();
  let height = 0;
  for (const node of frame.nodes.values()) {
    const box = boxOf(node, frame.tops.get(node.id) ?? 0, hung.has(node.id));
    const before = previous?.boxes.get(node.id);
    // The same reference when nothing moved: the page redraws only what changed.
    boxes.set(node.id, before && same(before, box) ? before : box);
    height = Math.max(height, box.y + box.height);
  }
  return { boxes, width: GRID_WIDTH, height };
}

function boxOf(node: TopologyNode, y: number, hung: boolean): Box {
  const column = columnOf(node);
  const { x, width } = columnNamed(column);
  const height = heightOf(node);
  if (hung) return { id: node.id, column, x: x + INDENT, y, width: width - INDENT, height };
  if (!isHostGroup(node)) return { id: node.id, column, x, y, width, height };
  const next = columnNamed('loadbalancer');
  return { id: node.id, column, x, y, width: next.x + next.width - x, height };
}

function same(a: Box, b: Box): boolean {
  return a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height && a.column === b.column;
}
