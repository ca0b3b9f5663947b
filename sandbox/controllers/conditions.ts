/* Status conditions: the transition time moves only when the status does. */
import type { Condition } from './shapes';

/** Sets a condition in a copy of the list. */
export function withCondition(
  list: readonly Condition[] | undefined,
  next: Condition,
  time: string,
): Condition[] {
  const old = list?.find((condition) => condition.type === next.type);
  const unchanged =
    old && old.status === next.status && old.reason === next.reason && old.message === next.message;
  if (list && unchanged) return [...list];
  const condition: Condition = {
    ...next,
    lastTransitionTime: old?.status === next.status ? (old.lastTransitionTime ?? time) : time,
  };
  if (!old) return [...(list ?? []), condition];
  return (list ?? []).map((entry) => (entry === old ? condition : entry));
}

/** The status of one condition: True, False, Unknown, or undefined. */
export function conditionStatus(list: readonly Condition[] | undefined, type: string): string | undefined {
  return list?.find((condition) => condition.type === type)?.status;
}

/** True if the pod's (or node's) Ready condition is True. */
export function isReady(object: { status?: { conditions?: Condition[] } }): boolean {
  return conditionStatus(object.status?.conditions, 'Ready') === 'True';
}
