/**
 * Chains: host → load balancer → controller → rule → Service → Pod (CONTRACT "Chain"). Each has a pivot, a rule or a
 * directly exposed Service, from which it is followed in both directions; never by closure over the graph.
 */
import type { RuleDetail, ServiceDetail } from './details';
import type { Graph } from './graph';
import { edgeId, hostId } from './ids';
import type { TopologyEdge, TopologyNode } from './model';

/**
 * One chain without what many chains share: the load balancers in front of its controllers are asked for when it is
 * drawn ({@link sharedPart}), so that a change at one of them costs nothing per rule.
 */
export interface Chain {
  /** Id of the rule or of the directly exposed Service. */
  readonly pivot: string;
  /** Hosts it belongs to; the pivot itself where it has none. */
  readonly units: readonly string[];
  readonly controllers: readonly string[];
  readonly nodes: readonly string[];
  readonly edges: readonly string[];
}

/** The kind of a node, from its id. */
export function kindOf(id: string): string {
  return id.slice(0, id.indexOf(':'));
}

interface Draft {
  readonly controllers: Set<string>;
  readonly nodes: Set<string>;
  readonly edges: Set<string>;
}

/** The chain through a pivot; null when that id is no pivot (any more). */
export function chainOf(graph: Graph, pivot: string): Chain | null {
  const node = graph.nodes.get(pivot);
  if (node?.kind === 'rule') return ruleChain(graph, node);
  if (node?.kind === 'service') return serviceChain(graph, node);
  return null;
}

function ruleChain(graph: Graph, rule: TopologyNode): Chain {
  const host = hostOfRule(rule);
  const draft = newDraft(host, rule.id);
  for (const edge of edges(graph, graph.in(rule.id))) {
    if (isUpstream(kindOf(edge.source))) join(graph, draft, edge, edge.source);
  }
  for (const edge of edges(graph, graph.out(rule.id))) {
    const kind = kindOf(edge.target);
    if (kind === 'service') {
      draft.edges.add(edge.id);
      follow(graph, draft, edge.target, edge.port, new Set());
    } else if (kind !== 'rule' && kind !== 'host') join(graph, draft, edge, edge.target);
  }
  addHostEnds(graph, draft, host);
  addClassEdges(graph, draft);
  return finish(rule.id, [host], draft);
}

function serviceChain(graph: Graph, service: TopologyNode): Chain | null {
  const draft = newDraft(service.id);
  const hosts = new Set<string>();
  for (const exposes of edges(graph, graph.in(service.id))) {
    if (kindOf(exposes.source) !== 'loadbalancer') continue;
    draft.nodes.add(exposes.source);
    draft.edges.add(exposes.id);
    follow(graph, draft, service.id, exposes.port, new Set());
    for (const resolves of edges(graph, graph.in(exposes.source))) {
      if (kindOf(resolves.source) !== 'host') continue;
      hosts.add(resolves.source);
      draft.nodes.add(resolves.source);
      draft.edges.add(resolves.id);
    }
  }
  if (draft.edges.size === 0) return null;
  return finish(service.id, hosts.size > 0 ? [...hosts] : [service.id], draft);
}

/** What leads to a rule: controllers, a cloud's load balancer, a listener, a faulty class or Secret. */
function isUpstream(kind: string): boolean {
  return (
    kind === 'controller' ||
    kind === 'loadbalancer' ||
    kind === 'listener' ||
    kind === 'class' ||
    kind === 'secret'
  );
}

function join(graph: Graph, draft: Draft, edge: TopologyEdge, other: string): void {
  draft.edges.add(edge.id);
  const kind = kindOf(other);
  if (kind === 'controller') draft.controllers.add(other);
  else draft.nodes.add(other);
  if (kind !== 'listener') return;
  for (const above of edges(graph, graph.in(other))) {
    if (!isUpstream(kindOf(above.source))) continue;
    draft.edges.add(above.id);
    if (kindOf(above.source) === 'controller') draft.controllers.add(above.source);
    else draft.nodes.add(above.source);
  }
}

/** From a Service to what stands behind one of its ports; an ExternalName may lead to another Service. */
function follow(
  graph: Graph,
  draft: Draft,
  service: string,
  port: number | string | undefined,
  seen: Set<string>,
): void {
  draft.nodes.add(service);
  if (seen.has(service)) return;
  seen.add(service);
  const wanted = portNumber(graph.nodes.get(service), port);
  for (const edge of edges(graph, graph.out(service))) {
    const kind = kindOf(edge.target);
    if (kind === 'service') {
      draft.edges.add(edge.id);
      follow(graph, draft, edge.target, edge.port ?? port, seen);
    } else if (kind === 'pod' || kind === 'endpoint' || kind === 'external') {
      if (!samePort(wanted, portNumber(graph.nodes.get(service), edge.port))) continue;
      draft.nodes.add(edge.target);
      draft.edges.add(edge.id);
    }
  }
}

/** A Service port by number, where the Service knows it; rules may name it. */
export function portNumber(
  service: TopologyNode | undefined,
  port: number | string | undefined,
): number | string | undefined {
  if (typeof port !== 'string') return port;
  const ports = (service?.detail as Partial<ServiceDetail> | undefined)?.ports ?? [];
  return ports.find((candidate) => candidate.name === port)?.port ?? port;
}

/** Whether two ports may be the same; one that is not said may be any. */
export function samePort(a: number | string | undefined, b: number | string | undefined): boolean {
  return a === undefined || b === undefined || String(a) === String(b);
}

/** Where the host resolves to that only this host's chains show: foreign addresses, and this chain's own balancers. */
function addHostEnds(graph: Graph, draft: Draft, host: string): void {
  for (const edge of edges(graph, graph.out(host))) {
    const kind = kindOf(edge.target);
    if (kind === 'address' || kind === 'secret') draft.nodes.add(edge.target);
    else if (!draft.nodes.has(edge.target)) continue;
    draft.edges.add(edge.id);
  }
}

function addClassEdges(graph: Graph, draft: Draft): void {
  for (const node of draft.nodes) {
    if (kindOf(node) !== 'class') continue;
    for (const controller of draft.controllers) {
      for (const id of [edgeId('claims', controller, node), edgeId('claims', node, controller)]) {
        if (graph.edges.has(id)) draft.edges.add(id);
      }
    }
  }
}

/** The load balancers of a chain and the edges at them: those its host leads to and that expose one of its controllers. */
export function sharedPart(
  graph: Graph,
  chain: Chain,
): { readonly nodes: readonly string[]; readonly edges: readonly string[] } {
  const nodes = new Set(chain.controllers);
  const ownBalancer = chain.nodes.some((id) => kindOf(id) === 'loadbalancer');
  const found = new Set<string>();
  for (const host of chain.units) {
    if (kindOf(host) !== 'host') continue;
    const ways = [...edges(graph, graph.out(host))].filter((edge) => edge.kind === 'resolves');
    const exposing = chain.controllers.flatMap((id) => [...edges(graph, graph.in(id))].filter(fromBalancer));
    // Without any answer (DNS off, not asked yet, rules for every host) all of the controller's balancers may be used.
    const used = exposing.filter(
      (edge) => ways.length === 0 || ways.some((way) => way.target === edge.source),
    );
    for (const edge of used) {
      nodes.add(edge.source);
      found.add(edge.id);
    }
    for (const way of ways) {
      const leads = used.some((edge) => edge.source === way.target);
      // A host that leads only to balancers of others is broken there: draw where it goes.
      const astray = used.length === 0 && !ownBalancer && kindOf(way.target) === 'loadbalancer';
      if (!leads && !astray) continue;
      nodes.add(way.target);
      found.add(way.id);
    }
  }
  return { nodes: [...nodes], edges: [...found] };
}

function fromBalancer(edge: TopologyEdge): boolean {
  return kindOf(edge.source) === 'loadbalancer';
}

/** Id of the host node of a rule. */
export function hostOfRule(rule: TopologyNode): string {
  const host = (rule.detail as Partial<RuleDetail>).host ?? '';
  return hostId(host === '*' ? '' : host);
}

/** The edges behind ids, those that exist. */
export function* edges(graph: Graph, ids: Iterable<string>): Generator<TopologyEdge> {
  for (const id of ids) {
    const edge = graph.edges.get(id);
    if (edge) yield edge;
  }
}

function newDraft(...nodes: string[]): Draft {
  return { controllers: new Set(), nodes: new Set(nodes), edges: new Set() };
}

function finish(pivot: string, units: readonly string[], draft: Draft): Chain {
  const sorted = (ids: Iterable<string>) => [...ids].sort();
  return {
    pivot,
    units: sorted(units),
    controllers: sorted(draft.controllers),
    nodes: sorted(draft.nodes),
    edges: sorted(draft.edges),
  };
}
