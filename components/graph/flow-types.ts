import type { Edge, Node } from '@xyflow/react';
import type { TopologyEdge, TopologyNode } from '@/lib/topology/model';

export type CardNode = Node<{ readonly node: TopologyNode; readonly selected: boolean }, 'card' | 'hosts'>;
export type WireEdge = Edge<{ readonly edge: TopologyEdge }, 'wire'>;
