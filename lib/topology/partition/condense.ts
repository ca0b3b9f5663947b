/** Adds what partitions count to an index of the others. */
import { edges, kindOf } from '@/lib/topology/chains';
import { podGroupOf } from '@/lib/topology/fold-pods';
import type { Graph } from '@/lib/topology/graph';
import type { NodeKind, Status } from '@/lib/topology/model';
import { worse } from '@/lib/topology/status';
import { countOwned, placeIn, type Unit } from '@/lib/topology/units';
import type { Condensed, Indexed } from '@/lib/topology/view';
import type { Part } from './part';
import { EACH, LATE, placesOf } from './places';
import { numbersOf, statusesOf, type Tally, type TallyNodes, type TallyUnit } from './tally';

/** What there is, and of units that are not well where their nodes are counted: numbers of parts. */
export interface Condensing extends Condensed {
  readonly counted: ReadonlyMap<string, readonly number[]>;
}

/**
 * `parts`: in the order in which a graph would be made of them, those in counts and those whole; the index has the latter.
 */
export function* condense(
  { graph, chains }: Indexed,
  parts: readonly (Tally | Part | undefined)[],
): Generator<void, Condensing> {
  const merging = new Merging(graph, chains, yield* placesOf(graph, parts));
  for (const [n, part] of parts.entries()) {
    if (!part || !('units' in part)) continue;
    const statuses = statusesOf(part);
    for (const [i, unit] of part.units.entries()) merging.add(unit, n, statuses[i] ?? 'ok');
  }
  yield;
  const owners = merging.settle();
  const loose = new Set<string>();
  for (const id of chains.loose) if (!owners.has(id)) loose.add(id);
  const units = merging.inOrder();
  yield;
  return {
    loose,
    counted: merging.counted,
    absent: absentOf(graph, parts, units, merging),
    ownership: { units, ownerOf: (node) => owners.get(node) ?? chains.ownerOf(node) },
  };
}

/** Nodes of units that are not well, as far as they are counted; what stands behind a Service is one more. */
function absentOf(
  graph: Graph,
  parts: readonly (Tally | Part | undefined)[],
  units: ReadonlyMap<string, Unit>,
  merging: Merging,
): ReadonlyMap<string, readonly string[]> {
  const absent = new Map<string, string[]>();
  for (const id of merging.counted.keys())
    if (units.get(id)?.status !== 'ok')
      absent.set(id, [...(graph.nodes.has(id) ? [id] : []), ...merging.endsOf(id)]);
  for (const part of parts) if (part && 'units' in part) addAbsent(part, absent);
  return absent;
}

function addAbsent({ units, rules, services, backed }: Tally, absent: ReadonlyMap<string, string[]>): void {
  const lists = units.map(({ host }) => absent.get(host));
  if (!lists.some(Boolean)) return;
  const add = (id: string, of: TallyNodes['of'][number] | undefined) => {
    for (const n of numbersOf(of)) lists[n]?.push(id);
  };
  for (const { ids, of } of [rules, services]) for (const [i, id] of ids.entries()) add(id, of[i]);
  for (const i of backed) add(podGroupOf(services.ids[i] ?? ''), services.of[i]);
}

class Merging {
  readonly #graph: Graph;
  readonly #chains: Indexed['chains'];
  /** Where an index of everything would meet each unit first. */
  readonly #places = new Map<string, number>();
  readonly #units = new Map<string, Unit>();
  /** Units with the numbers of the parts that count for them. */
  readonly counted = new Map<string, number[]>();

  constructor(graph: Graph, chains: Indexed['chains'], pivots: ReadonlyMap<string, number>) {
    this.#graph = graph;
    this.#chains = chains;
    for (const [id, unit] of chains.units) {
      this.#units.set(id, unit);
      for (const pivot of unit.pivots) this.#placed(id, pivots.get(pivot) ?? 0);
    }
  }

  /** Adds what the part of a number counts for a unit. */
  add({ host, least, namespace, owned, first }: TallyUnit, part: number, status: Status): void {
    const unit = this.#own(host);
    const parts = this.counted.get(host);
    if (parts) parts.push(part);
    else this.counted.set(host, [part]);
    const isFirst = [...unit.pivots].every((pivot) => least < pivot);
    unit.pivots.add(least);
    placeIn(unit, isFirst ? namespace : unit.namespace);
    unit.status = worse(unit.status, status);
    for (const [kind, n] of Object.entries(owned) as [NodeKind, number][])
      unit.owned.set(kind, (unit.owned.get(kind) ?? 0) + n);
    this.#placed(host, (first.late ? LATE : 0) + part * EACH + first.at);
  }

  /** Gives hosts what they count of what is shared; the owners that are other than the index has them. */
  settle(): ReadonlyMap<string, string> {
    const owners = new Map<string, string>();
    for (const host of this.counted.keys()) {
      if (this.#graph.nodes.has(host)) owners.set(host, host);
      this.#worsen(host, host);
      for (const end of this.endsOf(host)) {
        this.#worsen(host, end);
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
  *endsOf(host: string): Generator<string> {
    for (const { target } of edges(this.#graph, this.#graph.out(host)))
      if (kindOf(target) === 'address' && this.#graph.nodes.has(target)) yield target;
  }

  inOrder(): ReadonlyMap<string, Unit> {
    const at = (id: string) => this.#places.get(id) ?? 0;
    return new Map([...this.#units].sort(([a], [b]) => at(a) - at(b)));
  }

  #worsen(host: string, node: string): void {
    const unit = this.#own(host);
    unit.status = worse(unit.status, this.#graph.nodes.get(node)?.status ?? 'ok');
  }

  /** A unit that may be changed. */
  #own(id: string): Unit {
    const known = this.#units.get(id);
    if (known && known !== this.#chains.units.get(id)) return known;
    const unit: Unit = known
      ? { ...known, pivots: new Set(known.pivots), owned: new Map(known.owned) }
      : { id, pivots: new Set(), owned: new Map(), status: 'ok', namespace: '', groups: [] };
    this.#units.set(id, unit);
    return unit;
  }

  #placed(id: string, place: number): void {
    this.#places.set(id, Math.min(place, this.#places.get(id) ?? place));
  }
}
