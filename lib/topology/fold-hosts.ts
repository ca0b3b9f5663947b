/**
 * Folds whole hosts: healthy ones all, then unknown, pending and warning, then degraded, broken last, until the drawing
 * fits its budget. What is folded is counted; nothing is dropped.
 */

import type { ChainIndex } from './chain-index';
import { type Chain, edges, kindOf, sharedPart } from './chains';
import type { GroupDetail } from './details';
import { countBy, type Drawing, foldPods, podGroupId } from './fold-pods';
import type { Graph } from './graph';
import { edgeId } from './ids';
import type { NodeKind, TopologyEdge, TopologyNode } from './model';
import { sliced } from './slices';
import { statusRank, worse, worst } from './status';
import { type GroupKey, groupOf, type Level, type Ownership, type Unit } from './units';

export interface HostFold {
  readonly graph: Graph;
  readonly index: ChainIndex;
  readonly ownership: Ownership;
  /** Drawn whatever is folded: controllers, their load balancers, what is on no chain. */
  readonly base: ReadonlySet<string>;
  readonly budget: number;
  readonly expand: ReadonlySet<string>;
  /** Nodes of units that the graph lacks, pods and endpoints behind a Service as one. */
  readonly absent?: ReadonlyMap<string, readonly string[]>;
}

interface Folded {
  readonly key: GroupKey;
  readonly units: Unit[];
}

/** The drawing with hosts folded, pods of what stays drawn folded too. */
export function* foldHosts(fold: HostFold): Generator<void, Drawing> {
  const level = levelFor(fold);
  yield;
  const drawn = chooseUnits(fold, level);
  yield;
  const nodeIds = new Set(fold.base);
  const edgeIds = new Set<string>();
  yield* sliced(drawn, (unit) => addUnit(fold, unit, nodeIds, edgeIds));
  for (const id of fold.base) {
    for (const edge of edges(fold.graph, fold.graph.out(id)))
      if (nodeIds.has(edge.target)) edgeIds.add(edge.id);
  }
  yield;
  const unfolded = pick(fold.graph, nodeIds, edgeIds);
  const drawing = foldPods(unfolded, { expand: fold.expand });
  yield;
  const groups = groupsOf(fold, level, drawn);
  const members = yield* memberCounts(fold, groups, unfolded.nodes.keys());
  const nodes = new Map(drawing.nodes);
  const links = new Map(drawing.edges);
  for (const group of groups.values()) {
    const node = hostGroup(group, members.get(group.key.id) ?? new Map());
    nodes.set(node.id, node);
    for (const edge of yield* groupEdges(fold.graph, group, drawing.nodes)) links.set(edge.id, edge);
  }
  return { nodes, edges: links };
}

/** Ids of the units that the drawing has unfolded. */
export function drawnUnits(fold: HostFold): readonly string[] {
  return [...chooseUnits(fold, levelFor(fold))].map(({ id }) => id);
}

/** Groups take nodes too: the coarser the more of them there would be. */
function levelFor(fold: HostFold): Level {
  for (const level of [0, 1] as const) {
    const ids = new Set<string>();
    for (const unit of fold.ownership.units.values()) {
      const key = groupOf(unit, level, fold.expand);
      if (key) ids.add(key.id);
    }
    if (ids.size <= Math.max(1, fold.budget / 2)) return level;
  }
  return 2;
}

/** The units to draw: what the user has expanded, then the worst first while they fit. */
function chooseUnits(fold: HostFold, level: Level): ReadonlySet<Unit> {
  const chosen = new Set<Unit>();
  const groups = new Set<string>();
  const candidates: Unit[] = [];
  for (const unit of fold.ownership.units.values()) {
    const key = groupOf(unit, level, fold.expand);
    if (!key) {
      chosen.add(unit);
      continue;
    }
    groups.add(key.id);
    if (unit.status !== 'ok') candidates.push(unit);
  }
  addWorst(fold, candidates, fold.budget - fold.base.size - groups.size, chosen);
  return chosen;
}

function addWorst(fold: HostFold, candidates: Unit[], budget: number, chosen: Set<Unit>): void {
  candidates.sort((a, b) => statusRank(a.status) - statusRank(b.status) || (a.id < b.id ? -1 : 1));
  const counted = new Set(fold.base);
  let room = budget;
  let refused: Unit | null = null;
  for (const unit of candidates) {
    // Nothing less bad is drawn while something worse had to be folded.
    if (room < 1 || (refused && refused.status !== unit.status)) break;
    const added = newNodes(fold, unit, counted, room);
    if (added) {
      room -= added.size;
      for (const id of added) counted.add(id);
      chosen.add(unit);
    } else refused = unit;
  }
}

/** What drawing a unit would add, each Service's pods as one; null when that is more than there is room for. */
function newNodes(
  fold: HostFold,
  unit: Unit,
  counted: ReadonlySet<string>,
  room: number,
): ReadonlySet<string> | null {
  const added = new Set<string>();
  const add = (id: string) => {
    if (!counted.has(id)) added.add(id);
  };
  fold.absent?.get(unit.id)?.forEach(add);
  for (const chain of chainsOf(fold, unit)) {
    for (const id of chain.nodes) {
      const node = fold.graph.nodes.get(id);
      if (!node || counted.has(id) || isPod(node)) continue;
      add(id);
      if (node.kind === 'service' && [...fold.graph.out(id)].length > 0) added.add(podGroupId(node));
      if (added.size > room) return null;
    }
  }
  return added.size > room ? null : added;
}

function isPod(node: TopologyNode): boolean {
  return node.kind === 'pod' || node.kind === 'endpoint';
}

function addUnit(fold: HostFold, unit: Unit, nodes: Set<string>, links: Set<string>): void {
  if (kindOf(unit.id) === 'host') for (const edge of fold.graph.out(unit.id)) links.add(edge);
  for (const chain of chainsOf(fold, unit)) addChain(fold.graph, chain, nodes, links);
}

/** A chain's nodes and edges, the shared ones too. */
export function addChain(graph: Graph, chain: Chain, nodes: Set<string>, links: Set<string>): void {
  const shared = sharedPart(graph, chain);
  for (const id of chain.nodes) nodes.add(id);
  for (const id of shared.nodes) nodes.add(id);
  for (const id of chain.edges) links.add(id);
  for (const id of shared.edges) links.add(id);
}

/** The nodes and edges behind ids; edges only where both ends are drawn. */
export function pick(graph: Graph, nodeIds: Iterable<string>, edgeIds: Iterable<string>): Drawing {
  const nodes = new Map<string, TopologyNode>();
  for (const id of nodeIds) {
    const node = graph.nodes.get(id);
    if (node) nodes.set(id, node);
  }
  const links = new Map<string, TopologyEdge>();
  for (const edge of edges(graph, edgeIds))
    if (nodes.has(edge.source) && nodes.has(edge.target)) links.set(edge.id, edge);
  return { nodes, edges: links };
}

function* chainsOf(fold: HostFold, unit: Unit): Generator<Chain> {
  for (const pivot of unit.pivots) {
    const chain = fold.index.chains.get(pivot);
    if (chain) yield chain;
  }
}

function groupsOf(fold: HostFold, level: Level, drawn: ReadonlySet<Unit>): Map<string, Folded> {
  const groups = new Map<string, Folded>();
  for (const unit of fold.ownership.units.values()) {
    const key = drawn.has(unit) ? null : groupOf(unit, level, fold.expand);
    if (!key) continue;
    const group = groups.get(key.id);
    if (group) group.units.push(unit);
    else groups.set(key.id, { key, units: [unit] });
  }
  return groups;
}

/** Nodes that each group counts, by kind: what its units own less what is drawn all the same. */
function* memberCounts(
  fold: HostFold,
  groups: ReadonlyMap<string, Folded>,
  drawn: Iterable<string>,
): Generator<void, Map<string, Map<NodeKind, number>>> {
  const result = new Map<string, Map<NodeKind, number>>();
  const groupOfUnit = new Map<string, Map<NodeKind, number>>();
  for (const [id, { units }] of groups) {
    const counts = new Map<NodeKind, number>();
    result.set(id, counts);
    for (const unit of units) {
      groupOfUnit.set(unit.id, counts);
      for (const [kind, n] of unit.owned) counts.set(kind, (counts.get(kind) ?? 0) + n);
    }
  }
  yield* sliced(drawn, (node) => {
    const counts = groupOfUnit.get(fold.ownership.ownerOf(node) ?? '');
    const kind = kindOf(node) as NodeKind;
    if (counts) counts.set(kind, (counts.get(kind) ?? 0) - 1);
  });
  return result;
}

function hostGroup({ key, units }: Folded, members: ReadonlyMap<NodeKind, number>): TopologyNode {
  const detail: GroupDetail & { readonly members: Readonly<Record<string, number>> } = {
    folds: 'hosts',
    count: units.length,
    statuses: countBy(units.map((unit) => unit.status)),
    of: key.of,
    members: Object.fromEntries([...members].filter(([, n]) => n > 0).sort(([a], [b]) => (a < b ? -1 : 1))),
  };
  const status = worst(units.map((unit) => unit.status));
  return {
    id: key.id,
    kind: 'group',
    name: key.of,
    namespace: key.namespace,
    status,
    findings: [],
    detail: { ...detail },
  };
}

/** Where a group's hosts lead, as far as that is drawn. */
function* groupEdges(
  graph: Graph,
  { key, units }: Folded,
  drawn: ReadonlyMap<string, TopologyNode>,
): Generator<void, readonly TopologyEdge[]> {
  const result = new Map<string, TopologyEdge>();
  yield* sliced(units, (unit) => {
    if (kindOf(unit.id) !== 'host') return;
    for (const way of edges(graph, graph.out(unit.id))) {
      if (way.kind !== 'resolves' || !drawn.has(way.target)) continue;
      const id = edgeId('resolves', key.id, way.target);
      const before = result.get(id);
      const status = before ? worse(before.status, way.status) : way.status;
      result.set(id, {
        id,
        source: key.id,
        target: way.target,
        kind: 'resolves',
        status,
        basis: 'declared',
        label: '',
        findings: [],
      });
    }
  });
  return [...result.values()];
}
