/** Views: the part of a graph that filters choose, folded to its budget. Kept up to date; from scratch is the definition. */

import type { Ref } from '@/lib/kube/refs';
import { ChainIndex, type Touched } from './chain-index';
import { kindOf, sharedPart } from './chains';
import { FindingIndex } from './finding-index';
import { addChain, foldHosts, type HostFold, pick } from './fold-hosts';
import { internalClaim, withInternal } from './fold-internal';
import { type Drawing, foldPods } from './fold-pods';
import type { Graph } from './graph';
import { asksInternal, type Internal, internalUnits } from './internal';
import type { Finding, Severity, TopologyDelta } from './model';
import { Selection } from './selection';
import { drain, sliced } from './slices';
import { type Ownership, unitsOf } from './units';
import { selects, type ViewFilters } from './view-filters';

/** A graph with what views ask of it. */
export interface Indexed {
  readonly graph: Graph;
  readonly chains: ChainIndex;
  readonly findings: FindingIndex;
  /** What no entry reaches; the same object until it changes. Without it there is nothing. */
  readonly internal?: () => Generator<void, Internal>;
  /** Where the graph lacks what is surely folded: what an overview counts of all of it. */
  readonly condensed?: Condensed;
}

/** All units, and what is on no chain, of a graph of which not all is there. */
export interface Condensed {
  readonly ownership: Ownership;
  readonly loose: ReadonlySet<string>;
  /** What is missing of units that are not well. */
  readonly absent: NonNullable<HostFold['absent']>;
}

/** What a view shows. */
export interface Drawn extends Drawing {
  readonly findings: ReadonlyMap<string, Finding>;
}

export const NOTHING_DRAWN: Drawn = { nodes: new Map(), edges: new Map(), findings: new Map() };

/** Indexes a graph from scratch. */
export function indexed(graph: Graph): Indexed {
  return { graph, chains: new ChainIndex(graph), findings: new FindingIndex(graph) };
}

/** A view from scratch. */
export function viewOf(source: Indexed, filters: ViewFilters): Drawn {
  return drain(new View(source, filters).draw());
}

/** One view that is drawn again and again. */
export class View {
  readonly #source: Indexed;
  readonly #filters: ViewFilters;
  readonly #selection: Selection | null;
  readonly #expand: ReadonlySet<string>;
  #chosen = false;
  /** The internal part as last drawn. */
  #internal: Internal | null = null;

  constructor(source: Indexed, filters: ViewFilters) {
    this.#source = source;
    this.#filters = filters;
    this.#selection = selects(filters) ? new Selection(source.graph, source.chains, filters) : null;
    this.#expand = new Set(filters.expand);
  }

  /** Takes over what an update touched; false when this view cannot have changed by it. */
  *refresh(touched: Touched, delta: TopologyDelta): Generator<void, boolean> {
    const changed = yield* this.#entriesChanged(touched, delta);
    return changed || (yield* this.#internalNow()) !== this.#internal;
  }

  *#entriesChanged(touched: Touched, delta: TopologyDelta): Generator<void, boolean> {
    if (!this.#selection) return true;
    const before = yield* this.#selected();
    const old = new Set(before);
    yield* this.#selection.refresh(touched);
    const now = this.#selection.pivots;
    if (touched.shared || delta.findings.upsert.length > 0 || delta.findings.remove.length > 0) return true;
    if (old.size !== now.size) return true;
    for (const pivot of touched.pivots) if (old.has(pivot) || now.has(pivot)) return true;
    for (const pivot of now) if (!old.has(pivot)) return true;
    return false;
  }

  /** The view as it is now, in slices; the graph must not change between them. */
  *draw(): Generator<void, Drawn> {
    const { budget } = this.#filters;
    this.#internal = yield* this.#internalNow();
    if (!this.#internal) return yield* this.#entries(budget);
    const internal = this.#internal;
    const units = yield* internalUnits(internal, this.#filters);
    const claim = budget === null ? 0 : internalClaim(units, budget, this.#expand);
    const drawn = yield* this.#entries(budget === null ? null : Math.max(1, budget - claim));
    const { graph } = this.#source;
    const whole = yield* withInternal(drawn, { graph, internal, units, budget, expand: this.#expand });
    return { ...whole, findings: drawn.findings };
  }

  /** The internal part where this view can show any of it: a focus on what entries reach leaves none. */
  *#internalNow(): Generator<void, Internal | null> {
    const { internal, graph } = this.#source;
    const { focus } = this.#filters;
    if (!internal || !asksInternal(this.#filters) || (focus !== null && graph.nodes.has(focus))) return null;
    return yield* internal();
  }

  /** What entries reach of the view. */
  *#entries(budget: number | null): Generator<void, Drawn> {
    yield* this.#selected();
    const { condensed } = this.#source;
    const whole = condensed ? null : yield* this.#unfolded(budget);
    const drawing = whole && this.#withPodsFolded(whole, budget);
    if (drawing) return this.#withFindings(drawing, false);
    const folded = yield* foldHosts({
      graph: this.#source.graph,
      index: this.#source.chains,
      ownership: yield* this.#ownership(),
      base: yield* this.#base(),
      budget: budget ?? 0,
      expand: this.#expand,
      ...(condensed ? { absent: condensed.absent } : {}),
    });
    return this.#withFindings(folded, true);
  }

  /** The chosen pivots, chosen now if that has not been done. */
  *#selected(): Generator<void, ReadonlySet<string>> {
    if (!this.#selection) return new Set();
    if (!this.#chosen) yield* this.#selection.refresh();
    this.#chosen = true;
    return this.#selection.pivots;
  }

  /** Everything chosen; null as soon as it is clear that folding pods cannot bring it below the limit. */
  *#unfolded(limit: number | null): Generator<void, Drawing | null> {
    const { graph } = this.#source;
    if (!this.#selection) {
      // Copies: the graph's own maps change under way, a drawing must not.
      const fits = limit === null || countWithoutPods(graph.nodes.keys(), limit) <= limit;
      return fits ? { nodes: new Map(graph.nodes), edges: new Map(graph.edges) } : null;
    }
    const nodes = new Set<string>();
    const edges = new Set<string>();
    let n = 0;
    for (const pivot of this.#selection.pivots) {
      const chain = this.#source.chains.chains.get(pivot);
      if (chain) addChain(graph, chain, nodes, edges);
      if (++n % 256 !== 0) continue;
      yield;
      if (limit !== null && countWithoutPods(nodes, limit) > limit) return null;
    }
    return pick(graph, nodes, edges);
  }

  /** The drawing within budget by folding pods at most: first those of healthy Services, then all; null if that fails. */
  #withPodsFolded(whole: Drawing, budget: number | null): Drawing | null {
    if (budget === null || whole.nodes.size <= budget) return whole;
    for (const healthyOnly of [true, false]) {
      const folded = foldPods(whole, { expand: this.#expand, healthyOnly });
      if (folded.nodes.size <= budget) return folded;
    }
    return null;
  }

  *#ownership(): Generator<void, Ownership> {
    const { graph, chains, condensed } = this.#source;
    if (!this.#selection) return condensed?.ownership ?? chains;
    const chosen = [...this.#selection.pivots].sort().flatMap((pivot) => chains.chains.get(pivot) ?? []);
    return yield* unitsOf(graph, chosen);
  }

  *#base(): Generator<void, ReadonlySet<string>> {
    const { graph, chains, condensed } = this.#source;
    if (!this.#selection) return condensed?.loose ?? chains.loose;
    const nodes = new Set<string>();
    yield* sliced(this.#selection.pivots, (pivot) => {
      const chain = chains.chains.get(pivot);
      for (const id of chain ? sharedPart(graph, chain).nodes : []) if (chains.loose.has(id)) nodes.add(id);
    });
    return nodes;
  }

  /** Findings of what is drawn; where hosts are folded also all problems, which folding must never hide. */
  #withFindings(drawing: Drawing, hostsFolded: boolean): Drawn {
    const { graph, findings } = this.#source;
    if (!this.#selection && this.#filters.budget === null)
      return { ...drawing, findings: new Map(graph.findings) };
    const problems = hostsFolded ? [...findings.problems].filter((id) => this.#concerns(id)) : [];
    const also = [...problems, ...this.#general()];
    const own = findings.select(drawing.nodes.values(), drawing.edges.values(), also);
    return { nodes: drawing.nodes, edges: drawing.edges, findings: own };
  }

  /** What concerns a namespace or the cluster as a whole, the gravest first; of a filtered view only its namespaces'. */
  #general(): readonly string[] {
    const { graph, findings } = this.#source;
    const wanted = new Set(this.#filters.namespace);
    if (this.#selection && wanted.size === 0) return [];
    return [...findings.general]
      .flatMap((id) => graph.findings.get(id) ?? [])
      .filter(({ subject }) => wanted.size === 0 || wanted.has(namespaceOf(subject)))
      .sort((a, b) => SEVERITY.indexOf(a.severity) - SEVERITY.indexOf(b.severity) || (a.id < b.id ? -1 : 1))
      .slice(0, MOST_GENERAL)
      .map(({ id }) => id);
  }

  #concerns(finding: string): boolean {
    if (!this.#selection) return true;
    const { pivots } = this.#selection;
    return (this.#source.graph.findings.get(finding)?.affects ?? []).some(({ rule }) => pivots.has(rule));
  }
}

/** Findings of namespaces and the like that a view carries at most: a large cluster may have one for each namespace. */
const MOST_GENERAL = 200;
const SEVERITY: readonly Severity[] = ['broken', 'degraded', 'warning', 'info'];

function namespaceOf(subject: Ref): string {
  return subject.kind === 'Namespace' ? subject.name : subject.namespace;
}

function countWithoutPods(ids: Iterable<string>, limit: number): number {
  let n = 0;
  for (const id of ids) {
    const kind = kindOf(id);
    if (kind !== 'pod' && kind !== 'endpoint' && ++n > limit) break;
  }
  return n;
}
