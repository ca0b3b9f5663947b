/** Policies of other kinds than NetworkPolicy: read to know whose pods they concern, not evaluated. */
import type { AuthorizationPolicy } from '@/lib/kube/mesh-objects';
import type { KindName, LabelSelector, Labels } from '@/lib/kube/objects';
import type { Ref } from '@/lib/kube/refs';
import { refOf } from '@/lib/kube/resources';
import { matchesLabels, matchesSelector } from '@/lib/kube/selectors';
import type { Query, Reader } from '@/lib/state/cells';
import { splitMember } from '@/lib/state/store';
import { ROOT_NAMESPACE } from './mesh';
import type { NamespaceLabels } from './network-policy/ends';
import { known, members, object } from './reads';

/** Kinds of network plugins and administrators; Istio's stand apart, since they bind pods of the mesh alone. */
const BARRIER_KINDS = [
  'ciliumnetworkpolicies',
  'ciliumclusterwidenetworkpolicies',
  'caliconetworkpolicies',
  'calicoglobalnetworkpolicies',
  'adminnetworkpolicies',
  'baselineadminnetworkpolicies',
] as const satisfies readonly KindName[];

type BarrierKind = (typeof BARRIER_KINDS)[number];

/** A policy, or a rule of one, that may keep traffic from the pods that both selectors take; null: cannot be told. */
interface Barrier {
  readonly ref: Ref;
  readonly pods: LabelSelector | null;
  readonly namespaces: LabelSelector | null;
}

/** Pods that policies are held against. */
export interface Target {
  readonly namespace: string;
  readonly labels: Labels;
  /** False: they may have other labels than these. */
  readonly complete: boolean;
  readonly namespaceLabels: NamespaceLabels;
}

/** A policy that is for given pods; not sure: it cannot be told whether it is. */
export interface Concern {
  readonly ref: Ref;
  readonly sure: boolean;
}

const EVERY: LabelSelector = { matchLabels: {}, matchExpressions: [] };

function barriersOf(read: Reader, kind: BarrierKind, key: string): readonly Barrier[] {
  if (!known(read, kind).known) return [];
  if (kind === 'ciliumnetworkpolicies' || kind === 'ciliumclusterwidenetworkpolicies') {
    const policy = object(read, kind, key);
    if (!policy) return [];
    const ref = refOf(kind, policy.namespace, policy.name, policy.uid);
    return policy.rules.flatMap(({ pods, ingress }) => (ingress ? [{ ref, pods, namespaces: EVERY }] : []));
  }
  const policy = object(read, kind, key);
  if (!policy?.ingress) return [];
  const { pods, namespaces } = policy;
  return [{ ref: refOf(kind, policy.namespace, policy.name, policy.uid), pods, namespaces }];
}

/** What may keep traffic from pods of a namespace; '' is what is for the whole cluster. */
const barriers: Query<readonly Barrier[]> = {
  name: 'foreign-barriers',
  level: 1,
  compute: (read, namespace) =>
    members(read, 'foreign-policies-of-namespace', namespace).flatMap((member) => {
      const { kind, key } = splitMember(member);
      return barriersOf(read, kind as BarrierKind, key);
    }),
};

/** AuthorizationPolicies of a namespace that can refuse anything: no rule matches nothing, AUDIT only writes a log. */
const authorizations: Query<readonly AuthorizationPolicy[]> = {
  name: 'authorization-policies',
  level: 1,
  compute: (read, namespace) => {
    if (!known(read, 'authorizationpolicies').known) return [];
    return members(read, 'authorization-policies-of-namespace', namespace).flatMap((key) => {
      const policy = object(read, 'authorizationpolicies', key);
      const idle = policy && policy.action !== 'ALLOW' && (policy.action === 'AUDIT' || policy.rules === 0);
      return policy && !idle ? [policy] : [];
    });
  },
};

/** Asked for each backend, and mostly `false`: remembered by namespace, it is one thing to look up. */
const concerned: Query<boolean> = {
  name: 'foreign-policies-here',
  level: 2,
  compute: (read, namespace) =>
    [namespace, ''].some((home) => read.query(barriers, home).length > 0) ||
    [namespace, ROOT_NAMESPACE].some((home) => read.query(authorizations, home).length > 0),
};

/** Whether any policy of another kind may be for pods of this namespace. Of level 2. */
export function mayBeConcerned(read: Reader, namespace: string): boolean {
  return read.query(concerned, namespace);
}

type Choice = 'yes' | 'no' | 'maybe';

/** Whether a selector takes labels; where more labels may be there, only another value for the same key keeps them out. */
function choice(selector: LabelSelector | null, labels: Labels, complete: boolean): Choice {
  if (selector === null) return 'maybe';
  const { matchLabels, matchExpressions } = selector;
  const pairs = Object.entries(matchLabels);
  if (pairs.length === 0 && matchExpressions.length === 0) return 'yes';
  if (complete) return matchesSelector(selector, labels) ? 'yes' : 'no';
  const told = (key: string) => (Object.hasOwn(labels, key) ? labels[key] : undefined);
  const differs =
    pairs.some(([key, value]) => (told(key) ?? value) !== value) ||
    matchExpressions.some(
      ({ key, operator, values }) => operator === 'In' && !values.includes(told(key) ?? values[0] ?? ''),
    );
  return differs ? 'no' : 'maybe';
}

/** Policies of network plugins and administrators for these pods. Cilium gives pods their namespace as a label. */
export function barriersTo(read: Reader, to: Target): readonly Concern[] {
  const labels = { ...to.labels, 'io.kubernetes.pod.namespace': to.namespace };
  const home = to.namespaceLabels;
  return [to.namespace, ''].flatMap((place) =>
    read.query(barriers, place).flatMap(({ ref, pods, namespaces }): Concern[] => {
      const choices = [choice(pods, labels, to.complete), choice(namespaces, home.labels, home.complete)];
      return choices.includes('no') ? [] : [{ ref, sure: !choices.includes('maybe') }];
    }),
  );
}

/**
 * AuthorizationPolicies for these pods of the mesh (Istio reference, AuthorizationPolicy): by selector, in the root namespace
 * for every namespace; attached ones only where they name the Service. Where one ALLOW takes every request, others cannot refuse.
 */
export function authorizationsTo(read: Reader, to: Target, service: string): readonly Concern[] {
  const found = [...new Set([to.namespace, ROOT_NAMESPACE])]
    .flatMap((place) => read.query(authorizations, place))
    .flatMap((policy) => {
      const chosen = chosenBy(policy, to, service);
      return chosen === 'no' ? [] : [{ policy, sure: chosen === 'yes' }];
    });
  const open = found.some(({ policy, sure }) => sure && policy.action === 'ALLOW' && policy.matchesAll);
  return found
    .filter(({ policy }) => policy.action !== 'ALLOW' || !(open || policy.matchesAll))
    .map(({ policy: { namespace, name, uid }, sure }) => ({
      ref: refOf('authorizationpolicies', namespace, name, uid),
      sure,
    }));
}

function chosenBy(
  { namespace, targets, selector }: AuthorizationPolicy,
  to: Target,
  service: string,
): Choice {
  if (targets.length > 0) {
    const named = targets.some(({ kind, name }) => kind === 'Service' && name === service);
    return named && namespace === to.namespace ? 'maybe' : 'no';
  }
  if (selector === null) return 'yes';
  if (to.complete) return matchesLabels(selector, to.labels) ? 'yes' : 'no';
  return choice({ matchLabels: selector, matchExpressions: [] }, to.labels, false);
}
