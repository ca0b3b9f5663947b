/**
 * View + layout → what React Flow draws. An unchanged node keeps its object: React Flow takes in again only
 * nodes whose reference changed, and the memoised cards skip the rest.
 */
import { type NodeHandle, Position } from '@xyflow/react';
import type { Box, Layout } from '@/lib/layout/layout';
import { HANG_X, leftOut, riseXOf, wiringOf } from '@/lib/layout/wires';
import type { TopologyEdge, TopologyNode } from '@/lib/topology/model';
import type { CardNode, WireEdge } from './flow-types';

export class FlowMapper {
  #nodes = new Map<string, { readonly flow: CardNode; readonly box: Box }>();
  #edges = new Map<string, WireEdge>();

  nodes(nodes: readonly TopologyNode[], layout: Layout, selected: string | null): CardNode[] {
    const next = new Map<string, { flow: CardNode; box: Box }>();
    const result: CardNode[] = [];
    const rise = riseXOf(layout);
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
    const far = leftOut(edges, layout);
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
  const { source, target, leaves } = wiringOf(edge, layout);
  return {
    id: edge.id,
    type: 'wire',
    source,
    target,
    sourceHandle: leaves,
    targetHandle: 'in',
    data: { edge },
    focusable: false,
    selectable: false,
  };
}
