'use client';

import type { SetViewState, ViewState } from '@/components/chrome/view-state';
import { ViewSwitch } from '@/components/chrome/view-switch';
import { StatusMark } from '@/components/ui/status-mark';
import type { Summary } from '@/lib/topology/model';
import { STATUS_WORD, STATUSES } from '@/lib/topology/status-words';

interface Props {
  readonly view: ViewState;
  readonly setView: SetViewState;
  readonly summary: Summary;
}

const FILTERS = ['namespace', 'host', 'class', 'controller', 'service', 'status'] as const;

/** What was seen, in counts, what it was narrowed to, and picture or list. */
export function FrozenTools({ view, setView, summary }: Props) {
  const narrowed = FILTERS.flatMap((key) => view[key].map((value) => `${key} ${value}`));
  if (view.q !== '') narrowed.push(`“${view.q}”`);
  return (
    <section
      aria-label="View"
      className="flex shrink-0 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line bg-panel px-3 py-1.5 text-xs"
    >
      <p className="flex flex-wrap items-center gap-x-3">
        <span className="eyebrow">Hosts of the cluster</span>
        {STATUSES.filter((status) => summary.hosts[status] > 0).map((status) => (
          <span key={status} className="flex items-center gap-1.5">
            <StatusMark status={status} size={14} />
            <span className="font-semibold tabular-nums">{summary.hosts[status]}</span>
            <span className="text-soft">{status === 'ok' ? 'no fault' : STATUS_WORD[status]}</span>
          </span>
        ))}
      </p>
      {narrowed.length > 0 && (
        <p className="name min-w-0 truncate text-soft" title={narrowed.join(', ')}>
          narrowed to {narrowed.join(', ')}
        </p>
      )}
      <ViewSwitch list={view.show === 'list'} setView={setView} />
    </section>
  );
}
