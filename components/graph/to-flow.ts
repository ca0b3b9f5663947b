/**
 * View + layout → what React Flow draws. An unchanged node keeps its object: React Flow takes in again only
 * nodes whose reference changed, and the memoised cards skip the rest.
 */
import { type NodeHandle, Position } from '@xyflow/react';
import type { Box, Layout } from '@/lib/layout/layout';
import type { TopologyEdge, TopologyNode } from '@/lib/topology/model';
import type { CardNode, WireEdge } from './flow-types';

/** Where lines leave downwards to what hangs under a rule. */
export const HANG_X = 11;

export class FlowMapper {
  #nodes = new Map<string, { readonly flow: CardNode; readonly box: Box }>();
  #edges = new Map<string, WireEdge>();

  nodes(nodes: readonly TopologyNode[], layout: Layout, selected: string | null): CardNode[] {
    const next = new Map<string, { flow: CardNode; box: Box }>();
    const result: CardNode[] = [];
    const rise = riseX(layout);
    for (const node of nodes) {
      const box = layout.boxes.get(node.id);
      if (!box) continue;
      const before = this.#nodes.get(node.id);
      const isSelected = node.id === selected;
      const same =
        before &&
        before.box === box &&
        before.flow.data.node === node &&
        before.flow.data.selected === isSelected;
      const flow = same ? before.flow : toNode(node, box, isSelected, rise);
      next.set(node.id, { flow, box });
      result.push(flow);
    }
    this.#nodes = next;
    return result;
  }

  edges(edges: readonly TopologyEdge[], layout: Layout): WireEdge[] {
    const next = new Map<string, WireEdge>();
    const far = new Set([...farHangs(edges, layout), ...lowerRises(edges, layout)]);
    for (const edge of edges) {
      if (!layout.boxes.has(edge.source) || !layout.boxes.has(edge.target) || far.has(edge.id)) continue;
      const before = this.#edges.get(edge.id);
      next.set(edge.id, before?.data?.edge === edge ? before : toEdge(edge, layout));
    }
    this.#edges = next;
    // Faults last: they are drawn above the quiet lines.
    return [...next.values()].sort((a, b) => depth(a) - depth(b));
  }
}

/** In the middle of the gap before the doors. */
function riseX(layout: Layout): number {
  let left = Number.POSITIVE_INFINITY;
  let door = Number.POSITIVE_INFINITY;
  for (const box of layout.boxes.values()) {
    if (box.column === 'dns') left = Math.min(left, box.x);
    if (box.column === 'loadbalancer') door = Math.min(door, box.x);
  }
  return Number.isFinite(door) && Number.isFinite(left) ? door - left - 9 : 0;
}

/** Folded hosts lie across the column of what they lead to. */
function rises(source: Box | undefined, target: Box | undefined): boolean {
  return source?.column === 'dns' && target !== undefined && source.x + source.width > target.x;
}

/** Lines of all folded hosts but the topmost: they would run through those above. */
function lowerRises(edges: readonly TopologyEdge[], layout: Layout): readonly string[] {
  const rising = edges.filter((edge) => rises(layout.boxes.get(edge.source), layout.boxes.get(edge.target)));
  const top = Math.min(...rising.map((edge) => layout.boxes.get(edge.source)?.y ?? 0));
  return rising.filter((edge) => layout.boxes.get(edge.source)?.y !== top).map((edge) => edge.id);
}

/** Lines to a Secret or class from rules other than the one that it hangs under: they would run through the cards between. */
function farHangs(edges: readonly TopologyEdge[], layout: Layout): ReadonlySet<string> {
  const nearest = new Map<string, { readonly edge: string; readonly y: number }>();
  const far = new Set<string>();
  for (const edge of edges) {
    const source = layout.boxes.get(edge.source);
    const target = layout.boxes.get(edge.target);
    if (source?.column !== 'rule' || target?.column !== 'rule') continue;
    const [rule, hung] = source.x <= target.x ? [source, target] : [target, source];
    const known = nearest.get(hung.id);
    const y = rule.y < hung.y ? rule.y : Number.NEGATIVE_INFINITY;
    if (known && known.y >= y) far.add(edge.id);
    else {
      if (known) far.add(known.edge);
      nearest.set(hung.id, { edge: edge.id, y });
    }
  }
  return far;
}

function depth(edge: WireEdge): number {
  const status = edge.data?.edge.status;
  return status === 'ok' ? 0 : status === 'broken' ? 2 : 1;
}

function toNode(node: TopologyNode, box: Box, selected: boolean, rise: number): CardNode {
  return {
    id: node.id,
    type: node.kind === 'group' && node.detail.folds === 'hosts' ? 'hosts' : 'card',
    position: { x: box.x, y: box.y },
    width: box.width,
    height: box.height,
    // Known beforehand, so that lines are drawn before any card is measured.
    measured: { width: box.width, height: box.height },
    handles: handles(box, rise),
    data: { node, selected, riseX: rise },
    ariaRole: 'button',
  };
}

function handles(box: Box, rise: number): NodeHandle[] {
  const size = { width: 1, height: 1 };
  return [
    { id: 'in', type: 'target', position: Position.Left, x: 0, y: box.height / 2, ...size },
    { id: 'out', type: 'source', position: Position.Right, x: box.width, y: box.height / 2, ...size },
    { id: 'hang', type: 'source', position: Position.Bottom, x: HANG_X, y: box.height, ...size },
    { id: 'rise', type: 'source', position: Position.Top, x: rise, y: 0, ...size },
  ];
}

function toEdge(edge: TopologyEdge, layout: Layout): WireEdge {
  const source = layout.boxes.get(edge.source);
  const target = layout.boxes.get(edge.target);
  const hangs = source?.column === 'rule' && target?.column === 'rule';
  // What hangs under a rule is drawn from the rule, whichever of the two refers to the other.
  const upwards = hangs && source.y > target.y;
  return {
    id: edge.id,
    type: 'wire',
    source: upwards ? edge.target : edge.source,
    target: upwards ? edge.source : edge.target,
    sourceHandle: hangs ? 'hang' : rises(source, target) ? 'rise' : 'out',
    targetHandle: 'in',
    data: { edge },
    focusable: false,
    selectable: false,
  };
}
