/**
 * Partitions in which all is well, told in counts: an overview folds their hosts, so that nothing of them is drawn. What
 * is told is what `ChainIndex` would find, as far as no edge joins the partition to another; where it cannot be told from
 * the partition alone there is no such telling.
 */
import { hostOfRule, kindOf, portNumber, samePort } from '@/lib/topology/chains';
import type { TopologyEdge, TopologyNode } from '@/lib/topology/model';
import type { Part, StoredPatch } from './part';

/** Of how a partition is told: what is kept of another is not to be used. */
const VERSION = 1;

/** What a partition adds to a host with its chains. */
export interface CalmUnit {
  readonly host: string;
  /** The first of its rules here by id. */
  least: string;
  /** Of that rule. */
  namespace: string;
  /** How many of the partition's nodes it counts as its own, by kind. */
  readonly owned: Record<string, number>;
  /** Where its first rule comes among those of the partition. */
  first: PivotPlace;
}

/** Where an index meets a pivot: by an edge, or later by its node. */
export interface PivotPlace {
  readonly late: boolean;
  readonly at: number;
}

/** Plain data: it is kept as JSON. */
export interface Calm {
  readonly version: number;
  readonly units: readonly CalmUnit[];
  /** Nodes that are neither pods nor endpoints. */
  readonly size: number;
}

interface Rule {
  readonly node: TopologyNode;
  readonly host: string;
  first: PivotPlace;
  readonly routes: TopologyEdge[];
}

interface Service {
  readonly node: TopologyNode;
  readonly backs: TopologyEdge[];
  owner: string;
}

interface Members {
  readonly rules: Map<string, Rule>;
  readonly services: Map<string, Service>;
  /** With their owners. */
  readonly pods: Map<string, string>;
}

/** A partition in counts; null where something of it is not well, stands on no chain, or is not among the plain kinds. */
export function calmOf(part: Pick<Part, 'nodes' | 'edges'>): Calm | null {
  const members = membersOf(part.nodes.values());
  if (!members || !isJoined(members, part.edges.values())) return null;
  for (const rule of members.rules.values()) own(members, rule);
  const units = unitsOf(members);
  return units && { version: VERSION, units, size: members.rules.size + members.services.size };
}

/** Whether what was told of a partition can be used, and still holds after these changes of it; else it must be told anew. */
export function holdsAfter({ version }: Calm, patches: readonly StoredPatch[]): boolean {
  if (version !== VERSION) return false;
  const ill = new Set<string>();
  for (const { nodes, edges } of patches) {
    if (!isRepaint(nodes, NODE_PAINT) || !isRepaint(edges, EDGE_PAINT)) return false;
    for (const { id, status = ill.has(id) ? 'unknown' : 'ok' } of nodes?.set ?? []) {
      if (status === 'ok') ill.delete(id);
      else ill.add(id);
    }
  }
  return ill.size === 0;
}

/** Fields that counts do not rest on, but for a status; of a detail they rest on these. */
const NODE_PAINT: ReadonlySet<string> = new Set(['id', 'name', 'ref', 'status', 'findings', 'detailFields']);
const EDGE_PAINT: ReadonlySet<string> = new Set(['id', 'status', 'basis', 'label', 'findings']);
const DETAILS = ['host', 'ports'];

/** Whether a patch brings and takes nothing, and changes no other fields than these. */
function isRepaint(patch: StoredPatch['nodes'] | StoredPatch['edges'], paint: ReadonlySet<string>): boolean {
  const { upsert, remove, set } = patch ?? {};
  if (upsert?.length || remove?.length) return false;
  return (set ?? []).every(
    (fields) =>
      Object.keys(fields).every((field) => paint.has(field)) &&
      DETAILS.every((field) => !Object.hasOwn(fields.detailFields ?? {}, field)),
  );
}

function membersOf(nodes: Iterable<TopologyNode>): Members | null {
  const members: Members = { rules: new Map(), services: new Map(), pods: new Map() };
  let at = 0;
  for (const node of nodes) {
    at++;
    if (node.status !== 'ok') return null;
    if (node.kind === 'pod' || node.kind === 'endpoint') members.pods.set(node.id, '');
    else if (node.kind === 'service') members.services.set(node.id, { node, backs: [], owner: '' });
    else if (node.kind === 'rule')
      members.rules.set(node.id, { node, host: hostOfRule(node), first: { late: true, at }, routes: [] });
    else return null;
  }
  return members;
}

/** Takes edges over; false where one is not of a plain chain. */
function isJoined(members: Members, edges: Iterable<TopologyEdge>): boolean {
  let at = 0;
  for (const edge of edges) {
    at++;
    if (!(edge.kind === 'backs' ? backs(members, edge) : joins(members, edge, at))) return false;
  }
  return true;
}

function backs({ services, pods }: Members, edge: TopologyEdge): boolean {
  services.get(edge.source)?.backs.push(edge);
  return services.has(edge.source) && pods.has(edge.target);
}

function joins({ rules, services }: Members, edge: TopologyEdge, at: number): boolean {
  const isRoute = edge.kind === 'routes';
  const rule = rules.get(isRoute ? edge.source : edge.target);
  if (!rule) return false;
  if (rule.first.late) rule.first = { late: false, at };
  if (!isRoute) return kindOf(edge.source) === 'controller';
  rule.routes.push(edge);
  return services.has(edge.target);
}

/** A node of several hosts belongs to the first by id. */
function own({ services, pods }: Members, { host, routes }: Rule): void {
  for (const { target, port } of routes) {
    const service = services.get(target);
    if (!service) continue;
    service.owner = firstOf(service.owner, host);
    const wanted = portNumber(service.node, port);
    for (const back of service.backs)
      if (samePort(wanted, portNumber(service.node, back.port)))
        pods.set(back.target, firstOf(pods.get(back.target), host));
  }
}

function firstOf(owner: string | undefined, host: string): string {
  return owner && owner < host ? owner : host;
}

/** null where a node stands on no chain: that is drawn whatever folds. */
function unitsOf({ rules, services, pods }: Members): readonly CalmUnit[] | null {
  const units = new Map<string, CalmUnit>();
  for (const { node, host, first } of rules.values()) {
    const { id: least, namespace } = node;
    const unit = units.get(host);
    if (!unit) {
      units.set(host, { host, least, namespace, owned: { rule: 1 }, first });
      continue;
    }
    count(unit, 'rule');
    if (isBefore(first, unit.first)) unit.first = first;
    if (least < unit.least) Object.assign(unit, { least, namespace });
  }
  for (const { owner } of services.values()) if (!count(units.get(owner), 'service')) return null;
  for (const [id, owner] of pods) if (!count(units.get(owner), kindOf(id))) return null;
  return [...units.values()];
}

function isBefore(a: PivotPlace, b: PivotPlace): boolean {
  return a.late === b.late ? a.at < b.at : b.late;
}

/** false: there is none to count for. */
function count(unit: CalmUnit | undefined, kind: string): boolean {
  if (unit) unit.owned[kind] = (unit.owned[kind] ?? 0) + 1;
  return unit !== undefined;
}
