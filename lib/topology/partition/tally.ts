/**
 * A partition told in counts: an overview folds most hosts, so that of their partitions nothing is drawn. What is told is
 * what `ChainIndex` would find, as far as no edge joins the partition to another; where that cannot be told from the
 * partition alone there is no tally.
 */
import { hostOfRule, kindOf, portNumber, samePort } from '@/lib/topology/chains';
import type { Status, TopologyEdge, TopologyNode } from '@/lib/topology/model';
import { worse } from '@/lib/topology/status';
import type { Part, StoredPatch } from './part';

/** Of how a partition is told: what is kept of another is not to be used. */
const VERSION = 1;

/** What a partition adds to a host with its chains. */
export interface TallyUnit {
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

/** Nodes, each with the units whose chains hold it: a number in the tally, or several. Lists, for objects would be many. */
export interface TallyNodes {
  readonly ids: readonly string[];
  readonly of: readonly (number | readonly number[])[];
}

/** Plain data: it is kept as JSON. */
export interface Tally {
  readonly version: number;
  readonly units: readonly TallyUnit[];
  readonly rules: TallyNodes;
  readonly services: TallyNodes;
  /** Services that something stands behind: numbers among them. */
  readonly backed: readonly number[];
  /** And endpoints. */
  readonly pods: TallyNodes;
  /** What is not well, by id. */
  readonly ill: Readonly<Record<string, Status>>;
}

interface Service {
  readonly node: TopologyNode;
  readonly backs: TopologyEdge[];
  readonly units: Set<number>;
}

interface Rule {
  readonly node: TopologyNode;
  first: PivotPlace;
  readonly routes: TopologyEdge[];
}

interface Members {
  readonly rules: Map<string, Rule>;
  readonly services: Map<string, Service>;
  readonly pods: Map<string, Set<number>>;
  readonly ill: Record<string, Status>;
}

/** A partition in counts; null where something of it stands on no chain, or is not among the plain kinds. */
export function tallyOf(part: Pick<Part, 'nodes' | 'edges'>): Tally | null {
  const members = membersOf(part.nodes.values());
  if (!members || !isJoined(members, part.edges.values())) return null;
  const { rules, services, pods, ill } = members;
  const units: TallyUnit[] = [];
  const numbers = new Map<string, number>();
  const ofRules: number[] = [];
  for (const rule of rules.values()) {
    const unit = unitOf(units, numbers, rule);
    reach(members, rule, unit);
    ofRules.push(unit);
  }
  const ofServices = told(
    services.keys(),
    [...services.values()].map((service) => service.units),
  );
  const ofPods = told(pods.keys(), pods.values());
  for (const { ids, of } of [ofServices, ofPods])
    for (const [i, id] of ids.entries()) if (!count(units, of[i] ?? [], kindOf(id))) return null;
  const backed = [...services.values()].flatMap(({ backs: some }, i) => (some.length > 0 ? [i] : []));
  return {
    version: VERSION,
    units,
    rules: { ids: [...rules.keys()], of: ofRules },
    services: ofServices,
    backed,
    pods: ofPods,
    ill,
  };
}

/** The tally after changes of its partition; null: it cannot be used, and the partition is to be told anew. */
export function tallyAfter(tally: Tally, patches: readonly StoredPatch[]): Tally | null {
  if (tally.version !== VERSION) return null;
  if (!patches.every(({ nodes, edges }) => isRepaint(nodes, NODE_PAINT) && isRepaint(edges, EDGE_PAINT)))
    return null;
  const changes = patches.flatMap(({ nodes }) => nodes?.set ?? []);
  if (changes.length === 0) return tally;
  const known = new Set([...tally.rules.ids, ...tally.services.ids, ...tally.pods.ids]);
  const ill = { ...tally.ill };
  for (const { id, status } of changes) {
    if (!known.has(id)) return null;
    if (status === 'ok') delete ill[id];
    else if (status !== undefined) ill[id] = status;
  }
  return { ...tally, ill };
}

/** The worst of each unit's nodes in the partition, by the unit's number. */
export function statusesOf({ units, rules, services, pods, ill }: Tally): readonly Status[] {
  const statuses = units.map((): Status => 'ok');
  if (Object.keys(ill).length === 0) return statuses;
  for (const { ids, of } of [rules, services, pods])
    for (let i = 0; i < ids.length; i++) {
      const status = ill[ids[i] ?? ''];
      if (status) for (const unit of numbersOf(of[i])) statuses[unit] = worse(statuses[unit] ?? 'ok', status);
    }
  return statuses;
}

/** The units of a node. */
export function numbersOf(of: number | readonly number[] | undefined): readonly number[] {
  return typeof of === 'number' ? [of] : (of ?? []);
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
  const members: Members = { rules: new Map(), services: new Map(), pods: new Map(), ill: {} };
  let at = 0;
  for (const node of nodes) {
    at++;
    if (node.status !== 'ok') members.ill[node.id] = node.status;
    if (node.kind === 'pod' || node.kind === 'endpoint') members.pods.set(node.id, new Set());
    else if (node.kind === 'service') members.services.set(node.id, { node, backs: [], units: new Set() });
    else if (node.kind === 'rule')
      members.rules.set(node.id, { node, first: { late: true, at }, routes: [] });
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

/** The number of a rule's unit, which takes it over. */
function unitOf(units: TallyUnit[], numbers: Map<string, number>, { node, first }: Rule): number {
  const { id: least, namespace } = node;
  const host = hostOfRule(node);
  const number = numbers.get(host) ?? units.length;
  const unit = units[number];
  if (!unit) {
    numbers.set(host, number);
    units.push({ host, least, namespace, owned: { rule: 1 }, first });
    return number;
  }
  unit.owned.rule = (unit.owned.rule ?? 0) + 1;
  if (isBefore(first, unit.first)) unit.first = first;
  if (least < unit.least) Object.assign(unit, { least, namespace });
  return number;
}

function isBefore(a: PivotPlace, b: PivotPlace): boolean {
  return a.late === b.late ? a.at < b.at : b.late;
}

/** Notes at what a rule leads to that its unit holds it. */
function reach({ services, pods }: Members, { routes }: Rule, unit: number): void {
  for (const { target, port } of routes) {
    const service = services.get(target);
    if (!service) continue;
    service.units.add(unit);
    const wanted = portNumber(service.node, port);
    for (const back of service.backs)
      if (samePort(wanted, portNumber(service.node, back.port))) pods.get(back.target)?.add(unit);
  }
}

function told(ids: Iterable<string>, units: Iterable<ReadonlySet<number>>): TallyNodes {
  const of: (number | readonly number[])[] = [];
  for (const some of units) {
    const [first] = some;
    of.push(some.size === 1 && first !== undefined ? first : [...some]);
  }
  return { ids: [...ids], of };
}

/** A node of several hosts belongs to the first by id. false: there is none, and it is drawn whatever folds. */
function count(units: readonly TallyUnit[], of: number | readonly number[], kind: string): boolean {
  let owner: TallyUnit | undefined;
  for (const number of numbersOf(of)) {
    const unit = units[number];
    if (unit && (!owner || unit.host < owner.host)) owner = unit;
  }
  if (owner) owner.owned[kind] = (owner.owned[kind] ?? 0) + 1;
  return owner !== undefined;
}
