/** How much a closed way counts: `broken` only where policies hold for certain (TRUTH "NetworkPolicy"). */
import type { NetworkPolicy } from '@/lib/kube/policy-objects';
import type { Reader } from '@/lib/state/cells';
import type { Severity, Status } from '@/lib/topology/model';
import type { Direction } from '@/lib/topology/network-policy/verdict';
import { enforcement, foreignPolicies } from '@/lib/topology/policy-enforcement';

export interface Weight {
  readonly severity: Severity;
  /** Unknown where nothing can be seen of what enforces policies, or of what they would harm. */
  readonly state: 'open' | 'unknown';
  readonly status: Status;
  /** False: it would be blocked if policies hold. */
  readonly certain: boolean;
  /** Words for the detail, with what speaks against it. */
  readonly words: string;
}

/**
 * The weight of what these policies close; null where policies have no effect. Another kind of policy may admit what they do
 * not (Cilium, Calico, AdminNetworkPolicy): a namespace whose NetworkPolicies only deny may keep its permissions there.
 */
export function weightOf(
  read: Reader,
  policies: readonly NetworkPolicy[],
  direction: Direction,
): Weight | null {
  const { state, seen, by, reason } = read.query(enforcement, '');
  if (state === 'not-enforced') return null;
  const would = { severity: 'warning', state: 'open', status: 'warning', certain: false } as const;
  if (!seen) return unseen({ ...would, words: `if policies hold here: ${reason}` });
  if (state === 'unknown') return { ...would, words: `if policies hold here: ${reason}` };
  const { opener } = read.query(foreignPolicies, '');
  const elsewhere = opener !== '' && policies.every((policy) => policy[direction].length === 0);
  if (elsewhere)
    return {
      ...would,
      words: `${by} enforces it unless a ${opener} allows it, which is not evaluated`,
    };
  return {
    severity: 'broken',
    state: 'open',
    status: 'broken',
    certain: true,
    words: opener === '' ? `${by} enforces it` : `${by} enforces it (${opener} objects are not evaluated)`,
  };
}

/** The same where only a part is closed. */
export function partly(weight: Weight): Weight {
  return weight.certain ? { ...weight, severity: 'degraded', status: 'degraded' } : weight;
}

/** The same where it cannot be seen whether it matters. */
export function unseen(weight: Weight): Weight {
  return { ...weight, severity: 'warning', state: 'unknown', status: 'unknown', certain: false };
}
