import type { Status, Summary } from '@/lib/topology/model';
import { count } from '@/lib/topology/text';

export interface AllClear {
  readonly status: Status;
  readonly title: string;
  readonly more: string;
}

/** What may be said where the view has no problem: of all chains only when the cluster has none elsewhere. */
export function allClear({ hosts }: Pick<Summary, 'hosts'>): AllClear {
  const elsewhere = hosts.broken + hosts.degraded;
  if (elsewhere === 0)
    return {
      status: 'ok',
      title: 'No fault found',
      more: 'in any chain. Whether traffic flows is not measured.',
    };
  return {
    status: hosts.broken > 0 ? 'broken' : 'degraded',
    title: 'No fault in what is shown',
    more: `but ${count(elsewhere, 'host')} elsewhere ${elsewhere === 1 ? 'is' : 'are'} at fault.`,
  };
}
