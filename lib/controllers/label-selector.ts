import type { LabelSelector } from '@/lib/kube/objects';

type Expression = LabelSelector['matchExpressions'][number];

const NAME = '[A-Za-z0-9](?:[A-Za-z0-9_./-]*[A-Za-z0-9])?';
const SET = new RegExp(`^(${NAME})\\s+(in|notin)\\s*\\(([^()]*)\\)$`);
const EQUAL = new RegExp(`^(${NAME})\\s*(==|=|!=)\\s*([A-Za-z0-9_.-]*)$`);
const EXISTS = new RegExp(`^(!?)\\s*(${NAME})$`);

function requirement(text: string): Expression | null {
  const set = SET.exec(text);
  if (set?.[1] && set[3] !== undefined) {
    const values = set[3].split(',').map((value) => value.trim());
    return { key: set[1], operator: set[2] === 'in' ? 'In' : 'NotIn', values };
  }
  const equal = EQUAL.exec(text);
  if (equal?.[1] && equal[3] !== undefined) {
    return { key: equal[1], operator: equal[2] === '!=' ? 'NotIn' : 'In', values: [equal[3]] };
  }
  const exists = EXISTS.exec(text);
  if (exists?.[2])
    return { key: exists[2], operator: exists[1] === '!' ? 'DoesNotExist' : 'Exists', values: [] };
  return null;
}

/** Parses a selector as flags hold it (`a=b,c in (d,e),!f`; apimachinery labels.Parse); `null` when it has another form. */
export function parseLabelSelector(text: string): LabelSelector | null {
  const parts = text.split(/,(?![^(]*\))/).map((part) => part.trim());
  const matchExpressions: Expression[] = [];
  for (const part of parts) {
    const parsed = requirement(part);
    if (!parsed) return null;
    matchExpressions.push(parsed);
  }
  return { matchLabels: {}, matchExpressions };
}
