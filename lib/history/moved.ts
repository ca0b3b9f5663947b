/** The same thing under another id: a rule whose path was edited, a pod that a new one replaces. Told once, as a change. */
import type { Finding, TopologyEdge, TopologyNode } from '@/lib/topology/model';

/** Ids before → ids after. */
export type Moves = ReadonlyMap<string, string>;

interface Item {
  readonly id: string;
}

/** Names what a thing stays through a move; null: it never moves. */
type Identity<T> = (item: T) => string | null;

/** A pod of a workload takes the place of another. */
const pod: Identity<TopologyNode> = ({ kind, namespace, detail }) =>
  kind === 'pod' && typeof detail.workload === 'string' && detail.workload !== ''
    ? `pod ${namespace}/${detail.workload}`
    : null;

/** A rule of an Ingress for the same address: the type of its path has changed. */
const address: Identity<TopologyNode> = (node) => {
  const { host, path } = node.detail;
  return node.kind === 'rule' ? `${ingressOf(node)} ${String(host)} ${String(path)}` : null;
};

/** A rule of an Ingress that leads to the same place: its path or host has changed. */
const target: Identity<TopologyNode> = (node) => {
  const { service, port } = node.detail;
  return node.kind === 'rule' && typeof service === 'string'
    ? `${ingressOf(node)} ${service} ${String(port)}`
    : null;
};

function ingressOf({ namespace, detail }: TopologyNode): string {
  return `${namespace}/${String(detail.ingress)}`;
}

/** Pairs nodes that are only before with nodes that are only after. The same pairs the other way round. */
export function movedNodes(gone: readonly TopologyNode[], come: readonly TopologyNode[]): Moves {
  const moves = new Map<string, string>();
  pair(moves, gone, come, pod);
  pair(moves, gone, come, address);
  pair(moves, gone, come, target, 1);
  return moves;
}

/** Pairs edges whose ends are the same or have moved. */
export function movedEdges(
  gone: readonly TopologyEdge[],
  come: readonly TopologyEdge[],
  nodes: Moves,
): Moves {
  const moves = new Map<string, string>();
  const after = (id: string) => nodes.get(id) ?? id;
  const key = ({ kind, port }: TopologyEdge, source: string, end: string) =>
    `${kind} ${source} ${end} ${String(port)}`;
  const arrived = new Map(come.map((edge) => [key(edge, edge.source, edge.target), edge.id]));
  for (const edge of gone) {
    const name = key(edge, after(edge.source), after(edge.target));
    const id = arrived.get(name);
    if (id === undefined) continue;
    arrived.delete(name);
    moves.set(edge.id, id);
  }
  return moves;
}

/** Pairs findings that tell the same symptom of another subject. */
export function movedFindings(gone: readonly Finding[], come: readonly Finding[]): Moves {
  const moves = new Map<string, string>();
  pair(moves, gone, come, ({ code, title }) => `${code} ${title}`);
  return moves;
}

/** Pairs what has one name, by the order of ids; `most`: only where so few share it. */
function pair<T extends Item>(
  moves: Map<string, string>,
  gone: readonly T[],
  come: readonly T[],
  identity: Identity<T>,
  most = Number.POSITIVE_INFINITY,
): void {
  const taken = new Set(moves.values());
  const before = byName(
    gone.filter(({ id }) => !moves.has(id)),
    identity,
  );
  const after = byName(
    come.filter(({ id }) => !taken.has(id)),
    identity,
  );
  for (const [name, ids] of before) {
    const others = after.get(name) ?? [];
    if (ids.length > most || others.length > most) continue;
    ids.forEach((id, i) => {
      const other = others[i];
      if (other !== undefined) moves.set(id, other);
    });
  }
}

function byName<T extends Item>(items: readonly T[], identity: Identity<T>): ReadonlyMap<string, string[]> {
  const found = new Map<string, string[]>();
  for (const item of items) {
    const name = identity(item);
    if (name === null) continue;
    const ids = found.get(name);
    if (ids) ids.push(item.id);
    else found.set(name, [item.id]);
  }
  for (const ids of found.values()) ids.sort();
  return found;
}
