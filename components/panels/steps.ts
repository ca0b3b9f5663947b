/** A chain as steps from top to bottom. Pure. */
import type { Scene } from '@/lib/layout/scene';
import type { TopologyEdge, TopologyNode } from '@/lib/topology/model';
import { statusRank } from '@/lib/topology/status';

export interface Step {
  readonly node: TopologyNode;
  /** The worst link that leads here; null at the start. */
  readonly into: TopologyEdge | null;
}

/** The chain of one rule (or exposed Service), in the order in which a request goes. */
export function stepsOf(pivot: string, scene: Scene): readonly Step[] {
  const part = scene.chains.chain(pivot);
  if (!part) return [];
  const place = (id: string) => scene.layout.boxes.get(id)?.x ?? 0;
  const height = (id: string) => scene.layout.boxes.get(id)?.y ?? 0;
  const ids = [...part.nodes].sort((a, b) => place(a) - place(b) || height(a) - height(b));
  const edges = part.edges.map((id) => scene.drawing.edges.get(id)).filter((edge) => edge !== undefined);
  const steps: Step[] = [];
  for (const id of ids) {
    const node = scene.drawing.nodes.get(id);
    if (node) steps.push({ node, into: steps.length === 0 ? null : worstInto(id, edges) });
  }
  return steps;
}

function worstInto(id: string, edges: readonly TopologyEdge[]): TopologyEdge | null {
  const into = edges
    .filter((edge) => edge.target === id)
    .sort((a, b) => statusRank(a.status) - statusRank(b.status));
  return into[0] ?? null;
}
