/** Whether nothing of a node has changed that could be an event: asked at each change of a pod, so without making fields. */
import type { TopologyNode } from '@/lib/topology/model';

/** Keys of `detail` of which events are made (`./node-events`), by kind. */
const KEYS: ReadonlyMap<string, readonly string[]> = new Map([
  [
    'rule',
    ['edits', 'host', 'path', 'pathType', 'ingress', 'class', 'service', 'port', 'tls', 'annotations'],
  ],
  ['service', ['edits', 'ghost', 'type', 'ports', 'selector', 'externalName', 'workloads']],
  ['controller', ['edits', 'image', 'version', 'desired', 'classes', 'settings', 'settingsUnknown']],
  ['loadbalancer', ['addresses', 'ports']],
]);

/** Whether a node tells the same of what people set; its state may have changed. */
export function isUnchanged(before: TopologyNode, after: TopologyNode): boolean {
  const keys = KEYS.get(after.kind) ?? [];
  return keys.every((key) => isEqual(before.detail[key], after.detail[key]));
}

/** Equality of JSON values whose keys stand in the same order; another order reads as a change, which is then looked at. */
function isEqual(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  return JSON.stringify(a) === JSON.stringify(b);
}
