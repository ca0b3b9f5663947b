/** Whether a Secret is there, as far as we may look (TRUTH "Unknown is an answer"). */
import type { Secret } from '@/lib/kube/objects';
import type { Reader } from '@/lib/state/cells';
import { coverageOf, object, secretFact } from '@/lib/topology/reads';

export type SecretState =
  | { readonly state: 'present'; readonly secret: Secret }
  | { readonly state: 'missing' }
  | { readonly state: 'unreadable' | 'cold'; readonly reason: string };

/** The Secret with this key (`NS/NAME`), or why there is none to judge. */
export function secretState(read: Reader, key: string): SecretState {
  const secret = object(read, 'secrets', key);
  if (secret) return { state: 'present', secret };
  const coverage = coverageOf(read, 'secrets');
  if (!coverage) return { state: 'cold', reason: 'Secrets have not been read yet' };
  if (coverage.state === 'watched') return { state: 'missing' };
  const fact = secretFact(read, key);
  if (fact?.state === 'missing') return { state: 'missing' };
  if (fact?.state === 'unreadable') return { state: 'unreadable', reason: fact.reason };
  if (coverage.state === 'on-demand')
    return { state: 'cold', reason: 'this Secret has not been asked for yet' };
  return { state: 'unreadable', reason: coverage.reason || `Secrets: ${coverage.state}` };
}
