import type { RecognisedWorkload } from '@/lib/controllers/types';

/** Whether two controllers certainly see some Ingress both: selectors and unreadable scopes are not judged. */
export function overlap(a: RecognisedWorkload, b: RecognisedWorkload): boolean {
  if ([a, b].some((one) => one.watchNamespaceSelector || one.ingressSelector || one.unreadable.length > 0))
    return false;
  const [left, right] = [a.watchNamespaces, b.watchNamespaces];
  if (left === 'unknown' || right === 'unknown') return false;
  if (left === null) return right === null || right.some((name) => !a.ignoredNamespaces.includes(name));
  if (right === null) return left.some((name) => !b.ignoredNamespaces.includes(name));
  return left.some((name) => right.includes(name));
}
