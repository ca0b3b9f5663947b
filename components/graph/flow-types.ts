import type { Edge, Node } from '@xyflow/react';
import type { TopologyEdge, TopologyNode } from '@/lib/topology/model';

export interface CardData extends Record<string, unknown> {
  readonly node: TopologyNode;
  readonly selected: boolean;
  /** Where on its top edge the line of folded hosts leaves: they lie under the door that they lead to. */
  readonly riseX: number;
}

export type CardNode = Node<CardData, 'card' | 'hosts'>;
export type WireEdge = Edge<{ readonly edge: TopologyEdge }, 'wire'>;
