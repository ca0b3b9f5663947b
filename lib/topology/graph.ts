import type { Finding, TopologyDelta, TopologyEdge, TopologyNode } from '@/lib/topology/model';
import { drain, sliced } from './slices';

const NONE: readonly string[] = [];

/** Most nodes of a large cluster have one edge each way: a lone id is kept bare, for a Set of one costs 200 bytes. */
type Ids = string | Set<string>;

/** The current nodes, edges and findings by id, with edges indexed by both ends. One writer calls `apply`; all others read. */
export class Graph {
  readonly nodes = new Map<string, TopologyNode>();
  readonly edges = new Map<string, TopologyEdge>();
  readonly findings = new Map<string, Finding>();
  readonly #out = new Map<string, Ids>();
  readonly #in = new Map<string, Ids>();

  /** Ids of the edges that leave a node. */
  out(nodeId: string): Iterable<string> {
    return idsOf(this.#out.get(nodeId));
  }

  /** Ids of the edges that enter a node. */
  in(nodeId: string): Iterable<string> {
    return idsOf(this.#in.get(nodeId));
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
    link(this.#out, edge.source, edge.id);
    link(this.#in, edge.target, edge.id);
  }

  #removeEdge(id: string): void {
    const edge = this.edges.get(id);
    if (!edge) return;
    this.edges.delete(id);
    unlink(this.#out, edge.source, id);
    unlink(this.#in, edge.target, id);
  }
}

function idsOf(ids: Ids | undefined): Iterable<string> {
  if (ids === undefined) return NONE;
  return typeof ids === 'string' ? [ids] : ids;
}

function link(index: Map<string, Ids>, key: string, id: string): void {
  const ids = index.get(key);
  if (ids === undefined) index.set(key, id);
  else if (typeof ids !== 'string') ids.add(id);
  else if (ids !== id) index.set(key, new Set([ids, id]));
}

function unlink(index: Map<string, Ids>, key: string, id: string): void {
  const ids = index.get(key);
  if (ids === undefined) return;
  if (typeof ids === 'string') {
    if (ids === id) index.delete(key);
    return;
  }
  ids.delete(id);
  if (ids.size === 0) index.delete(key);
}
