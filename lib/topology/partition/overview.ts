/**
 * The folded view of everything, from parts of which those where all is well are told in counts. The view of the whole
 * graph is the definition, also for the order of what is drawn.
 */
import { kindOf } from '@/lib/topology/chains';
import { Graph } from '@/lib/topology/graph';
import type { Finding } from '@/lib/topology/model';
import { type Drawn, indexed, View } from '@/lib/topology/view';
import { selects, type ViewFilters } from '@/lib/topology/view-filters';
import { type Calm, calmOf } from './calm';
import { condense } from './condense';
import type { Part } from './part';
import { endsOfEdge, partitionOfNode, SHARED } from './partition-of';

/** A partition in counts, with its findings. */
export interface Counted {
  readonly calm: Calm;
  readonly findings: ReadonlyMap<string, Finding>;
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
  /** Partitions that an edge joins to another. */
  readonly #joined = new Set<string>();
  /** Hosts that are not well, or do not resolve to what is. */
  readonly #unwell = new Set<string>();

  constructor(filters: ViewFilters, shared: Part) {
    this.#filters = filters;
    for (const id of shared.edges.keys())
      for (const end of endsOfEdge(id)) this.#joined.add(partitionOfNode(end));
    for (const { id, status } of shared.nodes.values()) if (status !== 'ok') this.#unwell.add(id);
    for (const { source, target } of shared.edges.values()) {
      const kind = kindOf(target);
      // A Secret is of some namespace: it is not looked for.
      if (kind === 'secret' || (kind === 'address' && this.#unwell.has(target))) this.#unwell.add(source);
    }
  }

  /** Whether a partition may be added in counts. */
  accepts(name: string, { units }: Calm): boolean {
    return name !== SHARED && !this.#joined.has(name) && !units.some(({ host }) => this.#unwell.has(host));
  }

  /** Adds a partition in counts, which must be accepted, or whole: it is counted then if it can be. */
  add(name: string, part: Part | Counted): void {
    this.#names.push(name);
    if ('calm' in part) {
      this.#counted.set(name, part);
      return;
    }
    const calm = name === SHARED || this.#joined.has(name) ? null : calmOf(part);
    if (calm && this.accepts(name, calm)) this.#counted.set(name, { calm, findings: part.findings });
    this.#whole.set(name, part);
  }

  /** Gives the whole of a partition that was added in counts. */
  replace(name: string, part: Part): void {
    this.#counted.delete(name);
    this.#whole.set(name, part);
  }

  /**
   * Draws in slices. A set: partitions whose whole is to be given before it is drawn again. null: everything is to be
   * drawn, for it is within the budget, or nowhere all is well.
   */
  *draw(): Generator<void, Drawn | ReadonlySet<string> | null> {
    while (this.#counted.size > 0) {
      const graph = yield* this.#graph();
      if (this.#sizeOf(graph) <= (this.#filters.budget ?? 0)) return null;
      const source = indexed(graph);
      yield;
      const parts = this.#names.map((name) => this.#counted.get(name)?.calm ?? this.#whole.get(name));
      const { troubled, ...condensed } = yield* condense(source, this.#names, parts);
      if (troubled.size === 0) return yield* new View({ ...source, condensed }, this.#filters).draw();
      for (const name of troubled) if (this.#whole.has(name)) this.#counted.delete(name);
      const missing = [...troubled].filter((name) => !this.#whole.has(name));
      if (missing.length > 0) return new Set(missing);
    }
    return null;
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
    for (const { calm } of this.#counted.values()) size += calm.size;
    return size;
  }
}

const NONE = { upsert: [], remove: [] };
