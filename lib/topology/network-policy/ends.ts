/** The two ends of a connection, as NetworkPolicies see them. */
import type { ContainerPort, Labels } from '@/lib/kube/objects';

/** Labels of a namespace; incomplete where the object cannot be read. */
export interface NamespaceLabels {
  readonly labels: Labels;
  /** False: only `kubernetes.io/metadata.name` is known, which the API server itself sets (since 1.22). */
  readonly complete: boolean;
}

export interface PodEnd {
  readonly kind: 'pod';
  readonly namespace: string;
  readonly labels: Labels;
  readonly namespaceLabels: NamespaceLabels;
  /** Empty: not known. */
  readonly ips: readonly string[];
  /** Addresses of the nodes that it runs on, as far as known: what is seen of it when it uses the host's network. */
  readonly nodeIps: readonly string[];
  readonly hostNetwork: boolean;
  /** Ports that its containers declare, by which named policy ports are resolved. */
  readonly ports: readonly ContainerPort[];
  /** In an ambient mesh: between two such pods traffic travels on port 15008, whatever the policy's author thought of. */
  readonly ambient: boolean;
}

/** What is no pod: an address, or (null) somebody outside whose address is not known. */
export interface AddressEnd {
  readonly kind: 'address';
  readonly ip: string | null;
}

export type End = PodEnd | AddressEnd;

/** Why policies cannot tell. */
export type Doubt =
  | 'ip-block-of-pods'
  | 'ip-block-of-outside'
  | 'namespace-labels'
  | 'host-network-source'
  | 'host-network-target'
  | 'empty-peer'
  | 'ambient-mesh';

/** The same in words. */
export const DOUBTS: Readonly<Record<Doubt, string>> = {
  'ip-block-of-pods':
    'a rule by ipBlock covers the pod’s address, and whether an ipBlock means pods depends on the CNI, above all where it replaces kube-proxy',
  'ip-block-of-outside': 'a rule by ipBlock may mean the address that the traffic comes from',
  'namespace-labels': 'the labels of the namespace cannot be read',
  'host-network-source':
    'the source uses the network of its node, which selectors do not match; what an ipBlock makes of node addresses depends on the CNI, above all where it replaces kube-proxy',
  'host-network-target': 'policies rarely bind pods that use the network of their node',
  'empty-peer': 'a rule names a peer in a way that this dashboard does not know',
  'ambient-mesh': 'between pods of an ambient mesh traffic travels on port 15008',
};
