/** Which chains the filters of a view choose. Kept from update to update: only chains that changed are asked again. */

import type { ChainIndex, Touched } from './chain-index';
import { type Chain, edges, kindOf, sharedPart } from './chains';
import type { ControllerDetail, HostDetail, LoadBalancerDetail, PodDetail, RuleDetail } from './details';
import type { Graph } from './graph';
import type { TopologyNode } from './model';
import { sliced } from './slices';
import type { ViewFilters } from './view-filters';

/** Empty until `refresh` has run. */
export class Selection {
  readonly pivots = new Set<string>();
  readonly #graph: Graph;
  readonly #index: ChainIndex;
  readonly #filters: ViewFilters;
  readonly #words: readonly string[];

  constructor(graph: Graph, index: ChainIndex, filters: ViewFilters) {
    this.#graph = graph;
    this.#index = index;
    this.#filters = filters;
    this.#words = searchWords(filters.q);
  }

  /** Asks again for what an update touched, in slices; without argument, for all chains. */
  *refresh(touched?: Touched): Generator<void> {
    if (this.#filters.focus !== null) {
      const through = pivotsThrough(this.#graph, this.#index, this.#filters.focus);
      this.pivots.clear();
      yield* sliced(through, (pivot) => this.#ask(pivot));
    } else if (touched && !(touched.shared && this.#asksShared())) {
      yield* sliced(touched.pivots, (pivot) => this.#ask(pivot));
    } else {
      this.pivots.clear();
      yield* sliced(this.#index.chains.keys(), (pivot) => this.#ask(pivot));
    }
  }

  #asksShared(): boolean {
    return this.#words.length > 0 || this.#filters.controller.length > 0;
  }

  #ask(pivot: string): void {
    const chain = this.#index.chains.get(pivot);
    if (chain && this.#matches(chain)) this.pivots.add(pivot);
    else this.pivots.delete(pivot);
  }

  #matches(chain: Chain): boolean {
    const pivot = this.#graph.nodes.get(chain.pivot);
    if (!pivot) return false;
    const f = this.#filters;
    return (
      (f.status.length === 0 || f.status.includes(pivot.status)) &&
      (f.namespace.length === 0 || this.#inNamespace(chain, pivot)) &&
      (f.host.length === 0 || chain.units.some((unit) => this.#isHost(unit))) &&
      (f.class.length === 0 || hasClass(pivot, f.class)) &&
      (f.controller.length === 0 || chain.controllers.some((id) => this.#isController(id))) &&
      (f.service.length === 0 || chain.nodes.some((id) => this.#isService(id))) &&
      (this.#words.length === 0 || this.#hasText(chain))
    );
  }

  #inNamespace(chain: Chain, pivot: TopologyNode): boolean {
    const wanted = this.#filters.namespace;
    if (wanted.includes(pivot.namespace)) return true;
    return chain.nodes.some(
      (id) => kindOf(id) === 'service' && wanted.includes(this.#graph.nodes.get(id)?.namespace ?? ''),
    );
  }

  #isHost(id: string): boolean {
    const host = this.#graph.nodes.get(id);
    const names = [id, host?.name, (host?.detail as Partial<HostDetail> | undefined)?.host];
    // An id is compared as it came: canonical filters are in lower case.
    return this.#filters.host.some((wanted) => names.some((name) => name?.toLowerCase() === wanted));
  }

  #isController(id: string): boolean {
    const node = this.#graph.nodes.get(id);
    const names = [id, node?.name, (node?.detail as Partial<ControllerDetail> | undefined)?.type];
    return this.#filters.controller.some((wanted) => names.includes(wanted));
  }

  #isService(id: string): boolean {
    if (kindOf(id) !== 'service') return false;
    const node = this.#graph.nodes.get(id);
    const names = [id, node?.name, `${node?.namespace}/${node?.name}`];
    return this.#filters.service.some((wanted) => names.includes(wanted));
  }

  #hasText(chain: Chain): boolean {
    const ids = [...chain.nodes, ...sharedPart(this.#graph, chain).nodes];
    const missing = new Set(this.#words);
    for (const id of ids) {
      const node = this.#graph.nodes.get(id);
      if (!node) continue;
      const text = searchText(node);
      for (const word of missing) if (text.includes(word)) missing.delete(word);
      if (missing.size === 0) return true;
    }
    return false;
  }
}

/** The words of a search, in lower case. */
export function searchWords(q: string): readonly string[] {
  return q
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
}

/** Everything of a node that a search looks at, in lower case. */
export function searchText(node: TopologyNode): string {
  const detail = node.detail as Partial<RuleDetail & HostDetail & LoadBalancerDetail & PodDetail>;
  const address = `${detail.host ?? ''}${detail.path ?? ''}`;
  return [
    node.id,
    node.name,
    `${node.namespace}/${node.name}`,
    address,
    detail.ip ?? '',
    ...(detail.addresses ?? []),
    ...(detail.cnames ?? []),
  ]
    .join('\n')
    .toLowerCase();
}

function hasClass(pivot: TopologyNode, wanted: readonly string[]): boolean {
  const name = (pivot.detail as Partial<RuleDetail>).class;
  return typeof name === 'string' && wanted.includes(name);
}

/** The chains through a node. Not closure: a load balancer's are those whose host leads to it. */
export function pivotsThrough(graph: Graph, index: ChainIndex, id: string): ReadonlySet<string> {
  const own = new Set(index.pivotsOf(id));
  const kind = kindOf(id);
  if (kind === 'host') for (const pivot of index.units.get(id)?.pivots ?? []) own.add(pivot);
  if (kind === 'controller') for (const pivot of ruledBy(graph, index, id)) own.add(pivot);
  if (kind === 'loadbalancer') for (const pivot of balancedBy(graph, index, id)) own.add(pivot);
  return own;
}

function* balancedBy(graph: Graph, index: ChainIndex, balancer: string): Generator<string> {
  for (const exposes of edges(graph, graph.out(balancer))) {
    if (kindOf(exposes.target) !== 'controller') continue;
    for (const pivot of ruledBy(graph, index, exposes.target)) {
      const chain = index.chains.get(pivot);
      if (chain && sharedPart(graph, chain).edges.includes(exposes.id)) yield pivot;
    }
  }
}

function* ruledBy(graph: Graph, index: ChainIndex, controller: string): Generator<string> {
  for (const edge of edges(graph, graph.out(controller))) {
    if (kindOf(edge.target) === 'rule') yield edge.target;
    else if (kindOf(edge.target) === 'listener') yield* index.pivotsOf(edge.target);
  }
}
