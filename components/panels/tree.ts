/** The drawing as a tree: host → rule → Service → pods. What no host leads to follows after. Pure. */
import { cardText } from '@/lib/layout/card-text';
import { columnOf } from '@/lib/layout/columns';
import type { Scene } from '@/lib/layout/scene';
import { hostOfRule } from '@/lib/topology/chains';
import type { TopologyNode } from '@/lib/topology/model';

export interface Branch {
  readonly node: TopologyNode;
  /** How it is reached: `by 203.0.113.10, ingress-nginx`. */
  readonly via: string;
  readonly children: readonly Branch[];
}

/** Branches in the order of the picture, so that both read the same. */
export function treeOf(scene: Scene): readonly Branch[] {
  const { nodes, edges } = scene.drawing;
  const out = new Map<string, string[]>();
  const into = new Map<string, string[]>();
  for (const edge of edges.values()) {
    push(out, edge.source, edge.target);
    push(into, edge.target, edge.source);
  }
  const rulesOf = new Map<string, string[]>();
  for (const node of nodes.values()) if (node.kind === 'rule') push(rulesOf, hostOfRule(node), node.id);

  const told = new Set<string>();
  const branch = (id: string, seen: ReadonlySet<string>): Branch[] => {
    const node = nodes.get(id);
    if (!node || seen.has(id)) return [];
    told.add(id);
    const next = new Set([...seen, id]);
    const below = node.kind === 'host' ? (rulesOf.get(id) ?? []) : (out.get(id) ?? []);
    const children =
      node.kind === 'controller' ? [] : sorted(below, scene).flatMap((child) => branch(child, next));
    return [{ node, via: viaOf(node, { nodes, out, into }), children }];
  };

  const roots = sorted(nodes.keys(), scene).filter((id) => isRoot(nodes.get(id), nodes));
  const main = roots.flatMap((id) => branch(id, new Set()));
  // Load balancers and controllers are told with the hosts that use them; the rest must not be lost.
  const rest = sorted(nodes.keys(), scene).filter((id) => !told.has(id) && !isWay(nodes.get(id)));
  return [...main, ...rest.flatMap((id) => (told.has(id) ? [] : branch(id, new Set())))];
}

interface Around {
  readonly nodes: ReadonlyMap<string, TopologyNode>;
  readonly out: ReadonlyMap<string, readonly string[]>;
  readonly into: ReadonlyMap<string, readonly string[]>;
}

function viaOf(node: TopologyNode, { nodes, out, into }: Around): string {
  const ids = node.kind === 'host' ? out.get(node.id) : node.kind === 'rule' ? into.get(node.id) : undefined;
  const ways = (ids ?? []).map((id) => nodes.get(id)).filter((other) => other !== undefined);
  const titles = ways
    .filter(isWay)
    .map((other) => cardText(other).title.replace(/^No controller/, 'no controller'));
  // What the line says already is not said again.
  const news = titles.filter((title) => !cardText(node).sub.includes(title));
  return news.length === 0 ? '' : `by ${news.join(', ')}`;
}

function isRoot(node: TopologyNode | undefined, nodes: ReadonlyMap<string, TopologyNode>): boolean {
  if (!node) return false;
  if (node.kind === 'host') return true;
  if (node.kind === 'group') return columnOf(node) === 'dns';
  return node.kind === 'rule' && !nodes.has(hostOfRule(node));
}

function isWay(node: TopologyNode | undefined): boolean {
  return node?.kind === 'loadbalancer' || node?.kind === 'controller' || node?.kind === 'listener';
}

function sorted(ids: Iterable<string>, scene: Scene): string[] {
  const place = (id: string) => scene.layout.boxes.get(id)?.y ?? 0;
  return [...ids].sort((a, b) => place(a) - place(b) || (a < b ? -1 : 1));
}

function push(map: Map<string, string[]>, key: string, value: string): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
