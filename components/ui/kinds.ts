import type { NodeKind, TopologyNode } from '@/lib/topology/model';

const KIND_WORD: Readonly<Record<NodeKind, string>> = {
  host: 'Host',
  loadbalancer: 'Load balancer',
  address: 'Address',
  controller: 'Ingress controller',
  rule: 'Rule',
  service: 'Service',
  pod: 'Pod',
  endpoint: 'Endpoint',
  external: 'External name',
  secret: 'TLS Secret',
  class: 'IngressClass',
  listener: 'Listener',
  group: 'Group',
};

/** What a node is, in words; kinds of a newer server by their own name. */
export function kindWord(node: Pick<TopologyNode, 'kind' | 'detail'>): string {
  if (node.kind === 'group' && node.detail.folds === 'internal') return 'Not reachable from outside';
  if (node.kind === 'group') return node.detail.folds === 'hosts' ? 'Hosts' : 'Pods';
  return KIND_WORD[node.kind] ?? node.kind;
}
