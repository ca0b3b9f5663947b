/** What is odd about the policies of one namespace: facts for one finding each, whatever their number. */
import type { LabelSelector, Labels } from '@/lib/kube/objects';
import type { NetworkPolicy, PolicyPeer } from '@/lib/kube/policy-objects';
import { splitKey } from '@/lib/kube/refs';
import { matchesSelector } from '@/lib/kube/selectors';
import type { Query, Reader } from '@/lib/state/cells';
import { isolating } from '@/lib/topology/network-policy/verdict';
import { backendEnds, namespacePolicies } from '@/lib/topology/policy-ends';
import { config, known, members, object } from '@/lib/topology/reads';
import { ingressRules } from '@/lib/topology/rules';
import { serving } from '@/lib/topology/serving';
import { workloadsOfNamespace } from '@/lib/topology/workloads';
import { nearest } from './edit-distance';
import { peerWords, selectorWords } from './policy-words';

export interface Odd {
  readonly policy: NetworkPolicy;
  /** Path of the field, and what is odd about it. */
  readonly path: string;
  readonly why: string;
}

export interface Hygiene {
  /** Services behind live rules with pods that no policy guards. */
  readonly unguarded: readonly string[];
  readonly guarded: number;
  readonly allowAll: readonly Odd[];
  readonly dangling: readonly Odd[];
  readonly emptyPeers: readonly Odd[];
}

const NO_LABELS: Labels = {};
const SOLVER = 'acme.cert-manager.io/http01-solver';

/** Facts of one namespace. What cannot be seen is not odd. */
export const policyHygiene: Query<Hygiene> = {
  name: 'policy-hygiene',
  level: 6,
  compute: (read, namespace) => {
    const none = { unguarded: [], guarded: 0, allowAll: [], dangling: [], emptyPeers: [] };
    if (!known(read, 'networkpolicies').known) return none;
    const policies = read.query(namespacePolicies, namespace);
    const services = liveServices(read, namespace);
    return {
      ...guards(read, policies, services),
      allowAll: services.length > 0 ? policies.flatMap(allowsAll) : [],
      dangling: policies.filter((policy) => isDangling(read, policy)).map(asDangling),
      emptyPeers: config(read).limitedView ? [] : policies.flatMap((policy) => emptyPeersOf(read, policy)),
    };
  },
};

/** Keys of the Services of a namespace that rules which somebody serves lead to; cert-manager's solvers left out. */
function liveServices(read: Reader, namespace: string): readonly string[] {
  const found = new Set<string>();
  for (const ingress of members(read, 'ingresses-of-namespace', namespace)) {
    if (read.query(serving, ingress).controllers.length === 0) continue;
    for (const { service } of read.query(ingressRules, ingress)) if (service !== null) found.add(service);
  }
  return [...found].sort().filter((key) => {
    const service = object(read, 'services', key);
    return service?.selector && service.labels[SOLVER] !== 'true';
  });
}

function guards(
  read: Reader,
  policies: readonly NetworkPolicy[],
  services: readonly string[],
): Pick<Hygiene, 'unguarded' | 'guarded'> {
  const into = policies.filter((policy) => policy.isolatesIngress);
  if (into.length === 0) return { unguarded: services, guarded: 0 };
  if (!known(read, 'pods').known) return { unguarded: [], guarded: 0 };
  const bare = services.filter((key) => {
    const ports = object(read, 'services', key)?.ports ?? [];
    const ends = ports.flatMap((port) => backendEnds(read, key, port));
    return ends.some(
      ({ end }) => end.kind === 'pod' && !end.hostNetwork && isolating(into, 'ingress', end).length === 0,
    );
  });
  return { unguarded: bare, guarded: services.length - bare.length };
}

function takesAll({ matchLabels, matchExpressions }: LabelSelector): boolean {
  return Object.keys(matchLabels).length === 0 && matchExpressions.length === 0;
}

/** The whole namespace, everyone, every port; an empty pod selector alone only says whom the policy is for. */
function allowsAll(policy: NetworkPolicy): readonly Odd[] {
  if (!policy.isolatesIngress || !takesAll(policy.podSelector)) return [];
  const rule = policy.ingress.findIndex(({ peers, ports }) => peers.length === 0 && ports.length === 0);
  return rule < 0 ? [] : [{ policy, path: `spec.ingress[${rule}]`, why: 'everyone on every port' }];
}

/** Labels of all pods that workloads of a namespace make, running or not. */
function templates(read: Reader, namespace: string): readonly Labels[] {
  return workloadsOfNamespace(read, namespace).map((workload) => workload.templateLabels);
}

function pods(read: Reader, namespace: string): readonly Labels[] {
  return members(read, 'pods-of-namespace', namespace).map(
    (key) => object(read, 'pods', key)?.labels ?? NO_LABELS,
  );
}

function podsAreKnown(read: Reader): boolean {
  return (['pods', 'deployments', 'statefulsets', 'daemonsets'] as const).every(
    (kind) => known(read, kind).known,
  );
}

/** Workloads first: they are few, stand still, and count when scaled to zero too. */
function matchesSome(read: Reader, namespace: string, selector: LabelSelector): boolean {
  const matches = (labels: Labels) => matchesSelector(selector, labels);
  return templates(read, namespace).some(matches) || pods(read, namespace).some(matches);
}

function isForSolvers(selector: LabelSelector): boolean {
  return selectorWords(selector).includes('acme.cert-manager.io/');
}

function isDangling(read: Reader, { namespace, podSelector }: NetworkPolicy): boolean {
  if (takesAll(podSelector) || isForSolvers(podSelector) || !podsAreKnown(read)) return false;
  return !matchesSome(read, namespace, podSelector);
}

function asDangling(policy: NetworkPolicy): Odd {
  return {
    policy,
    path: 'spec.podSelector',
    why: `no pod and no workload has ${selectorWords(policy.podSelector)}`,
  };
}

function emptyPeersOf(read: Reader, policy: NetworkPolicy): readonly Odd[] {
  return (['ingress', 'egress'] as const).flatMap((direction) =>
    policy[direction].flatMap(({ peers }, rule) =>
      peers.flatMap((peer, index): Odd[] => {
        const why = emptiness(read, policy.namespace, peer);
        const side = direction === 'ingress' ? 'from' : 'to';
        return why ? [{ policy, path: `spec.${direction}[${rule}].${side}[${index}]`, why }] : [];
      }),
    ),
  );
}

/** More namespaces than this are too many to say that a pod selector is a slip in all of them. */
const MOST_NAMESPACES = 20;

/** Why a peer matches nothing; null where it matches something, or may when pods come that are not there yet. */
function emptiness(read: Reader, home: string, peer: PolicyPeer): string | null {
  const { namespaceSelector, podSelector } = peer;
  if (peer.ipBlock) return null;
  const spaces = namespaceSelector ? namespacesWith(read, namespaceSelector) : [home];
  if (spaces === null) return null;
  if (spaces.length === 0) return `no namespace matches: ${peerWords(peer)}`;
  if (!podSelector || takesAll(podSelector) || spaces.length > MOST_NAMESPACES || !podsAreKnown(read))
    return null;
  if (isForSolvers(podSelector) || spaces.some((space) => matchesSome(read, space, podSelector))) return null;
  const slip = slipOf(
    podSelector,
    spaces.flatMap((space) => templates(read, space)),
  );
  return slip && `no pod matches: ${peerWords(peer)}; ${slip}`;
}

/** Names of the namespaces that match; null where they cannot be read. */
function namespacesWith(read: Reader, selector: LabelSelector): readonly string[] | null {
  const all = members(read, 'namespaces-all', '');
  if (!known(read, 'namespaces').known || all.length === 0) return null;
  return all
    .filter((key) => {
      const { name } = splitKey(key);
      const labels = object(read, 'namespaces', key)?.labels ?? {};
      return matchesSelector(selector, { ...labels, 'kubernetes.io/metadata.name': name });
    })
    .map((key) => splitKey(key).name);
}

/** A value that differs by a slip from one that exists: pods of Jobs and of the future are not mistaken for one. */
function slipOf({ matchLabels }: LabelSelector, labels: readonly Labels[]): string | null {
  for (const [key, value] of Object.entries(matchLabels)) {
    const there = labels.flatMap((one) => (Object.hasOwn(one, key) ? (one[key] ?? []) : []));
    const near = there.includes(value) ? null : nearest(value, there);
    if (near !== null) return `there is ${key}=${near}`;
  }
  return null;
}
