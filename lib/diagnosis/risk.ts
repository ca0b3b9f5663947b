/** What checks of risks have in common: no request fails of a risk, so it never paints. */

import type { KindName } from '@/lib/kube/objects';
import type { Ref } from '@/lib/kube/refs';
import { objectKey, splitKey } from '@/lib/kube/refs';
import { refOf } from '@/lib/kube/resources';
import type { Reader } from '@/lib/state/cells';
import { known, object } from '@/lib/topology/reads';
import type { Found } from './check';
import { draft, type Verdict } from './draft';

/** How many objects an aggregated finding names. */
export const MOST_RELATED = 50;

/** A risk as a check says it. */
export function risk(verdict: Omit<Verdict, 'impact'>): Found {
  return { draft: draft({ ...verdict, impact: 'risk' }) };
}

/** Keys `NS/NAME` by namespace, both sorted. */
export function byNamespace(keys: readonly string[]): readonly (readonly [string, readonly string[]])[] {
  const found = new Map<string, string[]>();
  for (const key of keys) {
    const { namespace } = splitKey(key);
    const list = found.get(namespace);
    if (list) list.push(key);
    else found.set(namespace, [key]);
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** References to the first objects of a kind by key. */
export function refsOf(read: Reader, kind: KindName, keys: readonly string[]): readonly Ref[] {
  return keys.slice(0, MOST_RELATED).map((key) => {
    const { namespace, name } = splitKey(key);
    return refOf(kind, namespace, name, object(read, kind, key)?.uid);
  });
}

/** `a, b, c and 4 more`. */
export function listed(names: readonly string[], most = 3): string {
  const shown = names.slice(0, most).join(', ');
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}

/** `1 Ingress`, `3 Ingresses`. */
export function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** Reference to a namespace, which stands for what concerns many objects in it. */
export function namespaceRef(read: Reader, namespace: string): Ref {
  return refOf('namespaces', '', namespace, object(read, 'namespaces', objectKey('', namespace))?.uid);
}

/** Whether every controller is seen: else a Service may be the way in of one that is not. */
export function controllersSeen(read: Reader): boolean {
  return (['deployments', 'daemonsets', 'statefulsets'] as const).every((kind) => known(read, kind).known);
}
