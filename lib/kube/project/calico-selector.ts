/** Calico's language of selectors, as far as it says what a LabelSelector can say (Calico reference, "Selectors"). */
import type { LabelSelector } from '@/lib/kube/objects';

type Expression = LabelSelector['matchExpressions'][number];

const ALL: LabelSelector = { matchLabels: {}, matchExpressions: [] };
const KEY = `([\\w./-]{1,317})`;
const TEXT = `(?:"([^"]*)"|'([^']*)')`;
const HAS = new RegExp(`^(!?)\\s*has\\(\\s*${KEY}\\s*\\)$`);
const EQUALS = new RegExp(`^${KEY}\\s*(==|!=)\\s*${TEXT}$`);
/** Labels that Calico itself gives to pods. */
const OWN = /projectcalico\.org\/|^pc(ns|sa)\./;
const LONGEST = 1000;

function requirement(part: string): Expression | null {
  const has = HAS.exec(part);
  if (has) return expression(has[2], has[1] === '!' ? 'DoesNotExist' : 'Exists', []);
  const equals = EQUALS.exec(part);
  if (!equals) return null;
  return expression(equals[1], equals[2] === '==' ? 'In' : 'NotIn', [equals[3] ?? equals[4] ?? '']);
}

function expression(key = '', operator: string, values: readonly string[]): Expression | null {
  return OWN.test(key) || key === '__proto__' ? null : { key, operator, values };
}

/** Requirements joined by `&&`; null for what says more (`||`, sets, prefixes) or asks for Calico's own labels. */
export function calicoSelector(written: string): LabelSelector | null {
  const text = written.trim();
  if (text === '' || text === 'all()') return ALL;
  if (text.length > LONGEST) return null;
  const found: Expression[] = [];
  for (const part of text.split('&&')) {
    const one = requirement(part.trim());
    if (one === null) return null;
    found.push(one);
  }
  return { matchLabels: {}, matchExpressions: found };
}
