/**
 * The folded view of everything, from parts most of which are told in counts. The view of the whole graph is the
 * definition, also for the order of what is drawn.
 */
import { kindOf } from '@/lib/topology/chains';
import { drawnUnits } from '@/lib/topology/fold-hosts';
import { Graph } from '@/lib/topology/graph';
import type { Finding } from '@/lib/topology/model';
import { type Condensed, type Drawn, type Indexed, indexed, View } from '@/lib/topology/view';
import { selects, type ViewFilters } from '@/lib/topology/view-filters';
import { condense } from './condense';
import type { Part } from './part';
import { endsOfEdge, partitionOfNode, SHARED } from './partition-of';
import { type Tally, tallyOf } from './tally';

/** A partition in counts, with its findings. */
export interface Counted {
  readonly tally: Tally;
  readonly findings: ReadonlyMap<string, Finding>;
}

/** What of all parts is to be drawn: units, and the parts that hold nodes of theirs. */
interface Plan {
  readonly condensed: Condensed;
  readonly units: readonly string[];
  readonly parts: readonly string[];
}

/** Whether filters ask for such a view. */
export function isOverview(filters: ViewFilters): boolean {
  return filters.budget !== null && filters.expand.length === 0 && !selects(filters);
}

/** One overview under construction: the caller adds every partition, in the order in which a graph would be made of them. */
export class Overview {
  readonly #filters: ViewFilters;
  readonly #whole = new Map<string, Part>();
  readonly #counted = new Map<string, Counted>();
  readonly #names: string[] = [];
  #plan: Plan | null = null;
  /** Partitions that an edge joins to another. */
  readonly #joined = new Set<string>();
  /** Hosts that a Secret goes with, which is of some namespace. */
  readonly #odd = new Set<string>();

  constructor(filters: ViewFilters, shared: Part) {
    this.#filters = filters;
    for (const id of shared.edges.keys())
      for (const end of endsOfEdge(id)) this.#joined.add(partitionOfNode(end));
    for (const { source, target } of shared.edges.values())
      if (kindOf(target) === 'secret') this.#odd.add(source);
  }

  /** Whether a partition may be added in counts. */
  accepts(name: string, { units }: Tally): boolean {
    return name !== SHARED && !this.#joined.has(name) && !units.some(({ host }) => this.#odd.has(host));
  }

  /** Adds a partition in counts, which must be accepted, or whole: it is counted then if it can be. */
  add(name: string, part: Part | Counted): void {
    this.#names.push(name);
    if ('tally' in part) {
      this.#counted.set(name, part);
      return;
    }
    const tally = name === SHARED || this.#joined.has(name) ? null : tallyOf(part);
    if (tally && this.accepts(name, tally)) this.#counted.set(name, { tally, findings: part.findings });
    this.#whole.set(name, part);
  }

  /** Gives the whole of a partition that was added in counts. */
  replace(name: string, part: Part): void {
    this.#counted.delete(name);
    this.#whole.set(name, part);
  }

  /**
   * Draws in slices. A set: partitions whose whole is to be given before it is drawn again. null: everything is to be
   * drawn, for it is within the budget, or nothing can be counted.
   */
  *draw(): Generator<void, Drawn | ReadonlySet<string> | null> {
    if (!this.#plan && this.#counted.size === 0) return null;
    let source = yield* this.#source();
    if (!this.#plan) {
      const plan = yield* this.#planned(source);
      if (!plan) return null;
      this.#plan = plan;
      const missing = this.#uncounted(plan.parts);
      if (missing.size > 0) return missing;
      if (plan.parts.length > 0) source = yield* this.#source();
    }
    const condensed = condensedFor(this.#plan, source);
    return yield* new View({ ...source, condensed }, this.#filters).draw();
  }

  /** What is to be drawn, from counts. null: everything. */
  *#planned(source: Indexed): Generator<void, Plan | null> {
    const { graph, chains: index } = source;
    const budget = this.#filters.budget ?? 0;
    if (this.#sizeOf(graph) <= budget) return null;
    const { counted, ...condensed } = yield* condense(
      source,
      this.#names.map((name) => this.#counted.get(name)?.tally ?? this.#whole.get(name)),
    );
    const { absent, loose: base, ownership } = condensed;
    const units = drawnUnits({ graph, index, ownership, base, budget, expand: NOTHING, absent });
    const parts = new Set(units.flatMap((unit) => counted.get(unit) ?? []));
    return { condensed, units, parts: [...parts].map((n) => this.#names[n] ?? '') };
  }

  *#source(): Generator<void, Indexed> {
    const source = indexed(yield* this.#graph());
    yield;
    return source;
  }

  /** Counts some no more; those of which there is no whole. */
  #uncounted(names: readonly string[]): ReadonlySet<string> {
    const missing = new Set<string>();
    for (const name of names)
      if (this.#whole.has(name)) this.#counted.delete(name);
      else missing.add(name);
    return missing;
  }

  /** All that is not counted, and all findings. */
  *#graph(): Generator<void, Graph> {
    const graph = new Graph();
    for (const name of this.#names) {
      const counted = this.#counted.get(name);
      const part = this.#whole.get(name);
      if (counted)
        graph.apply({
          nodes: NONE,
          edges: NONE,
          findings: { upsert: [...counted.findings.values()], remove: [] },
        });
      else if (part) yield* graph.applying(part.topology());
    }
    return graph;
  }

  /** Nodes but for pods, which fold by themselves. */
  #sizeOf(graph: Graph): number {
    let size = 0;
    for (const { kind } of graph.nodes.values()) if (kind !== 'pod' && kind !== 'endpoint') size++;
    for (const { tally } of this.#counted.values())
      size += tally.rules.ids.length + tally.services.ids.length;
    return size;
  }
}

/** What has been found of all parts for what is drawn of some: counts stay as they are, and units that are drawn are there whole. */
function condensedFor({ condensed, units: drawn }: Plan, { chains }: Indexed): Condensed {
  const { ownership, loose } = condensed;
  const units = new Map(ownership.units);
  const absent = new Map(condensed.absent);
  for (const id of drawn) {
    const [counted, real] = [units.get(id), chains.units.get(id)];
    if (counted && real) units.set(id, { ...counted, pivots: real.pivots });
    absent.delete(id);
  }
  const ownerOf = (node: string) => ownership.ownerOf(node) ?? chains.ownerOf(node);
  return { loose, absent, ownership: { units, ownerOf } };
}

const NOTHING: ReadonlySet<string> = new Set();
const NONE = { upsert: [], remove: [] };
