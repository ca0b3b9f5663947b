import type { LabelSelector, Labels } from './objects';

/** Whether every pair of an equality selector (a Service's) is among the labels; an empty selector matches nothing here. */
export function matchesLabels(selector: Labels, labels: Labels): boolean {
  const keys = Object.keys(selector);
  return keys.length > 0 && keys.every((key) => label(labels, key) === selector[key]);
}

/** LabelSelector semantics of apimachinery: all requirements must hold; the empty selector matches everything. */
export function matchesSelector(selector: LabelSelector, labels: Labels): boolean {
  for (const [key, value] of Object.entries(selector.matchLabels))
    if (label(labels, key) !== value) return false;
  return selector.matchExpressions.every(({ key, operator, values }) => {
    const value = label(labels, key);
    if (operator === 'In') return value !== undefined && values.includes(value);
    if (operator === 'NotIn') return value === undefined || !values.includes(value);
    if (operator === 'Exists') return value !== undefined;
    if (operator === 'DoesNotExist') return value === undefined;
    return false;
  });
}

/** A label by name; names such as `constructor` are plain labels here. */
function label(labels: Labels, key: string): string | undefined {
  return Object.hasOwn(labels, key) ? labels[key] : undefined;
}
