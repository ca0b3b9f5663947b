/** Small topologies for the layout's tests. */
import { hostId } from '@/lib/topology/ids';
import type { EdgeKind, NodeKind, TopologyEdge, TopologyNode } from '@/lib/topology/model';
import type { LayoutView } from '../layout';

export function node(
  id: string,
  kind: NodeKind,
  detail: Record<string, unknown> = {},
  status: TopologyNode['status'] = 'ok',
): TopologyNode {
  return { id, kind, name: id, namespace: '', status, findings: [], detail };
}

export function edge(kind: EdgeKind, source: string, target: string): TopologyEdge {
  return {
    id: `${kind}:${source}>${target}`,
    kind,
    source,
    target,
    status: 'ok',
    basis: 'declared',
    label: '',
    findings: [],
  };
}

/** `rules` = [host, path order, service index, pods of that service]. */
export function viewOf(rules: readonly (readonly [string, number, number, number])[]): LayoutView {
  const nodes = new Map<string, TopologyNode>();
  const edges = new Map<string, TopologyEdge>();
  const add = (item: TopologyNode) => nodes.set(item.id, item);
  const link = (item: TopologyEdge) => edges.set(item.id, item);
  add(node('lb', 'loadbalancer'));
  add(node('ctl', 'controller'));
  link(edge('exposes', 'lb', 'ctl'));
  for (const [host, order, service, pods] of rules) {
    const rule = `rule:${host}/${order}`;
    add(node(hostId(host), 'host'));
    add(node(rule, 'rule', { host, order }));
    add(node(`svc${service}`, 'service'));
    link(edge('resolves', hostId(host), 'lb'));
    link(edge('serves', 'ctl', rule));
    link(edge('routes', rule, `svc${service}`));
    for (let i = 0; i < pods; i++) {
      add(node(`pod${service}.${i}`, 'pod'));
      link(edge('backs', `svc${service}`, `pod${service}.${i}`));
    }
  }
  return { nodes: [...nodes.values()], edges: [...edges.values()] };
}
