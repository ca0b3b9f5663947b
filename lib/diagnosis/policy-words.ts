/** NetworkPolicies in words, as evidence and details name them, and the policy that would let somebody in. */
import type { LabelSelector, Labels } from '@/lib/kube/objects';
import type { NetworkPolicy, PolicyPeer, PolicyPort, PolicyRule } from '@/lib/kube/policy-objects';
import type { Ref } from '@/lib/kube/refs';
import { refOf } from '@/lib/kube/resources';
import type { Evidence } from '@/lib/topology/model';
import type { Direction } from '@/lib/topology/network-policy/verdict';
import { evidence } from './draft';
import { sh } from './shell';

const MOST_WORDS = 6;

/** Reference to an existing NetworkPolicy. */
export function policyRef({ namespace, name, uid }: NetworkPolicy): Ref {
  return refOf('networkpolicies', namespace, name, uid);
}

/** `a, b and 3 more`. */
export function listed(words: readonly string[], most = MOST_WORDS): string {
  const rest = words.length - most;
  return rest > 0 ? `${words.slice(0, most).join(', ')} and ${rest} more` : words.join(', ');
}

/** Labels as `a=b,c=d`. */
export function labelWords(labels: Labels): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
}

/** A label selector as kubectl writes it; empty for one that takes everything. */
export function selectorWords({ matchLabels, matchExpressions }: LabelSelector): string {
  const expressions = matchExpressions.map(({ key, operator, values }) => {
    if (operator === 'Exists') return key;
    if (operator === 'DoesNotExist') return `!${key}`;
    return `${key} ${operator === 'In' ? 'in' : 'notin'} (${values.join(',')})`;
  });
  return [labelWords(matchLabels), ...expressions].filter((part) => part !== '').join(',');
}

/** One peer: `pods app=a in namespaces with team=b`. */
export function peerWords({ podSelector, namespaceSelector, ipBlock }: PolicyPeer): string {
  if (ipBlock) {
    const holes = ipBlock.except.length > 0 ? ` except ${listed(ipBlock.except)}` : '';
    return `addresses ${ipBlock.cidr}${holes}`;
  }
  const pods = podSelector ? selectorWords(podSelector) : '';
  const spaces = namespaceSelector ? selectorWords(namespaceSelector) : null;
  const where =
    spaces === null ? 'its namespace' : spaces === '' ? 'any namespace' : `namespaces with ${spaces}`;
  return `${pods === '' ? 'all pods' : `pods with ${pods}`} in ${where}`;
}

/** One port: `TCP 8080`, `TCP 8000-8099`, `TCP http`, `every TCP port`. */
export function portWords({ protocol, port, endPort }: PolicyPort): string {
  if (port === null) return `every ${protocol} port`;
  return `${protocol} ${port}${endPort === null ? '' : `-${endPort}`}`;
}

function ruleWords({ peers, ports }: PolicyRule): string {
  const who = peers.length === 0 ? 'everyone' : listed(peers.map(peerWords), 3);
  return `${who} on ${ports.length === 0 ? 'every port' : listed(ports.map(portWords))}`;
}

/** What a policy lets through in a direction. */
export function policyWords(policy: NetworkPolicy, direction: Direction): string {
  const rules = policy[direction];
  return rules.length === 0 ? 'nobody' : listed(rules.map(ruleWords), 4);
}

/** Each policy with what it lets through. */
export function policyEvidence(
  policies: readonly NetworkPolicy[],
  direction: Direction,
): readonly Evidence[] {
  return policies
    .slice(0, 10)
    .map((policy) => evidence(policyRef(policy), `spec.${direction}`, policyWords(policy, direction)));
}

/** `NetworkPolicy a keeps`, or `NetworkPolicies a, b keep`. */
export function policiesDo(policies: readonly NetworkPolicy[], verb: string): string {
  const names = listed(policies.map(({ name }) => name));
  return policies.length === 1 ? `NetworkPolicy ${names} ${verb}s` : `NetworkPolicies ${names} ${verb}`;
}

/** What a new policy is to allow. */
export interface Allowance {
  readonly namespace: string;
  readonly name: string;
  readonly direction: Direction;
  readonly pods: Labels;
  /** The other side; null: everyone. */
  readonly peers: readonly {
    readonly namespace: string;
    readonly pods: Labels;
  }[];
  readonly ports: readonly { readonly protocol: string; readonly port: number }[];
}

/** A command that makes a policy which only adds: rules of several policies are a union. */
export function allowCommand({ namespace, name, direction, pods, peers, ports }: Allowance): string {
  const sides = peers.map((peer) => ({
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': peer.namespace } },
    ...(Object.keys(peer.pods).length > 0 ? { podSelector: { matchLabels: peer.pods } } : {}),
  }));
  const rule = {
    ...(sides.length > 0 ? { [direction === 'ingress' ? 'from' : 'to']: sides } : {}),
    ...(ports.length > 0 ? { ports } : {}),
  };
  const manifest = JSON.stringify({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: name.slice(0, 200), namespace },
    spec: {
      podSelector: { matchLabels: pods },
      policyTypes: [direction === 'ingress' ? 'Ingress' : 'Egress'],
      [direction]: [rule],
    },
  });
  return sh`kubectl -n ${namespace} apply -f - <<< ${manifest}`;
}
