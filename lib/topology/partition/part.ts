/** A part of a recorded topology: what one partition holds, as patches that are written, and as maps that are read back. */
import type { Finding, Patch, TopologyDelta, TopologyEdge, TopologyNode } from '@/lib/topology/model';

/** Where a finding that harms somebody matters beside its own partition. Kept in the shared one, to be found from there. */
export interface Affects {
  /** Of the finding. */
  readonly id: string;
  /** Ids of the hosts that it harms. */
  readonly hosts: readonly string[];
  /** Partitions of the rules that it harms. */
  readonly parts: readonly string[];
}

/** That a rule exists: kept in the shared partition, so that the partitions of a host are known there. */
export interface RuleMark {
  readonly id: string;
  /** Id of its host. */
  readonly host: string;
}

/** Fields of an item that is there already and that have new values; `detailFields`: those within its `detail`. */
export type Fields<T> = Partial<T> & {
  readonly id: string;
  readonly detailFields?: Readonly<Record<string, unknown>>;
};

/** A patch that says of what is there already only what is new of it. */
export interface FieldPatch<T> extends Patch<T> {
  readonly set: readonly Fields<T>[];
}

/** What may change of a part. */
export interface PartPatch {
  readonly nodes: FieldPatch<TopologyNode>;
  readonly edges: FieldPatch<TopologyEdge>;
  readonly findings: FieldPatch<Finding>;
  readonly affects: FieldPatch<Affects>;
  readonly rules: FieldPatch<RuleMark>;
}

export const PART_FIELDS = ['nodes', 'edges', 'findings', 'affects', 'rules'] as const;

/** A patch under construction. */
export type PartDraft = {
  readonly [K in keyof PartPatch]: {
    readonly upsert: PartPatch[K]['upsert'][number][];
    readonly set: PartPatch[K]['set'][number][];
    readonly remove: string[];
  };
};

export function emptyDraft(): PartDraft {
  const none = <T>() => ({ upsert: [] as T[], set: [] as Fields<T>[], remove: [] as string[] });
  return { nodes: none(), edges: none(), findings: none(), affects: none(), rules: none() };
}

/** What a part holds at one time. */
export class Part {
  readonly nodes = new Map<string, TopologyNode>();
  readonly edges = new Map<string, TopologyEdge>();
  readonly findings = new Map<string, Finding>();
  readonly affects = new Map<string, Affects>();
  readonly rules = new Map<string, RuleMark>();

  /** Takes over a patch, of which fields may be absent. */
  apply(patch: StoredPatch): void {
    for (const field of PART_FIELDS) applyTo(this[field], patch[field]);
  }

  /** All of it as one patch that makes it from nothing. */
  whole(): PartPatch {
    const all = <T>(items: ReadonlyMap<string, T>): FieldPatch<T> => ({
      upsert: [...items.values()],
      set: [],
      remove: [],
    });
    return {
      nodes: all(this.nodes),
      edges: all(this.edges),
      findings: all(this.findings),
      affects: all(this.affects),
      rules: all(this.rules),
    };
  }

  /** What of it a graph is made of. */
  topology(): TopologyDelta {
    const { nodes, edges, findings } = this.whole();
    return { nodes, edges, findings };
  }
}

/** A patch as it is stored: what is empty is left out. */
export type StoredPatch = {
  readonly [K in keyof PartPatch]?: {
    readonly upsert?: PartPatch[K]['upsert'];
    readonly set?: PartPatch[K]['set'];
    readonly remove?: readonly string[];
  };
};

interface Item {
  readonly id: string;
  readonly detail?: unknown;
}

interface StoredItems {
  readonly upsert?: readonly Item[];
  readonly set?: readonly Fields<Item>[];
  readonly remove?: readonly string[];
}

function applyTo(items: Map<string, Item>, { upsert, set, remove }: StoredItems = {}): void {
  for (const id of remove ?? []) items.delete(id);
  for (const item of upsert ?? []) items.set(item.id, item);
  for (const fields of set ?? []) items.set(fields.id, withFields(items.get(fields.id), fields));
}

function withFields(before: Item | undefined, fields: Fields<Item>): Item {
  const { detailFields, ...rest } = fields;
  if (!detailFields) return { ...before, ...rest };
  return { ...before, ...rest, detail: { ...(before?.detail as object | undefined), ...detailFields } };
}

/** About so many characters a piece: a stringify of this size takes well below a millisecond. */
const PIECE = 64 * 1024;

/** The JSON of a patch as {@link StoredPatch}, in pieces; joined they are one object. */
export function* patchPieces(patch: PartPatch): Generator<string> {
  let text = '{';
  for (const token of tokens(patch)) {
    text += token;
    if (text.length < PIECE) continue;
    yield text;
    text = '';
  }
  yield `${text}}`;
}

/** The same whole: for a patch of few items, where pieces would cost more than the items. */
export function patchText(patch: PartPatch): string {
  const told: { -readonly [K in keyof StoredPatch]: unknown } = {};
  for (const field of PART_FIELDS) if (!isEmpty(patch[field])) told[field] = patch[field];
  return JSON.stringify(told);
}

/** How many items a patch tells of. */
export function patchSize(patch: PartPatch): number {
  let size = 0;
  for (const field of PART_FIELDS) {
    const { upsert, set, remove } = patch[field];
    size += upsert.length + set.length + remove.length;
  }
  return size;
}

function isEmpty({ upsert, set, remove }: FieldPatch<Item>): boolean {
  return upsert.length === 0 && set.length === 0 && remove.length === 0;
}

function* tokens(patch: PartPatch): Generator<string> {
  let comma = '';
  for (const field of PART_FIELDS) {
    const { upsert, set, remove } = patch[field];
    if (isEmpty(patch[field])) continue;
    yield `${comma}"${field}":{"remove":${JSON.stringify(remove)},"upsert":[`;
    comma = ',';
    yield* list(upsert);
    yield '],"set":[';
    yield* list(set);
    yield ']}';
  }
}

function* list(items: readonly Item[]): Generator<string> {
  let between = '';
  for (const item of items) {
    yield `${between}${JSON.stringify(item)}`;
    between = ',';
  }
}
