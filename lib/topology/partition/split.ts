/** Splits what was published into the partitions that it is recorded in. */
import { hostOfRule } from '@/lib/topology/chains';
import type { Finding, TopologyDelta, TopologyEdge, TopologyNode } from '@/lib/topology/model';
import { sliced } from '@/lib/topology/slices';
import { type Affects, emptyDraft, type Fields, type PartDraft, type PartPatch } from './part';
import { partitionOfEdge, partitionOfFinding, partitionOfNode, SHARED } from './partition-of';

export type Parts = ReadonlyMap<string, PartPatch>;

/**
 * One writer: remembers what it was given last (references to the graph's own items), so that of what is known only the
 * fields that changed are told, and the shared partition only of rules and harm that are new.
 */
export class Splitter {
  readonly #rules = new Map<string, string>();
  readonly #nodes = new Map<string, Known<TopologyNode>>();
  readonly #edges = new Map<string, Known<TopologyEdge>>();
  readonly #findings = new Map<string, Known<Finding>>();

  /** The parts of a delta, in slices. Deltas must come in the order in which they were published. */
  *split(delta: TopologyDelta): Generator<void, Parts> {
    const parts = new Map<string, PartDraft>();
    yield* sliced(delta.nodes.remove, (id) => {
      this.#nodes.delete(id);
      partOf(parts, partitionOfNode(id)).nodes.remove.push(id);
      if (this.#rules.delete(id)) partOf(parts, SHARED).rules.remove.push(id);
    });
    yield* sliced(delta.nodes.upsert, (node) => {
      put(this.#nodes, node, partitionOfNode, (part) => partOf(parts, part).nodes);
      if (node.kind === 'rule') this.#rule(parts, node);
    });
    yield* sliced(delta.edges.remove, (id) => {
      this.#edges.delete(id);
      partOf(parts, partitionOfEdge(id)).edges.remove.push(id);
    });
    yield* sliced(delta.edges.upsert, (edge) =>
      put(this.#edges, edge, partitionOfEdge, (part) => partOf(parts, part).edges),
    );
    yield* sliced(delta.findings.remove, (id) => {
      partOf(parts, partitionOfFinding(id)).findings.remove.push(id);
      if (this.#findings.get(id)?.item.affects.length) partOf(parts, SHARED).affects.remove.push(id);
      this.#findings.delete(id);
    });
    yield* sliced(delta.findings.upsert, (finding) => {
      this.#harms(parts, finding);
      put(this.#findings, finding, partitionOfFinding, (part) => partOf(parts, part).findings);
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
    const before = this.#findings.get(id)?.item.affects ?? [];
    if (before === affects || (before.length === 0 && affects.length === 0)) return;
    if (affects.length === 0) partOf(parts, SHARED).affects.remove.push(id);
    else partOf(parts, SHARED).affects.upsert.push(affectsOf(id, affects));
  }
}

/** An item as it was told last, with its partition: telling that from the id anew costs more than remembering it. */
interface Known<T> {
  readonly part: string;
  item: T;
}

/** Says an item whole where it is new, else what is new of it. */
function put<T extends { readonly id: string }>(
  items: Map<string, Known<T>>,
  item: T,
  partition: (id: string) => string,
  patchOf: (part: string) => { readonly upsert: T[]; readonly set: Fields<T>[] },
): void {
  const known = items.get(item.id);
  if (!known) {
    const part = partition(item.id);
    items.set(item.id, { part, item });
    patchOf(part).upsert.push(item);
    return;
  }
  const fields = changedFields(known.item, item);
  known.item = item;
  const patch = patchOf(known.part);
  if (fields) patch.set.push(fields);
  else patch.upsert.push(item);
}

/** The fields with other references; equal ones are shared between versions. null: one is gone, which fields cannot say. */
function changedFields<T extends { readonly id: string }>(before: T, after: T): Fields<T> | null {
  const changed = changedOf(before as Plain, after as Plain);
  if (!changed) return null;
  const { detail, ...fields } = changed;
  const inside = detail === undefined ? null : insideOf(before as Plain, detail);
  const told = inside ? { ...fields, detailFields: inside } : changed;
  return { ...told, id: after.id } as Fields<T>;
}

type Plain = Readonly<Record<string, unknown>>;

/** What has changed within `detail`; null: it must be told whole. */
function insideOf({ detail: before }: Plain, detail: unknown): Plain | null {
  return isRecord(before) && isRecord(detail) ? changedOf(before, detail) : null;
}

function isRecord(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function changedOf(before: Plain, after: Plain): Plain | null {
  for (const key in before) if (after[key] === undefined) return null;
  const fields: Record<string, unknown> = {};
  for (const key in after) if (after[key] !== before[key]) fields[key] = after[key];
  return fields;
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
