/** Words of statuses: what colour and shape say, said. */
import type { Status } from './model';

export const STATUS_WORD: Readonly<Record<Status, string>> = {
  ok: 'no fault found',
  warning: 'warning',
  degraded: 'degraded',
  broken: 'broken',
  unknown: 'not known',
  pending: 'pending',
};

export const STATUSES: readonly Status[] = ['broken', 'degraded', 'warning', 'unknown', 'pending', 'ok'];

/** A status of a newer server reads as "not known", never as green. */
export function knownStatus(status: string): Status {
  return STATUSES.find((known) => known === status) ?? 'unknown';
}
