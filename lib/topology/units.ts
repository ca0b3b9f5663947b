/** Units: what folds as one. Here from scratch for some chains; `ChainIndex` keeps those of all chains. */

import type { Chain } from './chains';
import { kindOf } from './chains';
import type { Graph } from './graph';
import { groupId } from './ids';
import type { NodeKind, Status } from './model';
import { least } from './multimap';
import { sliced } from './slices';
import { worse } from './status';

/** A host with its chains, or a directly exposed Service without host. */
export interface Unit {
  readonly id: string;
  readonly pivots: Set<string>;
  /** How many nodes it counts as its own, by kind; a node of several units belongs to the first by id. */
  readonly owned: Map<NodeKind, number>;
  /** The worst of its chains' own nodes (shared load balancers and controllers stay drawn and count for themselves). */
  status: Status;
  /** Of its first pivot by id. */
  namespace: string;
  /** The groups that may hold it, finest first. */
  groups: readonly GroupKey[];
}

/** Units, and which of them counts each node as its own. */
export interface Ownership {
  readonly units: ReadonlyMap<string, Unit>;
  ownerOf(node: string): string | undefined;
}

/** Units of some chains only, as if no others were. */
export function* unitsOf(graph: Graph, chains: readonly Chain[]): Generator<void, Ownership> {
  const units = new Map<string, Unit>();
  yield* sliced(chains, (chain) => {
    for (const id of chain.units) extend(graph, units, id, chain);
  });
  const owner = yield* ownersOf(graph, units, chains);
  for (const [node, unit] of owner) countOwned(units.get(unit), node, 1);
  for (const unit of units.values()) place(graph, unit);
  return { units, ownerOf: (node) => owner.get(node) };
}

/** Counts a node among what a unit owns, or no more. */
export function countOwned(unit: Unit | undefined, node: string, by: 1 | -1): void {
  if (!unit) return;
  const kind = kindOf(node) as NodeKind;
  const now = (unit.owned.get(kind) ?? 0) + by;
  if (now === 0) unit.owned.delete(kind);
  else unit.owned.set(kind, now);
}

function* ownersOf(
  graph: Graph,
  units: ReadonlyMap<string, Unit>,
  chains: readonly Chain[],
): Generator<void, Map<string, string>> {
  const owner = new Map<string, string>();
  yield* sliced(chains, (chain) => {
    const first = chain.units[0] ?? chain.pivot;
    for (const node of chain.nodes) {
      const before = owner.get(node);
      if (graph.nodes.has(node) && (before === undefined || first < before)) owner.set(node, first);
    }
  });
  for (const id of units.keys()) if (graph.nodes.has(id)) owner.set(id, id);
  return owner;
}

function extend(graph: Graph, units: Map<string, Unit>, id: string, chain: Chain): void {
  let unit = units.get(id);
  if (!unit) {
    unit = { id, pivots: new Set(), owned: new Map(), status: 'ok', namespace: '', groups: [] };
    units.set(id, unit);
  }
  unit.pivots.add(chain.pivot);
  for (const node of chain.nodes) {
    if (node !== id && kindOf(node) === 'host') continue;
    const status = graph.nodes.get(node)?.status;
    if (status) unit.status = worse(unit.status, status);
  }
}

/** How coarse groups are: by domain and namespace, by domain, or all in one. */
export type Level = 0 | 1 | 2;

/** What a group of a unit is called and holds. */
export interface GroupKey {
  readonly id: string;
  readonly of: string;
  readonly namespace: string;
}

/** Says by which namespace, and so in which groups, a unit folds. */
export function place(graph: Graph, unit: Unit): void {
  placeIn(unit, graph.nodes.get(least(unit.pivots))?.namespace ?? '');
}

/** The same where the namespace of its first pivot is known. */
export function placeIn(unit: Unit, namespace: string): void {
  if (unit.groups.length > 0 && unit.namespace === namespace) return;
  unit.namespace = namespace;
  unit.groups = kindOf(unit.id) === 'host' ? hostGroups(unit.id, namespace) : directGroups(namespace);
}

function hostGroups(host: string, namespace: string): readonly GroupKey[] {
  const domain = parentDomain(hostName(host));
  return [
    { id: groupId('hosts', domain, namespace), of: domain, namespace },
    { id: groupId('hosts', domain, '*'), of: domain, namespace: '' },
    { id: groupId('hosts', '*', '*'), of: '*', namespace: '' },
  ];
}

function directGroups(namespace: string): readonly GroupKey[] {
  const all = { id: groupId('direct', '*'), of: 'exposed directly', namespace: '' };
  return [{ id: groupId('direct', namespace), of: 'exposed directly', namespace }, all, all];
}

/** The group of a unit; null where the groups that would hold it are expanded. */
export function groupOf(unit: Unit, level: Level, expand: ReadonlySet<string>): GroupKey | null {
  for (let at: number = level; at >= 0; at--) {
    const key = unit.groups[at];
    if (key && !expand.has(key.id)) return key;
  }
  return null;
}

/** A host's name from its id. */
function hostName(id: string): string {
  return decodeURIComponent(id.slice('host:'.length));
}

/** `example.org` of `www.example.org` and of itself. */
export function parentDomain(host: string): string {
  const labels = host.split('.');
  return labels.length > 2 ? labels.slice(1).join('.') : host;
}
