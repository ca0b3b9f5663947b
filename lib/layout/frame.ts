/** What the steps of a layout share: the view's graph, the earlier order, and the tops found so far. */
import type { TopologyEdge, TopologyNode } from '@/lib/topology/model';
import type { Rank } from './blocks';
import { type ColumnKey, columnOf, ROW_GAP } from './columns';
import { byText, stableOrder } from './order';
import { median } from './pack';

/** A door that a hundred hosts share stays near the first of them, where one looks; its middle would be screens away. */
const NEAR_TOP = 372;

export interface Frame {
  readonly nodes: ReadonlyMap<string, TopologyNode>;
  readonly incoming: ReadonlyMap<string, readonly string[]>;
  readonly outgoing: ReadonlyMap<string, readonly string[]>;
  readonly rank: Rank;
  readonly tops: Map<string, number>;
  /** Next free row below the hosts, for what no host leads to. */
  free: number;
}

/** Neighbours by direction; edges that lead out of the view are left out. */
export function adjacency(edges: readonly TopologyEdge[], nodes: ReadonlyMap<string, TopologyNode>) {
  const incoming = new Map<string, string[]>();
  const outgoing = new Map<string, string[]>();
  for (const { source, target } of edges) {
    if (!nodes.has(source) || !nodes.has(target)) continue;
    push(outgoing, source, target);
    push(incoming, target, source);
  }
  return { incoming, outgoing };
}

function push(map: Map<string, string[]>, key: string, value: string): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

/** Nodes of one column, folded hosts apart: those span two columns. */
export function members(frame: Frame, column: ColumnKey): TopologyNode[] {
  return [...frame.nodes.values()].filter((node) => columnOf(node) === column && !isHostGroup(node));
}

/** Whether a node is a line of folded hosts. */
export function isHostGroup(node: TopologyNode): boolean {
  return node.kind === 'group' && columnOf(node) === 'dns';
}

export interface Pull {
  readonly via: 'incoming' | 'outgoing';
  readonly column: ColumnKey;
}

/** Where a node would like to stand: level with the median of its placed neighbours, tried in turn. */
export function wishOf(frame: Frame, id: string, pulls: readonly Pull[], near = false): number | undefined {
  for (const { via, column } of pulls) {
    const tops: number[] = [];
    for (const other of frame[via].get(id) ?? []) {
      const node = frame.nodes.get(other);
      const top = frame.tops.get(other);
      if (
        node &&
        top !== undefined &&
        columnOf(node) === column &&
        node.kind !== 'secret' &&
        node.kind !== 'class'
      )
        tops.push(top);
    }
    const wish = median(tops);
    if (wish !== undefined) return near ? Math.min(wish, Math.min(...tops) + NEAR_TOP) : wish;
  }
  return undefined;
}

/** Order by wish, or the earlier order where there is one. */
export function ordered<T extends { readonly id: string; readonly wish: number }>(
  items: T[],
  rank: Rank,
): T[] {
  items.sort((a, b) => a.wish - b.wish || byText(a.id, b.id));
  return stableOrder(items, (item) => rank(item.id));
}

/** A row below everything that hosts lead to. */
export function takeRow(frame: Frame, height: number): number {
  const top = frame.free;
  frame.free += height + ROW_GAP;
  return top;
}
