/** Splits what was published into the partitions that it is recorded in. */
import { hostOfRule } from '@/lib/topology/chains';
import type { Finding, TopologyDelta, TopologyNode } from '@/lib/topology/model';
import { sliced } from '@/lib/topology/slices';
import { type Affects, emptyDraft, type PartDraft, type PartPatch } from './part';
import { partitionOfEdge, partitionOfFinding, partitionOfNode, SHARED } from './partition-of';

export type Parts = ReadonlyMap<string, PartPatch>;

/** One writer: remembers which rules exist and whom findings harm, so that the shared partition is told changes only. */
export class Splitter {
  readonly #rules = new Map<string, string>();
  readonly #affects = new Map<string, Finding['affects']>();

  /** The parts of a delta, in slices. Deltas must come in the order in which they were published. */
  *split(delta: TopologyDelta): Generator<void, Parts> {
    const parts = new Map<string, PartDraft>();
    yield* sliced(delta.nodes.remove, (id) => {
      partOf(parts, partitionOfNode(id)).nodes.remove.push(id);
      if (this.#rules.delete(id)) partOf(parts, SHARED).rules.remove.push(id);
    });
    yield* sliced(delta.nodes.upsert, (node) => {
      partOf(parts, partitionOfNode(node.id)).nodes.upsert.push(node);
      if (node.kind === 'rule') this.#rule(parts, node);
    });
    yield* sliced(delta.edges.remove, (id) => partOf(parts, partitionOfEdge(id)).edges.remove.push(id));
    yield* sliced(delta.edges.upsert, (edge) =>
      partOf(parts, partitionOfEdge(edge.id)).edges.upsert.push(edge),
    );
    yield* sliced(delta.findings.remove, (id) => {
      partOf(parts, partitionOfFinding(id)).findings.remove.push(id);
      if (this.#affects.delete(id)) partOf(parts, SHARED).affects.remove.push(id);
    });
    yield* sliced(delta.findings.upsert, (finding) => {
      partOf(parts, partitionOfFinding(finding.id)).findings.upsert.push(finding);
      this.#harms(parts, finding);
    });
    return parts;
  }

  #rule(parts: Map<string, PartDraft>, rule: TopologyNode): void {
    const { id } = rule;
    const host = hostOfRule(rule);
    if (this.#rules.get(id) === host) return;
    this.#rules.set(id, host);
    partOf(parts, SHARED).rules.upsert.push({ id, host });
  }

  #harms(parts: Map<string, PartDraft>, { id, affects }: Finding): void {
    const before = this.#affects.get(id);
    if (before === affects || (before === undefined && affects.length === 0)) return;
    if (affects.length === 0) {
      this.#affects.delete(id);
      partOf(parts, SHARED).affects.remove.push(id);
      return;
    }
    this.#affects.set(id, affects);
    partOf(parts, SHARED).affects.upsert.push(affectsOf(id, affects));
  }
}

function affectsOf(id: string, affects: Finding['affects']): Affects {
  const hosts = new Set(affects.map(({ host }) => host));
  const parts = new Set(affects.map(({ rule }) => partitionOfNode(rule)));
  return { id, hosts: [...hosts].sort(), parts: [...parts].sort() };
}

function partOf(parts: Map<string, PartDraft>, name: string): PartDraft {
  let part = parts.get(name);
  if (!part) {
    part = emptyDraft();
    parts.set(name, part);
  }
  return part;
}
