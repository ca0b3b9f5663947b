/**
 * All chains of a graph, kept up to date change by change. Units are what folds as one: a host with all its chains, or a
 * directly exposed Service without host. From scratch (`new ChainIndex(graph)`) is the definition; `update` must equal it.
 */
import { type Chain, chainOf, hostOfRule, kindOf } from './chains';
import type { Graph } from './graph';
import type { TopologyDelta, TopologyEdge, TopologyNode } from './model';
import { addTo, least, type MultiMap, removeFrom, valuesOf } from './multimap';
import { drain, sliced } from './slices';
import { worse } from './status';
import { countOwned, place, type Unit } from './units';

/** What an update changed: chains that differ or hold a changed node, and whether what many chains share has changed. */
export interface Touched {
  readonly pivots: ReadonlySet<string>;
  readonly shared: boolean;
}

const NONE: ReadonlySet<string> = new Set();

interface Work {
  /** Pivots to follow anew. */
  readonly dirty: Set<string>;
  /** Pivots whose nodes changed. */
  readonly touched: Set<string>;
  /** Nodes whose owner may have changed. */
  readonly nodes: Set<string>;
  shared: boolean;
}

export class ChainIndex {
  readonly chains = new Map<string, Chain>();
  readonly units = new Map<string, Unit>();
  /** Nodes on no chain by themselves: controllers, their load balancers, and what nothing leads to. */
  readonly loose = new Set<string>();
  readonly #graph: Graph;
  readonly #pivotsOf: MultiMap = new Map();
  readonly #owner = new Map<string, string>();
  readonly #edges = new Map<string, TopologyEdge>();
  readonly #nodes = new Map<string, TopologyNode>();

  constructor(graph: Graph) {
    this.#graph = graph;
    drain(this.fill());
  }

  /** Takes over all that the graph has; for who has let `update` wait. In slices as there. */
  fill(): Generator<void, Touched> {
    return this.update({
      nodes: { upsert: [...this.#graph.nodes.values()], remove: [] },
      edges: { upsert: [...this.#graph.edges.values()], remove: [] },
      findings: { upsert: [], remove: [] },
    });
  }

  /** Chains that hold this node themselves; of what is shared ask `pivotsThrough`. */
  pivotsOf(node: string): Iterable<string> {
    return valuesOf(this.#pivotsOf, node);
  }

  /** The unit that counts this node as its own. */
  ownerOf(node: string): string | undefined {
    return this.#owner.get(node);
  }

  /** Takes over a delta that the graph already has. */
  apply(delta: TopologyDelta): Touched {
    return drain(this.update(delta));
  }

  /** The same in slices: the caller may yield to the event loop between them, but must not change the graph. */
  *update(delta: TopologyDelta): Generator<void, Touched> {
    const work: Work = { dirty: new Set(), touched: new Set(), nodes: new Set(), shared: false };
    yield* sliced(delta.edges.remove, (id) => this.#edgeRemoved(id, work));
    yield* sliced(delta.edges.upsert, (edge) => this.#edgeUpserted(edge, work));
    yield* sliced(delta.nodes.remove, (id) => this.#nodeRemoved(id, work));
    yield* sliced(delta.nodes.upsert, (node) => this.#nodeUpserted(node, work));
    const units = new Set<string>();
    for (const pivot of work.touched) for (const unit of this.chains.get(pivot)?.units ?? []) units.add(unit);
    yield* sliced(work.dirty, (pivot) => this.#rechain(pivot, work, units));
    yield* sliced(work.nodes, (node) => this.#settleNode(node));
    yield* sliced(units, (unit) => this.#settleUnit(unit));
    for (const pivot of work.dirty) work.touched.add(pivot);
    return { pivots: work.touched, shared: work.shared };
  }

  #edgeUpserted(edge: TopologyEdge, work: Work): void {
    const known = this.#edges.has(edge.id);
    this.#edges.set(edge.id, edge);
    // An id names kind, ends and port: an edge that is known has not changed its place.
    if (known) this.#repainted(edge, work);
    else this.#structure(edge, work);
  }

  #repainted(edge: TopologyEdge, work: Work): void {
    const end = this.#pivotsOf.has(edge.target) ? edge.target : edge.source;
    if (this.#pivotsOf.has(end)) this.#mark(end, work.touched);
    else work.shared = true;
  }

  #edgeRemoved(id: string, work: Work): void {
    const edge = this.#edges.get(id);
    if (!edge) return;
    this.#edges.delete(id);
    this.#structure(edge, work);
  }

  /** Marks the chains whose course an edge that came or went can change. */
  #structure(edge: TopologyEdge, work: Work): void {
    const source = kindOf(edge.source);
    const target = kindOf(edge.target);
    if (source === 'rule') work.dirty.add(edge.source);
    if (target === 'rule') work.dirty.add(edge.target);
    if (source === 'host') this.#resolves(edge, work);
    else if (source === 'loadbalancer' && target === 'service') work.dirty.add(edge.target);
    else if (source === 'service') this.#mark(edge.source, work.dirty);
    else if (source === 'loadbalancer' && target === 'controller') work.shared = true;
    else if (target !== 'rule' && source !== 'rule') {
      this.#mark(edge.source, work.dirty);
      this.#mark(edge.target, work.dirty);
    }
  }

  #resolves(edge: TopologyEdge, work: Work): void {
    for (const pivot of this.units.get(edge.source)?.pivots ?? NONE) work.dirty.add(pivot);
    for (const id of this.#graph.out(edge.target)) {
      const onward = this.#graph.edges.get(id);
      if (onward && kindOf(onward.target) === 'service') work.dirty.add(onward.target);
    }
  }

  #nodeUpserted(node: TopologyNode, work: Work): void {
    const before = this.#nodes.get(node.id);
    this.#nodes.set(node.id, node);
    this.#mark(node.id, work.touched);
    if (node.kind === 'controller' || node.kind === 'loadbalancer' || node.kind === 'class')
      work.shared = true;
    if (!before) {
      work.nodes.add(node.id);
      if (node.kind === 'rule' || node.kind === 'service') work.dirty.add(node.id);
    }
    if (node.kind === 'service' && !(before && equalPorts(before, node))) this.#mark(node.id, work.dirty);
    if (node.kind === 'rule' && before && hostOfRule(before) !== hostOfRule(node)) work.dirty.add(node.id);
  }

  #nodeRemoved(id: string, work: Work): void {
    this.#nodes.delete(id);
    this.#mark(id, work.dirty);
    work.nodes.add(id);
    work.shared ||= !this.#pivotsOf.has(id);
  }

  #mark(node: string, pivots: Set<string>): void {
    for (const pivot of this.pivotsOf(node)) pivots.add(pivot);
  }

  #rechain(pivot: string, work: Work, units: Set<string>): void {
    const before = this.chains.get(pivot);
    const after = chainOf(this.#graph, pivot);
    for (const node of before?.nodes ?? []) {
      removeFrom(this.#pivotsOf, node, pivot);
      work.nodes.add(node);
    }
    for (const unit of before?.units ?? []) {
      this.units.get(unit)?.pivots.delete(pivot);
      units.add(unit);
    }
    if (!after) {
      this.chains.delete(pivot);
      return;
    }
    this.chains.set(pivot, after);
    for (const node of after.nodes) {
      addTo(this.#pivotsOf, node, pivot);
      work.nodes.add(node);
    }
    for (const unit of after.units) {
      this.#unit(unit).pivots.add(pivot);
      units.add(unit);
    }
  }

  #unit(id: string): Unit {
    const found = this.units.get(id);
    if (found) return found;
    const unit: Unit = { id, pivots: new Set(), owned: new Map(), status: 'ok', namespace: '', groups: [] };
    this.units.set(id, unit);
    return unit;
  }

  /** Says anew whether a node is loose, and which unit owns it. */
  #settleNode(id: string): void {
    const exists = this.#graph.nodes.has(id);
    const owner = exists ? this.#ownerFromScratch(id) : undefined;
    if (exists && owner === undefined) this.loose.add(id);
    else this.loose.delete(id);
    this.#setOwner(id, owner);
  }

  #ownerFromScratch(id: string): string | undefined {
    // A host belongs to itself even where it shares a directly exposed Service with others.
    if (this.units.get(id)?.pivots.size) return id;
    return (
      least([...this.pivotsOf(id)].flatMap((pivot) => this.chains.get(pivot)?.units[0] ?? [])) || undefined
    );
  }

  #setOwner(id: string, owner: string | undefined): void {
    const before = this.#owner.get(id);
    if (before === owner) return;
    if (before !== undefined) countOwned(this.units.get(before), id, -1);
    if (owner === undefined) this.#owner.delete(id);
    else {
      this.#owner.set(id, owner);
      countOwned(this.units.get(owner), id, 1);
    }
  }

  #settleUnit(id: string): void {
    const unit = this.units.get(id);
    if (!unit) return;
    if (unit.pivots.size === 0) {
      this.units.delete(id);
      return;
    }
    unit.status = 'ok';
    for (const node of this.#nodesOf(unit)) {
      const status = this.#graph.nodes.get(node)?.status;
      if (status) unit.status = worse(unit.status, status);
    }
    place(this.#graph, unit);
  }

  /** Of several hosts at one Service each answers for itself. */
  *#nodesOf(unit: Unit): Generator<string> {
    for (const pivot of unit.pivots) {
      for (const node of this.chains.get(pivot)?.nodes ?? []) {
        if (node === unit.id || kindOf(node) !== 'host') yield node;
      }
    }
  }
}

function equalPorts(a: TopologyNode, b: TopologyNode): boolean {
  return (
    a.detail.ports === b.detail.ports || JSON.stringify(a.detail.ports) === JSON.stringify(b.detail.ports)
  );
}
