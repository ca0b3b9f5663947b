/** Splits what was published into the partitions that it is recorded in. */
import { hostOfRule } from '@/lib/topology/chains';
import type { Before, Finding, TopologyDelta } from '@/lib/topology/model';
import { sliced } from '@/lib/topology/slices';
import { type Affects, emptyDraft, type Fields, type PartDraft, type PartPatch } from './part';
import { partitionOfEdge, partitionOfFinding, partitionOfNode, SHARED } from './partition-of';

export type Parts = ReadonlyMap<string, PartPatch>;

/**
 * The parts of a delta, in slices. `before`: references to the graph's own items, so that of what is known only the fields
 * that changed are told, and the shared partition only of rules and harm that are new; without it all is told whole.
 */
export function* split(delta: TopologyDelta, before: Before = NOTHING): Generator<void, Parts> {
  const parts = new Map<string, PartDraft>();
  const partOf = (name: string): PartDraft => {
    let part = parts.get(name);
    if (!part) {
      part = emptyDraft();
      parts.set(name, part);
    }
    return part;
  };
  const { nodes, edges, findings } = delta;
  yield* sliced(nodes.remove, (id) => {
    partOf(partitionOfNode(id)).nodes.remove.push(id);
    if (before.nodes.get(id)?.kind === 'rule') partOf(SHARED).rules.remove.push(id);
  });
  yield* sliced(nodes.upsert, (node) => {
    const known = before.nodes.get(node.id);
    put(partOf(partitionOfNode(node.id)).nodes, known, node);
    if (node.kind !== 'rule') return;
    const host = hostOfRule(node);
    if (!known || hostOfRule(known) !== host) partOf(SHARED).rules.upsert.push({ id: node.id, host });
  });
  yield* sliced(edges.remove, (id) => partOf(partitionOfEdge(id)).edges.remove.push(id));
  yield* sliced(edges.upsert, (edge) =>
    put(partOf(partitionOfEdge(edge.id)).edges, before.edges.get(edge.id), edge),
  );
  yield* sliced(findings.remove, (id) => {
    partOf(partitionOfFinding(id)).findings.remove.push(id);
    if (before.findings.get(id)?.affects.length) partOf(SHARED).affects.remove.push(id);
  });
  yield* sliced(findings.upsert, (finding) => {
    const known = before.findings.get(finding.id);
    harms(() => partOf(SHARED), known?.affects ?? [], finding);
    put(partOf(partitionOfFinding(finding.id)).findings, known, finding);
  });
  return parts;
}

const NOTHING: Before = { nodes: new Map(), edges: new Map(), findings: new Map() };

function harms(shared: () => PartDraft, before: Finding['affects'], { id, affects }: Finding): void {
  if (before === affects || (before.length === 0 && affects.length === 0)) return;
  if (affects.length === 0) shared().affects.remove.push(id);
  else shared().affects.upsert.push(affectsOf(id, affects));
}

/** Says an item whole where it is new, else what is new of it. */
function put<T extends { readonly id: string }>(
  patch: { readonly upsert: T[]; readonly set: Fields<T>[] },
  known: T | undefined,
  item: T,
): void {
  const fields = known && changedFields(known, item);
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
