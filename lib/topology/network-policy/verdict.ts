/** May this end reach that one? Egress of the source and ingress of the target, each by the union of the rules that apply. */
import type { NetworkPolicy } from '@/lib/kube/policy-objects';
import { matchesSelector } from '@/lib/kube/selectors';
import type { Doubt, End, PodEnd } from './ends';
import { type Arrival, allOf, anyOf, type Match, matchesPeers, matchesPorts } from './match';

export type Direction = 'ingress' | 'egress';

/** How one rule of a policy fared. */
export interface RuleMatch {
  readonly policy: NetworkPolicy;
  /** Index in `spec.ingress` or `spec.egress`. */
  readonly rule: number;
  readonly peers: Match;
  readonly ports: boolean;
}

export type PolicyVerdict =
  | { readonly state: 'allowed' }
  | {
      readonly state: 'blocked';
      readonly direction: Direction;
      /** The policies that isolate the pod, none of which lets this through. */
      readonly policies: readonly NetworkPolicy[];
      readonly rules: readonly RuleMatch[];
    }
  | {
      readonly state: 'unknown';
      readonly direction: Direction;
      readonly policies: readonly NetworkPolicy[];
      readonly doubt: Doubt;
    };

export const ALLOWED: PolicyVerdict = { state: 'allowed' };

/** Policies of the pod's own namespace that isolate it in a direction. */
export function isolating(
  policies: readonly NetworkPolicy[],
  direction: Direction,
  pod: Pick<PodEnd, 'namespace' | 'labels'>,
): readonly NetworkPolicy[] {
  return policies.filter(
    (policy) =>
      (direction === 'ingress' ? policy.isolatesIngress : policy.isolatesEgress) &&
      policy.namespace === pod.namespace &&
      matchesSelector(policy.podSelector, pod.labels),
  );
}

function judge(
  direction: Direction,
  policies: readonly NetworkPolicy[],
  subject: PodEnd,
  other: End,
  arrival: Arrival,
): PolicyVerdict {
  const selecting = isolating(policies, direction, subject);
  if (selecting.length === 0) return ALLOWED;
  const rules = selecting.flatMap((policy) =>
    policy[direction].map((rule, index): RuleMatch => {
      const peers = matchesPeers(rule, policy.namespace, other);
      return { policy, rule: index, peers, ports: matchesPorts(rule, arrival) };
    }),
  );
  const match = anyOf(rules.map(({ peers, ports }) => allOf(peers, ports ? 'yes' : 'no')));
  if (match === 'yes') return ALLOWED;
  const doubt = doubtOf(direction, subject, other, match);
  if (doubt) return { state: 'unknown', direction, policies: selecting, doubt };
  return { state: 'blocked', direction, policies: selecting, rules };
}

/** Why a direction that no rule surely opens cannot be called closed; null when it can. */
function doubtOf(direction: Direction, subject: PodEnd, other: End, match: Match): Doubt | null {
  const source = direction === 'ingress' ? other : subject;
  const target = direction === 'ingress' ? subject : other;
  if (target.kind === 'pod' && target.hostNetwork) return 'host-network-target';
  // Of a pod on its node's network it is the CNI that decides: even a policy without rules lets the pod's own node in.
  if (source.kind === 'pod' && source.hostNetwork) return 'host-network-source';
  if (source.kind === 'pod' && target.kind === 'pod' && source.ambient && target.ambient)
    return 'ambient-mesh';
  return match === 'no' || match === 'yes' ? null : match;
}

/** Whether the target's policies let the source in. @param policies of the target's namespace, at least */
export function admits(policies: readonly NetworkPolicy[], from: End, arrival: Arrival): PolicyVerdict {
  return arrival.to.kind === 'pod' ? judge('ingress', policies, arrival.to, from, arrival) : ALLOWED;
}

/** Whether the source's policies let it out. @param policies of the source's namespace, at least */
export function releases(policies: readonly NetworkPolicy[], from: End, arrival: Arrival): PolicyVerdict {
  return from.kind === 'pod' ? judge('egress', policies, from, arrival.to, arrival) : ALLOWED;
}

const STATES: readonly PolicyVerdict['state'][] = ['blocked', 'unknown', 'allowed'];

/**
 * Both directions: what either closes is closed. Replies need no rule of their own (NetworkPolicy concepts).
 * @param policies of both namespaces, at least
 */
export function mayReach(policies: readonly NetworkPolicy[], from: End, arrival: Arrival): PolicyVerdict {
  const verdicts = [admits(policies, from, arrival), releases(policies, from, arrival)];
  return verdicts.sort((a, b) => STATES.indexOf(a.state) - STATES.indexOf(b.state))[0] ?? ALLOWED;
}
