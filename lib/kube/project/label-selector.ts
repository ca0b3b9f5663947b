import type { LabelSelector } from '@/lib/kube/objects';
import type { Interner } from './interner';
import { labels } from './meta';
import { list, record, text, texts } from './raw';

const NONE: readonly never[] = Object.freeze([]);

/** A metav1.LabelSelector; what is no object reads as the empty one, which matches all. */
export function labelSelector(value: unknown, interner: Interner): LabelSelector {
  const raw = record(value);
  const expressions = list(raw.matchExpressions).map((entry) => {
    const expression = record(entry);
    return {
      key: text(expression.key),
      operator: text(expression.operator),
      values: texts(expression.values),
    };
  });
  return {
    matchLabels: labels(raw.matchLabels, interner),
    matchExpressions: expressions.length === 0 ? NONE : expressions,
  };
}

/** The same where an absent selector means something else than an empty one. */
export function optionalSelector(value: unknown, interner: Interner): LabelSelector | null {
  return typeof value === 'object' && value !== null ? labelSelector(value, interner) : null;
}
