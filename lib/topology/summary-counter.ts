import type { Graph } from './graph';
import type { Finding, Severity, Status, Summary, TopologyDelta, TopologyNode } from './model';

interface Counts {
  readonly services: number;
  readonly pods: number;
}

/** Counts of a topology, whole or masked, kept by deltas. */
export class SummaryCounter {
  readonly #hosts: Record<Status, number> = {
    ok: 0,
    warning: 0,
    degraded: 0,
    broken: 0,
    unknown: 0,
    pending: 0,
  };
  readonly #findings: Record<Severity, number> = { broken: 0, degraded: 0, warning: 0, info: 0 };
  readonly #drawn = { service: 0, pod: 0 };

  /** @param all how many Services and pods there are in what is looked at, drawn or not. */
  value(all: Counts): Summary {
    return {
      hosts: { ...this.#hosts },
      findings: { ...this.#findings },
      outOfScope: {
        services: Math.max(0, all.services - this.#drawn.service),
        pods: Math.max(0, all.pods - this.#drawn.pod),
      },
    };
  }

  /** Takes a delta before it is applied to the graph. */
  apply(delta: TopologyDelta, graph: Graph): void {
    const drawn = graph.nodes.size > 0;
    for (const node of delta.nodes.upsert) {
      if (drawn) this.#node(graph.nodes.get(node.id), -1);
      this.#node(node, 1);
    }
    for (const id of delta.nodes.remove) this.#node(graph.nodes.get(id), -1);
    for (const finding of delta.findings.upsert) {
      this.#finding(graph.findings.get(finding.id), -1);
      this.#finding(finding, 1);
    }
    for (const id of delta.findings.remove) this.#finding(graph.findings.get(id), -1);
  }

  #node(node: TopologyNode | undefined, by: 1 | -1): void {
    if (node?.kind === 'host') this.#hosts[node.status] += by;
    // Ghosts have no uid, and placeholders no reference: they are not among the objects that were counted.
    if ((node?.kind === 'service' || node?.kind === 'pod') && node.ref?.uid) this.#drawn[node.kind] += by;
  }

  #finding(finding: Finding | undefined, by: 1 | -1): void {
    if (finding?.state === 'open') this.#findings[finding.severity] += by;
  }
}
