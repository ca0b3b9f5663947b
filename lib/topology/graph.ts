import type { Finding, TopologyDelta, TopologyEdge, TopologyNode } from '@/lib/topology/model';
import { addTo, type MultiMap, removeFrom, valuesOf } from './multimap';
import { drain, sliced } from './slices';

/** The current nodes, edges and findings by id, with edges indexed by both ends. One writer calls `apply`; all others read. */
export class Graph {
  readonly nodes = new Map<string, TopologyNode>();
  readonly edges = new Map<string, TopologyEdge>();
  readonly findings = new Map<string, Finding>();
  readonly #out: MultiMap = new Map();
  readonly #in: MultiMap = new Map();

  /** Ids of the edges that leave a node. */
  out(nodeId: string): Iterable<string> {
    return valuesOf(this.#out, nodeId);
  }

  /** Ids of the edges that enter a node. */
  in(nodeId: string): Iterable<string> {
    return valuesOf(this.#in, nodeId);
  }

  /** Applies a delta; removing what is not there is harmless. */
  apply(delta: TopologyDelta): void {
    drain(this.applying(delta));
  }

  /** The same in slices: nobody may read the graph before the last. */
  *applying(delta: TopologyDelta): Generator<void, void> {
    yield* sliced(delta.edges.remove, (id) => this.#removeEdge(id));
    yield* sliced(delta.nodes.remove, (id) => this.nodes.delete(id));
    yield* sliced(delta.findings.remove, (id) => this.findings.delete(id));
    yield* sliced(delta.nodes.upsert, (node) => this.nodes.set(node.id, node));
    yield* sliced(delta.findings.upsert, (finding) => this.findings.set(finding.id, finding));
    yield* sliced(delta.edges.upsert, (edge) => this.#setEdge(edge));
  }

  #setEdge(edge: TopologyEdge): void {
    this.edges.set(edge.id, edge);
    addTo(this.#out, edge.source, edge.id);
    addTo(this.#in, edge.target, edge.id);
  }

  #removeEdge(id: string): void {
    const edge = this.edges.get(id);
    if (!edge) return;
    this.edges.delete(id);
    removeFrom(this.#out, edge.source, id);
    removeFrom(this.#in, edge.target, id);
  }
}
