/** Whether one rule's peers and ports match: yes, no, or why it cannot be told. NetworkPolicy v1 API reference; SEMANTICS §5. */
import ipaddr from 'ipaddr.js';
import type { LabelSelector } from '@/lib/kube/objects';
import type { PolicyPeer, PolicyPort, PolicyRule } from '@/lib/kube/policy-objects';
import { matchesSelector } from '@/lib/kube/selectors';
import type { Doubt, End, NamespaceLabels, PodEnd } from './ends';

export type Match = 'yes' | 'no' | Doubt;

/** Where a connection arrives. */
export interface Arrival {
  readonly to: End;
  /** Number at the target pod, after the Service's translation; null: not known. */
  readonly port: number | null;
  readonly protocol: string;
}

/** One certain match is enough; else one doubt. */
export function anyOf(matches: readonly Match[]): Match {
  if (matches.includes('yes')) return 'yes';
  return matches.find((match) => match !== 'no') ?? 'no';
}

/** One certain miss is enough; else one doubt. */
export function allOf(...matches: readonly Match[]): Match {
  if (matches.includes('no')) return 'no';
  return matches.find((match) => match !== 'yes') ?? 'yes';
}

/** Whether an address lies in a block (IPv4 or IPv6 CIDR); what is neither matches nothing. */
export function inBlock(ip: string, cidr: string): boolean {
  if (!ipaddr.isValid(ip) || !ipaddr.isValidCIDR(cidr)) return false;
  const address = ipaddr.process(ip);
  const [network, bits] = ipaddr.parseCIDR(cidr);
  return address.kind() === network.kind() && address.match(network, bits);
}

type Block = NonNullable<PolicyPeer['ipBlock']>;

function covers({ cidr, except }: Block, ip: string): boolean {
  return inBlock(ip, cidr) && !except.some((hole) => inBlock(ip, hole));
}

function isEverywhere({ cidr, except }: Block): boolean {
  return except.length === 0 && /^(0\.0\.0\.0|::)\/0$/.test(cidr);
}

function byBlock(block: Block, end: End): Match {
  if (end.kind === 'address') {
    if (end.ip !== null) return covers(block, end.ip) ? 'yes' : 'no';
    return isEverywhere(block) ? 'yes' : 'ip-block-of-outside';
  }
  if (end.hostNetwork) {
    const all = end.nodeIps.length > 0 && end.nodeIps.every((ip) => covers(block, ip));
    return all ? 'yes' : 'host-network-source';
  }
  const may = end.ips.length === 0 || end.ips.some((ip) => covers(block, ip));
  return may ? 'ip-block-of-pods' : 'no';
}

const NAME_LABEL = 'kubernetes.io/metadata.name';

/** A namespace's labels against a selector; of one that cannot be read only its name is known. */
export function matchesNamespace(selector: LabelSelector, { labels, complete }: NamespaceLabels): Match {
  if (complete) return matchesSelector(selector, labels) ? 'yes' : 'no';
  const byName: LabelSelector = {
    matchLabels: Object.fromEntries(
      Object.entries(selector.matchLabels).filter(([key]) => key === NAME_LABEL),
    ),
    matchExpressions: selector.matchExpressions.filter(({ key }) => key === NAME_LABEL),
  };
  if (!matchesSelector(byName, labels)) return 'no';
  const asked = Object.keys(selector.matchLabels).length + selector.matchExpressions.length;
  const answered = Object.keys(byName.matchLabels).length + byName.matchExpressions.length;
  return asked === answered ? 'yes' : 'namespace-labels';
}

function bySelectors(peer: PolicyPeer, policyNamespace: string, end: PodEnd): Match {
  if (end.hostNetwork) return 'host-network-source';
  const namespace = peer.namespaceSelector
    ? matchesNamespace(peer.namespaceSelector, end.namespaceLabels)
    : end.namespace === policyNamespace
      ? 'yes'
      : 'no';
  const pod = !peer.podSelector || matchesSelector(peer.podSelector, end.labels) ? 'yes' : 'no';
  return allOf(namespace, pod);
}

/** One peer: an address block, or both selectors at once; a pod selector alone means the policy's own namespace. */
export function matchesPeer(peer: PolicyPeer, policyNamespace: string, end: End): Match {
  if (peer.ipBlock) return byBlock(peer.ipBlock, end);
  if (!peer.podSelector && !peer.namespaceSelector) return 'empty-peer';
  return end.kind === 'pod' ? bySelectors(peer, policyNamespace, end) : 'no';
}

/** A rule's peers: none named means everyone. */
export function matchesPeers(rule: PolicyRule, policyNamespace: string, end: End): Match {
  if (rule.peers.length === 0) return 'yes';
  return anyOf(rule.peers.map((peer) => matchesPeer(peer, policyNamespace, end)));
}

/** Number of a named port at a pod; null where no container declares it. */
export function namedPort(name: string, protocol: string, end: End): number | null {
  if (end.kind !== 'pod') return null;
  return end.ports.find((port) => port.name === name && port.protocol === protocol)?.port ?? null;
}

function matchesPort(wanted: PolicyPort, { to, port, protocol }: Arrival): boolean {
  if (wanted.protocol !== protocol) return false;
  if (wanted.port === null) return true;
  if (port === null) return false;
  if (typeof wanted.port === 'string') return namedPort(wanted.port, protocol, to) === port;
  return wanted.endPort === null ? port === wanted.port : port >= wanted.port && port <= wanted.endPort;
}

/** A rule's ports: none named means all, of every protocol. Names are those of the target pod's containers. */
export function matchesPorts(rule: PolicyRule, arrival: Arrival): boolean {
  return rule.ports.length === 0 || rule.ports.some((port) => matchesPort(port, arrival));
}
