/** What no entry reaches, as a viewer sees it who may not see everything. */
import type { Internal } from '@/lib/topology/internal';
import type { TopologyEdge, TopologyNode } from '@/lib/topology/model';
import { sliced } from '@/lib/topology/slices';
import { namespaceOf, namespaceOfId } from './owners';

interface Eyes {
  readonly namespaces: ReadonlySet<string>;
  readonly isClean: (text: string) => boolean;
}

const REASONS = ['reason', 'internalReason'];

/** The part of it in the viewer's namespaces, in slices. What explains it may name controllers of others: then it is cut short. */
export function* maskInternal(internal: Internal, eyes: Eyes): Generator<void, Internal> {
  const nodes: TopologyNode[] = [];
  const edges: TopologyEdge[] = [];
  const isOwn = (id: string) => eyes.namespaces.has(namespaceOfId(id));
  yield* sliced(internal.nodes, (node) => {
    if (eyes.namespaces.has(namespaceOf(node))) nodes.push(explained(node, eyes));
  });
  yield* sliced(internal.edges, (edge) => {
    if (isOwn(edge.source) && isOwn(edge.target)) edges.push(edge);
  });
  // Whoever follows the whole is told when it changes: nobody need wake for it here.
  return { nodes, edges, wakeAt: null };
}

function explained(node: TopologyNode, { isClean }: Eyes): TopologyNode {
  const unclean = REASONS.filter((key) => {
    const text = node.detail[key];
    return typeof text === 'string' && !isClean(text);
  });
  if (unclean.length === 0) return node;
  const short = Object.fromEntries(unclean.map((key) => [key, 'internal only']));
  return { ...node, detail: { ...node.detail, ...short } };
}
