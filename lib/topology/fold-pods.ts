/** Folds the pods of each Service into one group; pure, also used by the browser where the server has not folded. */
import type { GroupDetail, PodDetail } from './details';
import { edgeId, groupId } from './ids';
import type { TopologyEdge, TopologyNode } from './model';
import { worse, worst } from './status';

export interface Drawing {
  readonly nodes: ReadonlyMap<string, TopologyNode>;
  readonly edges: ReadonlyMap<string, TopologyEdge>;
}

export interface FoldPodsOptions {
  /** Groups to leave unfolded. */
  readonly expand?: ReadonlySet<string>;
  /** Fold only where all pods are ok. */
  readonly healthyOnly?: boolean;
}

/** Id of the group that holds a Service's pods. */
export function podGroupId(service: TopologyNode): string {
  return groupId('pods', service.namespace, service.name);
}

/** The same from the Service's id. */
export function podGroupOf(service: string): string {
  return `group:pods/${service.slice('service:'.length)}`;
}

/** The drawing with every Service's pods as one group node. A lone pod stays: folding it would only hide its name. */
export function foldPods(drawing: Drawing, options: FoldPodsOptions = {}): Drawing {
  const groups: TopologyNode[] = [];
  const groupOf = new Map<string, string>();
  for (const [serviceId, pods] of podsByService(drawing)) {
    const service = drawing.nodes.get(serviceId);
    if (!service || !folds(service, pods, options)) continue;
    const group = podGroup(service, pods);
    groups.push(group);
    for (const pod of pods) groupOf.set(pod.id, group.id);
  }
  if (groups.length === 0) return drawing;
  const nodes = new Map<string, TopologyNode>();
  for (const [id, node] of drawing.nodes) if (!groupOf.has(id)) nodes.set(id, node);
  for (const group of groups) nodes.set(group.id, group);
  return { nodes, edges: foldEdges(drawing.edges, groupOf) };
}

function folds(service: TopologyNode, pods: readonly TopologyNode[], options: FoldPodsOptions): boolean {
  if (pods.length < 2 || options.expand?.has(podGroupId(service))) return false;
  return !(options.healthyOnly && pods.some((pod) => pod.status !== 'ok'));
}

/** Pods by the Service that counts them: the first by id where several select the same. */
function podsByService(drawing: Drawing): Map<string, TopologyNode[]> {
  const owner = new Map<string, string>();
  for (const edge of drawing.edges.values()) {
    if (!isPodEdge(edge)) continue;
    const before = owner.get(edge.target);
    if (before === undefined || edge.source < before) owner.set(edge.target, edge.source);
  }
  const result = new Map<string, TopologyNode[]>();
  for (const [podId, service] of owner) {
    const pod = drawing.nodes.get(podId);
    if (!pod || !drawing.nodes.has(service)) continue;
    const pods = result.get(service);
    if (pods) pods.push(pod);
    else result.set(service, [pod]);
  }
  return result;
}

function isPodEdge(edge: TopologyEdge): boolean {
  return edge.kind === 'backs' && edge.source.startsWith('service:') && /^(pod|endpoint):/.test(edge.target);
}

/** The group that stands for a Service's pods. */
export function podGroup(service: TopologyNode, pods: readonly TopologyNode[]): TopologyNode {
  const ready = pods.filter(isReady).length;
  const detail: GroupDetail & { readonly ready: number } = {
    folds: 'pods',
    count: pods.length,
    statuses: countBy(pods.map((pod) => pod.status)),
    of: service.id,
    ready,
  };
  return {
    id: podGroupId(service),
    kind: 'group',
    name: `${ready}/${pods.length} ready`,
    namespace: service.namespace,
    status: worst(pods.map((pod) => pod.status)),
    findings: [],
    detail: { ...detail },
  };
}

function isReady(pod: TopologyNode): boolean {
  const { ready } = pod.detail as Partial<PodDetail>;
  return ready ?? pod.status === 'ok';
}

/** Edges to folded pods become one edge per Service, group and port, with the worst of their statuses. */
function foldEdges(
  edges: ReadonlyMap<string, TopologyEdge>,
  groupOf: ReadonlyMap<string, string>,
): Map<string, TopologyEdge> {
  const result = new Map<string, TopologyEdge>();
  for (const edge of edges.values()) {
    const group = groupOf.get(edge.target);
    if (groupOf.has(edge.source)) continue;
    if (group === undefined) {
      result.set(edge.id, edge);
      continue;
    }
    const id = edgeId(edge.kind, edge.source, group, edge.port);
    const before = result.get(id);
    const folded = { ...edge, id, target: group };
    result.set(id, before ? merged(before, folded) : folded);
  }
  return result;
}

/** Two edges as one. Order of the two must not matter: a label stays only where all agree. */
export function merged(a: TopologyEdge, b: TopologyEdge): TopologyEdge {
  return {
    ...a,
    status: worse(a.status, b.status),
    basis: a.basis === b.basis ? a.basis : 'declared',
    label: a.label === b.label ? a.label : '',
    findings: [...new Set([...a.findings, ...b.findings])].sort(),
  };
}

/** How many of each. */
export function countBy(values: Iterable<string>): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}
