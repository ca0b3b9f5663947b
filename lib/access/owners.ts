/** Which namespace something belongs to, and what may be seen of it: told from the item itself. */

import type { Ref } from '@/lib/kube/refs';
import { kindOf } from '@/lib/topology/chains';
import type { HostDetail } from '@/lib/topology/details';
import type { TopologyNode } from '@/lib/topology/model';

/** Where the namespace stands among the segments of an id, by its beginning. */
const NAMESPACE_AT: readonly (readonly [prefix: string, at: number])[] = [
  ['rule:', 1],
  ['service:', 0],
  ['pod:', 0],
  ['endpoint:', 0],
  ['secret:', 0],
  ['listener:', 0],
  ['controller:workload/', 2],
  ['loadbalancer:service/', 1],
  ['loadbalancer:ingress/', 1],
  ['loadbalancer:nodes/', 1],
  ['loadbalancer:nodeport/', 1],
  ['loadbalancer:gateway/', 1],
];

/** Begins what stands in the place of a hidden node: no name has a bare `~`. */
const PLACEHOLDER = '~';

/** The id of what stands in a hidden node's place. */
export function placeholderId(kind: string, opaque: string): string {
  return `${kind}:${PLACEHOLDER}${opaque}`;
}

/** The namespace that an id names; '' where it names none. */
export function namespaceOfId(id: string): string {
  const path = id.slice(id.indexOf(':') + 1);
  if (path.startsWith(PLACEHOLDER)) return '';
  const at = NAMESPACE_AT.find(([prefix]) => id.startsWith(prefix))?.[1];
  return at === undefined ? '' : (path.split('/', at + 1)[at] ?? '');
}

/** The namespace of a node; '' for what several share. The id is believed where the node says nothing. */
export function namespaceOf(node: TopologyNode): string {
  return node.namespace || namespaceOfId(node.id) || (node.ref?.namespace ?? '');
}

/** The namespaces that name a host. */
export function namespacesOfHost(node: TopologyNode): readonly string[] {
  const { namespaces } = node.detail as Partial<HostDetail>;
  return Array.isArray(namespaces) ? namespaces : [];
}

/** All namespaces to which the name of a node belongs; none: it is nobody's. */
export function ownersOf(node: TopologyNode): readonly string[] {
  if (kindOf(node.id) === 'host') return namespacesOfHost(node);
  const namespace = namespaceOf(node);
  return namespace === '' ? [] : [namespace];
}

/** The namespace that an object belongs to or is; '' for what belongs to none. */
export function namespaceOfRef(ref: Ref): string {
  return ref.kind === 'Namespace' && ref.namespace === '' ? ref.name : ref.namespace;
}
