/** What a viewer is told of what he may not see: how much of it stands next to what he sees. */
import { numberOf } from './detail-reads';
import type { TopologyNode } from './model';

/** How many things stand next to what is seen: the placeholders that are drawn, and what is only counted at a node. */
export function hiddenBeside(nodes: Iterable<TopologyNode>): number {
  let hidden = 0;
  for (const { detail } of nodes) hidden += detail.withheld === true ? 1 : (numberOf(detail, 'hidden') ?? 0);
  return hidden;
}
