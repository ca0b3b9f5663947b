/** Adds what calm partitions count to an index of the others. */
import { edges, kindOf } from '@/lib/topology/chains';
import type { Graph } from '@/lib/topology/graph';
import type { NodeKind, TopologyEdge } from '@/lib/topology/model';
import { sliced } from '@/lib/topology/slices';
import { countOwned, placeIn, type Unit } from '@/lib/topology/units';
import type { Condensed, Indexed } from '@/lib/topology/view';
import type { Calm, CalmUnit } from './calm';
import type { Part } from './part';

/** More than there are edges or nodes in a partition, and than there are partitions. */
const EACH = 1e9;
const LATE = 1e15;

/** What there is, and names of calm partitions that must not be folded after all: a host of theirs is in trouble elsewhere. */
export interface Condensing extends Condensed {
  readonly troubled: ReadonlySet<string>;
}

/**
 * `parts`: in the order in which a graph would be made of them, those in counts and those whole; the index has the latter.
 */
export function* condense(
  { graph, chains }: Indexed,
  names: readonly string[],
  parts: readonly (Calm | Part | undefined)[],
): Generator<void, Condensing> {
  const merging = new Merging(graph, chains, yield* placesOf(graph, parts));
  const troubled = new Set<string>();
  for (const [n, part] of parts.entries()) {
    if (!part || !('units' in part)) continue;
    const isTroubled = part.units.some(({ host }) => (chains.units.get(host)?.status ?? 'ok') !== 'ok');
    if (isTroubled) troubled.add(names[n] ?? '');
    else for (const unit of part.units) merging.add(unit, n * EACH);
  }
  yield;
  const owners = merging.settle();
  const loose = new Set<string>();
  for (const id of chains.loose) if (!owners.has(id)) loose.add(id);
  return {
    troubled,
    loose,
    ownership: { units: merging.inOrder(), ownerOf: (node) => owners.get(node) ?? chains.ownerOf(node) },
  };
}

class Merging {
  readonly #graph: Graph;
  readonly #chains: Indexed['chains'];
  /** Where an index of everything would meet each unit first. */
  readonly #places = new Map<string, number>();
  readonly #units = new Map<string, Unit>();
  readonly #hosts = new Set<string>();

  constructor(graph: Graph, chains: Indexed['chains'], pivots: ReadonlyMap<string, number>) {
    this.#graph = graph;
    this.#chains = chains;
    for (const [id, unit] of chains.units) {
      this.#units.set(id, unit);
      for (const pivot of unit.pivots) this.#placed(id, pivots.get(pivot) ?? 0);
    }
  }

  add({ host: id, least, namespace, owned, first }: CalmUnit, from: number): void {
    const before = this.#hosts.has(id);
    this.#hosts.add(id);
    const unit = before ? this.#units.get(id) : this.#own(id);
    if (!unit) return;
    const isFirst = [...unit.pivots].every((pivot) => least < pivot);
    unit.pivots.add(least);
    placeIn(unit, isFirst ? namespace : unit.namespace);
    for (const [kind, n] of Object.entries(owned) as [NodeKind, number][])
      unit.owned.set(kind, (unit.owned.get(kind) ?? 0) + n);
    this.#placed(id, (first.late ? LATE : 0) + from + first.at);
  }

  /** Gives hosts what they count of what is shared; the owners that are other than the index has them. */
  settle(): ReadonlyMap<string, string> {
    const owners = new Map<string, string>();
    for (const host of this.#hosts) {
      if (this.#graph.nodes.has(host)) owners.set(host, host);
      for (const end of this.#endsOf(host)) {
        const before = owners.get(end) ?? this.#chains.ownerOf(end);
        if (before === undefined || host < before) owners.set(end, host);
      }
    }
    for (const [node, owner] of owners) {
      const before = this.#chains.ownerOf(node);
      if (before === owner) continue;
      if (before !== undefined) countOwned(this.#own(before), node, -1);
      countOwned(this.#units.get(owner), node, 1);
    }
    return owners;
  }

  /** What a host resolves to that is of its chains. */
  *#endsOf(host: string): Generator<string> {
    for (const { target } of edges(this.#graph, this.#graph.out(host)))
      if (kindOf(target) === 'address' && this.#graph.nodes.has(target)) yield target;
  }

  inOrder(): ReadonlyMap<string, Unit> {
    const at = (id: string) => this.#places.get(id) ?? 0;
    return new Map([...this.#units].sort(([a], [b]) => at(a) - at(b)));
  }

  /** A unit that may be changed. */
  #own(id: string): Unit {
    const known = this.#units.get(id);
    if (known && known !== this.#chains.units.get(id)) return known;
    const unit: Unit = known
      ? { ...known, pivots: new Set(known.pivots), owned: new Map(known.owned) }
      : {
          id,
          pivots: new Set(),
          owned: new Map<NodeKind, number>(),
          status: 'ok',
          namespace: '',
          groups: [],
        };
    this.#units.set(id, unit);
    return unit;
  }

  #placed(id: string, place: number): void {
    this.#places.set(id, Math.min(place, this.#places.get(id) ?? place));
  }
}

/** Where an index of all parts would meet each pivot of those that are not calm: by edges, then by nodes. */
function* placesOf(
  graph: Graph,
  parts: readonly (Calm | Part | undefined)[],
): Generator<void, ReadonlyMap<string, number>> {
  const places = new Map<string, number>();
  const meet = (id: string, place: number) => places.set(id, Math.min(place, places.get(id) ?? place));
  for (const [n, part] of parts.entries()) {
    if (!part || 'units' in part) continue;
    let at = 0;
    yield* sliced(part.edges.values(), (edge) => {
      at++;
      for (const pivot of pivotsBy(graph, edge)) meet(pivot, n * EACH + at);
    });
    at = 0;
    yield* sliced(part.nodes.values(), ({ id, kind }) => {
      at++;
      if (kind === 'rule' || kind === 'service') meet(id, LATE + n * EACH + at);
    });
  }
  return places;
}

/** The pivots that an edge leads an index to when it begins. */
function pivotsBy(graph: Graph, { source, target }: TopologyEdge): readonly string[] {
  const [from, to] = [kindOf(source), kindOf(target)];
  const pivots = [...(from === 'rule' ? [source] : []), ...(to === 'rule' ? [target] : [])];
  if (from === 'host')
    for (const onward of edges(graph, graph.out(target)))
      if (kindOf(onward.target) === 'service') pivots.push(onward.target);
  if (from === 'loadbalancer' && to === 'service') pivots.push(target);
  return pivots;
}
