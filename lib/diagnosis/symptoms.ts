import type { Affected } from '@/lib/topology/model';
import { addressOf, type Rule } from '@/lib/topology/rules';

/** Rules as findings name them, with the answer that a user gets. */
export function affected(
  rules: readonly Pick<Rule, 'hostId' | 'id'>[],
  answer: number | null,
): readonly Affected[] {
  return rules.map((rule) => ({ host: rule.hostId, rule: rule.id, answer }));
}

/** The symptom in a user's words: `www.example.org/watch → 503`. */
export function symptomTitle(rules: readonly Rule[], outcome: number | string, otherwise: string): string {
  const first = [...rules].sort(
    (a, b) => Number(a.isDefault) - Number(b.isDefault) || compare(addressOf(a), addressOf(b)),
  )[0];
  return first ? `${addressOf(first)} → ${outcome}` : otherwise;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
