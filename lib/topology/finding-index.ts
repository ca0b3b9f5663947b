/** Which findings a view needs: those its nodes and edges list, those that name its rules or hosts, and their causes. */
import type { Graph } from './graph';
import type { Finding, TopologyDelta, TopologyEdge, TopologyNode } from './model';
import { addTo, type MultiMap, removeFrom, valuesOf } from './multimap';

export class FindingIndex {
  /** Findings that stop or harm traffic: folding never hides them. */
  readonly problems = new Set<string>();
  /** Findings about what no node stands for (a namespace, a policy, the cluster) that harm nobody in particular. */
  readonly general = new Set<string>();
  readonly #graph: Graph;
  readonly #affecting: MultiMap = new Map();
  readonly #known = new Map<string, Finding>();

  constructor(graph: Graph) {
    this.#graph = graph;
    this.apply({ findings: { upsert: [...graph.findings.values()], remove: [] } });
  }

  /** Takes over changes that the graph already has. */
  apply(delta: Pick<TopologyDelta, 'findings'>): void {
    for (const id of delta.findings.remove) this.#forget(id);
    for (const finding of delta.findings.upsert) {
      this.#forget(finding.id);
      this.#known.set(finding.id, finding);
      for (const { host, rule } of finding.affects) {
        addTo(this.#affecting, host, finding.id);
        addTo(this.#affecting, rule, finding.id);
      }
      if (isProblem(finding)) this.problems.add(finding.id);
      if (isGeneral(finding)) this.general.add(finding.id);
    }
  }

  /** Findings that name this rule or host among what they harm. */
  affecting(node: string): Iterable<string> {
    return valuesOf(this.#affecting, node);
  }

  /** The findings that go with what is drawn, and what explains them. */
  select(
    nodes: Iterable<TopologyNode>,
    edges: Iterable<TopologyEdge>,
    also: Iterable<string> = [],
  ): Map<string, Finding> {
    const result = new Map<string, Finding>();
    for (const node of nodes) {
      for (const id of node.findings) this.#add(result, id);
      for (const id of this.affecting(node.id)) this.#add(result, id);
    }
    for (const edge of edges) for (const id of edge.findings) this.#add(result, id);
    for (const id of also) this.#add(result, id);
    return result;
  }

  #add(result: Map<string, Finding>, id: string): void {
    let next: string | null = id;
    while (next !== null && !result.has(next)) {
      const finding = this.#graph.findings.get(next);
      if (!finding) return;
      result.set(next, finding);
      next = finding.cause;
    }
  }

  #forget(id: string): void {
    const before = this.#known.get(id);
    if (!before) return;
    this.#known.delete(id);
    this.problems.delete(id);
    this.general.delete(id);
    for (const { host, rule } of before.affects) {
      removeFrom(this.#affecting, host, id);
      removeFrom(this.#affecting, rule, id);
    }
  }
}

function isProblem(finding: Finding): boolean {
  return finding.impact === 'traffic' && finding.severity !== 'info' && finding.state === 'open';
}

/** Kinds that nodes stand for: their findings come with the node. */
const DRAWN_KINDS: ReadonlySet<string> = new Set([
  'Host',
  'Ingress',
  'Service',
  'Secret',
  'Pod',
  'Deployment',
  'DaemonSet',
  'StatefulSet',
]);

function isGeneral(finding: Finding): boolean {
  return finding.affects.length === 0 && !DRAWN_KINDS.has(finding.subject.kind);
}
