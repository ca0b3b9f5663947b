import type { Finding, TopologyDelta, TopologyEdge, TopologyNode } from '@/lib/topology/model';

const NONE: ReadonlySet<string> = new Set();

/** The current nodes, edges and findings by id, with edges indexed by both ends. One writer calls `apply`; all others read. */
export class Graph {
  readonly nodes = new Map<string, TopologyNode>();
  readonly edges = new Map<string, TopologyEdge>();
  readonly findings = new Map<string, Finding>();
  readonly #out = new Map<string, Set<string>>();
  readonly #in = new Map<string, Set<string>>();

  /** Ids of the edges that leave a node. */
  out(nodeId: string): ReadonlySet<string> {
    return this.#out.get(nodeId) ?? NONE;
  }

  /** Ids of the edges that enter a node. */
  in(nodeId: string): ReadonlySet<string> {
    return this.#in.get(nodeId) ?? NONE;
  }

  /** Applies a delta; removing what is not there is harmless. */
  apply(delta: TopologyDelta): void {
    for (const id of delta.edges.remove) this.#removeEdge(id);
    for (const id of delta.nodes.remove) this.nodes.delete(id);
    for (const id of delta.findings.remove) this.findings.delete(id);
    for (const node of delta.nodes.upsert) this.nodes.set(node.id, node);
    for (const finding of delta.findings.upsert) this.findings.set(finding.id, finding);
    for (const edge of delta.edges.upsert) {
      this.edges.set(edge.id, edge);
      link(this.#out, edge.source, edge.id);
      link(this.#in, edge.target, edge.id);
    }
  }

  #removeEdge(id: string): void {
    const edge = this.edges.get(id);
    if (!edge) return;
    this.edges.delete(id);
    unlink(this.#out, edge.source, id);
    unlink(this.#in, edge.target, id);
  }
}

function link(index: Map<string, Set<string>>, key: string, id: string): void {
  const ids = index.get(key);
  if (ids) ids.add(id);
  else index.set(key, new Set([id]));
}

function unlink(index: Map<string, Set<string>>, key: string, id: string): void {
  const ids = index.get(key);
  if (!ids) return;
  ids.delete(id);
  if (ids.size === 0) index.delete(key);
}
