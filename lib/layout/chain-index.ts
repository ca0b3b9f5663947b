/** The chains through any node of a view, found when first asked for. Highlight and focus go by chains, never by closure over the graph. */
import { chainOf, sharedPart } from '@/lib/topology/chains';
import { Graph } from '@/lib/topology/graph';
import type { TopologyEdge, TopologyNode } from '@/lib/topology/model';

export interface Lit {
  readonly nodes: ReadonlySet<string>;
  readonly edges: ReadonlySet<string>;
}

interface Part {
  readonly nodes: readonly string[];
  readonly edges: readonly string[];
}

export class ChainIndex {
  readonly #graph = new Graph();
  readonly #parts = new Map<string, Part>();
  readonly #pivotsOf = new Map<string, string[]>();
  #built = false;

  constructor(nodes: Iterable<TopologyNode>, edges: Iterable<TopologyEdge>) {
    this.#graph.apply({
      nodes: { upsert: [...nodes], remove: [] },
      edges: { upsert: [...edges], remove: [] },
      findings: { upsert: [], remove: [] },
    });
  }

  /** All chains through a node as one set; a node in no chain (a host without rules) lights with its neighbours. */
  through(id: string): Lit {
    this.#build();
    const nodes = new Set([id]);
    const edges = new Set<string>();
    const pivots = this.#pivotsOf.get(id) ?? [];
    for (const pivot of pivots) {
      const part = this.#parts.get(pivot);
      for (const node of part?.nodes ?? []) nodes.add(node);
      for (const edge of part?.edges ?? []) edges.add(edge);
    }
    if (pivots.length === 0) this.#addNeighbours(id, nodes, edges);
    return { nodes, edges };
  }

  /** Rules and exposed Services whose chains run through a node. */
  pivots(id: string): readonly string[] {
    this.#build();
    return this.#pivotsOf.get(id) ?? [];
  }

  /** Nodes and edges of one rule's (or exposed Service's) chain. */
  chain(pivot: string): Part | null {
    this.#build();
    return this.#parts.get(pivot) ?? null;
  }

  #addNeighbours(id: string, nodes: Set<string>, edges: Set<string>): void {
    for (const edgeId of [...this.#graph.in(id), ...this.#graph.out(id)]) {
      const edge = this.#graph.edges.get(edgeId);
      if (!edge) continue;
      edges.add(edgeId);
      nodes.add(edge.source);
      nodes.add(edge.target);
    }
  }

  #build(): void {
    if (this.#built) return;
    this.#built = true;
    for (const node of this.#graph.nodes.values()) {
      if (node.kind !== 'rule' && node.kind !== 'service') continue;
      const chain = chainOf(this.#graph, node.id);
      if (!chain) continue;
      const shared = sharedPart(this.#graph, chain);
      this.#keep(
        node.id,
        new Set([...chain.nodes, ...shared.nodes]),
        new Set([...chain.edges, ...shared.edges]),
      );
    }
  }

  #keep(pivot: string, nodes: Set<string>, edges: Set<string>): void {
    this.#addGroups(nodes, edges);
    // A chain names ends that may lie outside of a filtered view.
    const drawn = [...nodes].filter((id) => this.#graph.nodes.has(id));
    this.#parts.set(pivot, { nodes: drawn, edges: [...edges] });
    for (const id of drawn) {
      const pivots = this.#pivotsOf.get(id);
      if (pivots) pivots.push(pivot);
      else this.#pivotsOf.set(id, [pivot]);
    }
  }

  /** Folded pods stand for the pods that the chain would have led to. */
  #addGroups(nodes: Set<string>, edges: Set<string>): void {
    for (const id of [...nodes]) {
      if (this.#graph.nodes.get(id)?.kind !== 'service') continue;
      for (const edgeId of this.#graph.out(id)) {
        const edge = this.#graph.edges.get(edgeId);
        if (!edge || this.#graph.nodes.get(edge.target)?.kind !== 'group') continue;
        nodes.add(edge.target);
        edges.add(edgeId);
      }
    }
  }
}
