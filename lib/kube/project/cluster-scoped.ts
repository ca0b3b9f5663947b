import type { Namespace, Node } from '@/lib/kube/objects';
import type { Interner } from './interner';
import { meta } from './meta';
import { flag, list, type Raw, record, text } from './raw';

/** A Namespace. */
export function projectNamespace(raw: Raw, interner: Interner): Namespace | null {
  const common = meta(raw, interner);
  return common === null ? null : { ...common, phase: interner.text(text(record(raw.status).phase)) };
}

function isReady(condition: unknown): boolean {
  const { type, status } = record(condition);
  return type === 'Ready' && status === 'True';
}

/** A Node: whether it is ready, and its addresses. Heartbeats are left out, so that they are no change. */
export function projectNode(raw: Raw, interner: Interner): Node | null {
  const common = meta(raw, interner);
  if (common === null) return null;
  const status = record(raw.status);
  return {
    ...common,
    ready: list(status.conditions).some(isReady),
    unschedulable: flag(record(raw.spec).unschedulable),
    addresses: list(status.addresses).map((entry) => ({
      type: text(record(entry).type),
      address: text(record(entry).address),
    })),
  };
}
