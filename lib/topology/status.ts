import type { Status } from './model';

/** Worst first. `unknown` outranks `ok` and `pending`: not knowing must never read as green. */
const ORDER: readonly Status[] = ['broken', 'degraded', 'warning', 'unknown', 'pending', 'ok'];

/** The worse of two statuses. */
export function worse(a: Status, b: Status): Status {
  return ORDER.indexOf(a) <= ORDER.indexOf(b) ? a : b;
}

/** Sort rank, worst first. */
export function statusRank(status: Status): number {
  return ORDER.indexOf(status);
}

/** The worst of several; `ok` when there are none. */
export function worst(statuses: Iterable<Status>): Status {
  let result: Status = 'ok';
  for (const status of statuses) result = worse(result, status);
  return result;
}
