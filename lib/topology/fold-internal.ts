/**
 * Draws the internal part beside what entries reach: pods fold per Service, healthy ones first; what does not fit then
 * folds into one group a namespace. What is folded is counted; nothing is dropped.
 */
import type { GroupDetail } from './details';
import { countBy, type Drawing, merged, podGroup, podGroupId } from './fold-pods';
import type { Graph } from './graph';
import { edgeId, groupId } from './ids';
import type { Internal, InternalUnit } from './internal';
import type { NodeKind, Status, TopologyEdge, TopologyNode } from './model';
import { sliced } from './slices';
import { statusRank, worst } from './status';

export interface InternalFold {
  readonly graph: Graph;
  readonly internal: Internal;
  readonly units: readonly InternalUnit[];
  /** Most nodes together with what is drawn already; null: no folding. */
  readonly budget: number | null;
  readonly expand: ReadonlySet<string>;
}

/** Which units have their pods folded. */
type Mode = 'none' | 'healthy' | 'all';

const ALL_NAMESPACES = '*';
const RANKS = 6;

/** So many nodes at most are kept free for the internal part, however much entries reach. */
export function internalClaim(
  units: readonly InternalUnit[],
  budget: number,
  expand: ReadonlySet<string>,
): number {
  return Math.min(Math.floor(budget / 3), sizeOf(units, 'all', expand));
}

/** A drawing with the internal part beside it. */
export function* withInternal(drawing: Drawing, fold: InternalFold): Generator<void, Drawing> {
  const room = fold.budget === null ? Number.POSITIVE_INFINITY : fold.budget - drawing.nodes.size;
  const mode = modeFor(fold, room);
  const { shown, cut } = yield* choose(fold, mode, room);
  const nodes = new Map(drawing.nodes);
  /** Where a folded pod is drawn. */
  const place = new Map<string, string>();
  yield* sliced(shown, (unit) => addUnit(unit, foldsPods(unit, mode, fold.expand), nodes, place));
  for (const [id, { of, units }] of cut) nodes.set(id, yield* internalGroup(id, of, units));
  const edges = new Map(drawing.edges);
  yield* sliced(fold.internal.edges, (edge) => {
    if (!nodes.has(edge.source)) return;
    const target = place.get(edge.target) ?? targetIn(fold.graph, nodes, edge.target);
    if (target !== undefined) addEdge(edges, edge, target);
  });
  return { nodes, edges };
}

function modeFor({ units, expand }: InternalFold, room: number): Mode {
  if (sizeOf(units, 'none', expand) <= room) return 'none';
  return sizeOf(units, 'healthy', expand) <= room ? 'healthy' : 'all';
}

function sizeOf(units: readonly InternalUnit[], mode: Mode, expand: ReadonlySet<string>): number {
  let size = 0;
  for (const unit of units) size += unitSize(unit, mode, expand);
  return size;
}

function unitSize(unit: InternalUnit, mode: Mode, expand: ReadonlySet<string>): number {
  return (unit.service ? 1 : 0) + (foldsPods(unit, mode, expand) ? 1 : unit.pods.length);
}

/** A lone pod stays: folding it would only hide its name. */
function foldsPods({ service, pods }: InternalUnit, mode: Mode, expand: ReadonlySet<string>): boolean {
  if (mode === 'none' || !service || pods.length < 2 || expand.has(podGroupId(service))) return false;
  return mode === 'all' || pods.every((pod) => pod.status === 'ok');
}

interface Cut {
  readonly of: string;
  readonly units: InternalUnit[];
}

interface Choice {
  readonly shown: readonly InternalUnit[];
  /** By id of the group that holds them. */
  readonly cut: ReadonlyMap<string, Cut>;
}

/** What the user has expanded, then the worst first while there is room beside the groups for the rest. */
function* choose(fold: InternalFold, mode: Mode, room: number): Generator<void, Choice> {
  const { units, expand } = fold;
  if (sizeOf(units, mode, expand) <= room) return { shown: units, cut: new Map() };
  const shown = units.filter((unit) => expand.has(namespaceGroup(unit.namespace)));
  const others = units.filter((unit) => !expand.has(namespaceGroup(unit.namespace)));
  const namespaces = new Set(others.map((unit) => unit.namespace)).size;
  const coarse = namespaces > Math.max(1, room / 2) && !expand.has(namespaceGroup(ALL_NAMESPACES));
  let left = room - sizeOf(shown, mode, expand) - (coarse ? 1 : namespaces);
  const cut = new Map<string, Cut>();
  yield* sliced(yield* worstFirst(others), (unit) => {
    left -= unitSize(unit, mode, expand);
    // Nothing less bad is drawn while something worse had to be folded.
    if (left >= 0) shown.push(unit);
    else addCut(cut, coarse ? ALL_NAMESPACES : unit.namespace, unit);
  });
  return { shown, cut };
}

function namespaceGroup(namespace: string): string {
  return groupId('internal', namespace);
}

function addCut(cut: Map<string, Cut>, of: string, unit: InternalUnit): void {
  const id = namespaceGroup(of);
  const group = cut.get(id);
  if (group) group.units.push(unit);
  else cut.set(id, { of, units: [unit] });
}

/** In buckets rather than sorted: there may be tens of thousands. */
function* worstFirst(units: readonly InternalUnit[]): Generator<void, readonly InternalUnit[]> {
  const buckets = Array.from({ length: RANKS }, (): InternalUnit[] => []);
  yield* sliced(units, (unit) => buckets[statusRank(worst(statusesOf(unit)))]?.push(unit));
  return buckets.flat();
}

function* statusesOf({ service, pods }: InternalUnit): Generator<Status> {
  if (service) yield service.status;
  for (const pod of pods) yield pod.status;
}

function addUnit(
  { service, pods }: InternalUnit,
  folded: boolean,
  nodes: Map<string, TopologyNode>,
  place: Map<string, string>,
): void {
  if (service) nodes.set(service.id, service);
  if (!service || !folded) {
    for (const pod of pods) nodes.set(pod.id, pod);
    return;
  }
  const group = podGroup(service, pods);
  nodes.set(group.id, group);
  for (const pod of pods) place.set(pod.id, group.id);
}

function* internalGroup(
  id: string,
  of: string,
  units: readonly InternalUnit[],
): Generator<void, TopologyNode> {
  const members: Partial<Record<NodeKind, number>> = {};
  const statuses: Status[] = [];
  yield* sliced(units, ({ service, pods }) => {
    if (service) members.service = (members.service ?? 0) + 1;
    if (pods.length > 0) members.pod = (members.pod ?? 0) + pods.length;
    statuses.push(...statusesOf({ service, pods, namespace: of }));
  });
  const detail: GroupDetail & { readonly members: typeof members; readonly internal: true } = {
    folds: 'internal',
    count: statuses.length,
    statuses: countBy(statuses),
    of,
    members,
    internal: true,
  };
  const namespace = of === ALL_NAMESPACES ? '' : of;
  return {
    id,
    kind: 'group',
    name: of,
    namespace,
    status: worst(statuses),
    findings: [],
    detail: { ...detail },
  };
}

/** Where a pod that an entry reaches is drawn: as itself, or in the group of a Service. */
function targetIn(graph: Graph, nodes: ReadonlyMap<string, TopologyNode>, pod: string): string | undefined {
  if (nodes.has(pod)) return pod;
  for (const id of graph.in(pod)) {
    const service = graph.nodes.get(graph.edges.get(id)?.source ?? '');
    const group = service?.kind === 'service' ? podGroupId(service) : undefined;
    if (group !== undefined && nodes.has(group)) return group;
  }
  return undefined;
}

function addEdge(edges: Map<string, TopologyEdge>, edge: TopologyEdge, target: string): void {
  const id = edgeId(edge.kind, edge.source, target, edge.port);
  const before = edges.get(id);
  if (target === edge.target) edges.set(id, edge);
  else edges.set(id, before ? merged(before, { ...edge, id, target }) : { ...edge, id, target });
}
