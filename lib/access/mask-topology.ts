/** One topology masked from scratch: of the past, or out of a snapshot. */
import { Graph } from '@/lib/topology/graph';
import type { Topology, TopologyDelta } from '@/lib/topology/model';
import { SummaryCounter } from '@/lib/topology/summary-counter';
import { MaskedGraph, type MaskOptions } from './masked-graph';
import type { NameIndex } from './name-index';

type Items = Pick<Topology, 'nodes' | 'edges' | 'findings'>;

/** What a mask of a topology needs beside its names. */
export type TopologyMask = Omit<MaskOptions, 'names'> & {
  /** Names that are secret whatever the topology says: those of the cluster as it is now. */
  readonly names: Pick<NameIndex, 'isSecret'>;
  /** For the names of the topology itself. */
  readonly index: NameIndex;
};

/** The graph of a topology as a viewer sees it, with its counts; in slices. */
export function* maskTopology(
  topology: Items,
  { index, names, ...options }: TopologyMask,
): Generator<void, { readonly graph: Graph; readonly summary: Topology['summary'] }> {
  const whole = new Graph();
  yield* whole.applying(deltaOf(topology));
  yield* index.fill(whole);
  const { namespaces } = options;
  const both = {
    isSecret: (word: string) => index.isSecret(word, namespaces) || names.isSecret(word, namespaces),
  };
  const delta = yield* new MaskedGraph(whole, { ...options, names: both }).fill();
  const graph = new Graph();
  const summary = new SummaryCounter();
  summary.apply(delta, graph);
  yield* graph.applying(delta);
  return { graph, summary: summary.value({ services: 0, pods: 0 }) };
}

function deltaOf({ nodes, edges, findings }: Items): TopologyDelta {
  return {
    nodes: { upsert: nodes, remove: [] },
    edges: { upsert: edges, remove: [] },
    findings: { upsert: findings, remove: [] },
  };
}
