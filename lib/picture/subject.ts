/** What a picture is about, found in slices: of a cluster of thousands of hosts too. */
import { chainOf, edges, hostOfRule, kindOf } from '@/lib/topology/chains';
import { addChain, pick } from '@/lib/topology/fold-hosts';
import type { Drawing } from '@/lib/topology/fold-pods';
import { Graph } from '@/lib/topology/graph';
import type { Topology, TopologyNode } from '@/lib/topology/model';
import { type Problem, problemsOf } from '@/lib/topology/problems';
import { sliced } from '@/lib/topology/slices';
import { statusRank } from '@/lib/topology/status';
import { knownStatus } from '@/lib/topology/status-words';

export interface Subject {
  readonly topology: Topology;
  readonly graph: Graph;
  /** The node in focus; null: none, or none of this topology. */
  readonly focus: TopologyNode | null;
  /** Rules and exposed Services whose chains are in question, the gravest first; none where nothing is wrong and nothing in focus. */
  readonly pivots: readonly string[];
  /** Faults to tell: with a focus those on its chains; then what could not be judged. */
  readonly problems: readonly Problem[];
}

/** Finds what a picture of a topology has to show. */
export function* subjectOf(topology: Topology, focusId: string | null): Generator<void, Subject> {
  const graph = new Graph();
  yield* graph.applying({
    nodes: { upsert: topology.nodes, remove: [] },
    edges: { upsert: topology.edges, remove: [] },
    findings: { upsert: topology.findings, remove: [] },
  });
  const focus = focusId === null ? null : (graph.nodes.get(focusId) ?? null);
  const found = problemsOf(graph.findings);
  yield;
  const all = [...found.broken, ...found.unknown];
  if (focus === null) {
    const pivots = [...new Set(all.flatMap((problem) => pivotsOf(problem, graph)))];
    return { topology, graph, focus, pivots, problems: all };
  }
  const through = yield* pivotsThrough(graph, focus);
  const problems = concerning(all, focus, new Set(through));
  const grave = problems.flatMap((problem) => problem.affects.map(({ rule }) => rule));
  const pivots = [...new Set([...grave.filter((id) => through.includes(id)), ...through])];
  return { topology, graph, focus, pivots, problems };
}

/** The chains that a problem harms. */
export function pivotsOf(problem: Problem, graph: Graph): readonly string[] {
  return problem.affects.map(({ rule }) => rule).filter((id) => graph.nodes.has(id));
}

/** What harms the chains in focus; a problem at the node itself comes first. */
function concerning(
  problems: readonly Problem[],
  focus: TopologyNode,
  pivots: ReadonlySet<string>,
): readonly Problem[] {
  const at = new Set(focus.findings);
  const own = (problem: Problem) =>
    problem.members.some(({ id }) => at.has(id)) || problem.affects.some(({ rule }) => rule === focus.id);
  const some = problems.filter(
    (problem) =>
      own(problem) || problem.affects.some(({ rule, host }) => pivots.has(rule) || host === focus.id),
  );
  return [...some.filter(own), ...some.filter((problem) => !own(problem))];
}

/** Rules and exposed Services whose chains run through a node, the gravest first. */
function* pivotsThrough(graph: Graph, focus: TopologyNode): Generator<void, readonly string[]> {
  const hosts = new Set<string>();
  const found = new Set<string>();
  collect(graph, focus.id, hosts, found);
  if (hosts.size > 0)
    yield* sliced(graph.nodes.values(), (node) => {
      if (node.kind === 'rule' && hosts.has(hostOfRule(node))) found.add(node.id);
    });
  const nodes = [...found].flatMap((id) => graph.nodes.get(id) ?? []);
  const pivots = nodes.filter(({ kind, id }) => kind === 'rule' || chainOf(graph, id) !== null);
  return pivots.sort(worstFirst).map(({ id }) => id);
}

/** Rules and Services that a node leads to or is led to by, by kind; of hosts only their ids. */
function collect(graph: Graph, id: string, hosts: Set<string>, found: Set<string>): void {
  const sources = () => [...edges(graph, graph.in(id))].map(({ source }) => source);
  const targets = () => [...edges(graph, graph.out(id))].map(({ target }) => target);
  switch (kindOf(id)) {
    case 'rule':
      found.add(id);
      return;
    case 'host':
      hosts.add(id);
      for (const door of targets()) addExposed(graph, door, found);
      return;
    case 'service':
      found.add(id);
      for (const rule of sources().filter(isRule)) found.add(rule);
      return;
    case 'loadbalancer':
    case 'address':
      for (const host of sources().filter((other) => kindOf(other) === 'host')) hosts.add(host);
      addExposed(graph, id, found);
      return;
    case 'pod':
    case 'endpoint':
    case 'external':
    case 'group':
      for (const service of sources().filter(isService)) collect(graph, service, hosts, found);
      return;
    default:
      for (const rule of [...sources(), ...targets()].filter(isRule)) found.add(rule);
  }
}

function addExposed(graph: Graph, door: string, found: Set<string>): void {
  for (const { target } of edges(graph, graph.out(door))) if (isService(target)) found.add(target);
}

const isRule = (id: string) => kindOf(id) === 'rule';
const isService = (id: string) => kindOf(id) === 'service';

function worstFirst(a: TopologyNode, b: TopologyNode): number {
  return statusRank(knownStatus(a.status)) - statusRank(knownStatus(b.status)) || (a.id < b.id ? -1 : 1);
}

/** The chains through these pivots, whole. */
export function chainsOf(graph: Graph, pivots: Iterable<string>): Drawing {
  const nodes = new Set<string>();
  const links = new Set<string>();
  for (const pivot of pivots) {
    const chain = chainOf(graph, pivot);
    if (!chain) continue;
    addChain(graph, chain, nodes, links);
    addGroups(graph, nodes, links);
  }
  return pick(graph, nodes, links);
}

/** Pods that the view has folded stand for those that the chain leads to. */
function addGroups(graph: Graph, nodes: Set<string>, links: Set<string>): void {
  for (const id of [...nodes].filter(isService)) {
    for (const edge of edges(graph, graph.out(id))) {
      if (kindOf(edge.target) !== 'group') continue;
      nodes.add(edge.target);
      links.add(edge.id);
    }
  }
}

/** A node with its neighbours: for one that is on no chain. */
export function aroundOf(graph: Graph, id: string): Drawing {
  const nodes = new Set([id]);
  const links = new Set([...graph.in(id), ...graph.out(id)]);
  for (const edge of edges(graph, links)) {
    nodes.add(edge.source);
    nodes.add(edge.target);
  }
  return pick(graph, nodes, links);
}
