'use client';

import { X } from 'lucide-react';
import dynamic from 'next/dynamic';
import { StatusMark } from '@/components/ui/status-mark';
import type { Status, Topology } from '@/lib/topology/model';
import { STATUS_WORD, STATUSES } from '@/lib/topology/status-words';
import type { TopologyState } from '@/lib/wire/reduce';
import { QuickText } from './quick-text';
import { countFilters, NO_FILTERS, type SetViewState, type ViewState } from './view-state';
import { ViewSwitch } from './view-switch';

interface Props {
  readonly view: ViewState;
  readonly setView: SetViewState;
  readonly topology: TopologyState;
  readonly list: boolean;
}

// The picture comes first: what the menus are made of weighs a tenth of the page. `ssr: false`: only they wait for it,
// else all of the page is hidden until it has come.
const FilterMenus = dynamic(() => import('./filter-menus').then((module) => module.FilterMenus), {
  ssr: false,
});

/** What narrows the view, and the switch between picture and list. */
export function FilterBar({ view, setView, topology, list }: Props) {
  const narrowed = countFilters(view);
  return (
    <section
      aria-label="Filters"
      className="relative flex shrink-0 flex-wrap items-center gap-1.5 border-b border-line bg-panel px-3 py-1.5"
    >
      <StatusCounts summary={topology.summary} view={view} setView={setView} />
      <span aria-hidden="true" className="mx-1 h-5 w-px bg-line" />
      <QuickText
        value={view.q}
        onChange={(q) => void setView({ q: q === '' ? null : q }, { history: 'replace' })}
      />
      <FilterMenus view={view} setView={setView} topology={topology} />
      {(['host', 'service'] as const).flatMap((key) =>
        view[key].map((value) => (
          <Chip
            key={`${key}:${value}`}
            label={`${key} ${value}`}
            onRemove={() => void setView({ [key]: view[key].filter((item) => item !== value) })}
          />
        )),
      )}
      {narrowed > 0 && (
        <button
          type="button"
          onClick={() => void setView(NO_FILTERS)}
          className="rounded-md px-2 py-1 text-xs font-medium text-accent hover:bg-hover"
        >
          Clear filters
        </button>
      )}
      <ViewSwitch list={list} setView={setView} />
    </section>
  );
}

interface CountsProps {
  readonly summary: Topology['summary'];
  readonly view: ViewState;
  readonly setView: SetViewState;
}

/** Hosts by status; each is also the filter for it. */
function StatusCounts({ summary, view, setView }: CountsProps) {
  const toggle = (status: Status) => {
    const on = view.status.includes(status);
    const next = on ? view.status.filter((item) => item !== status) : [...view.status, status];
    void setView({ status: next.length === 0 ? null : next });
  };
  const shown = STATUSES.filter((status) => summary.hosts[status] > 0 || view.status.includes(status));
  return (
    <fieldset className="flex items-center gap-0.5">
      <legend className="sr-only">Hosts by status</legend>
      <span aria-hidden="true" className="eyebrow pr-1">
        Hosts
      </span>
      {shown.map((status) => (
        <button
          key={status}
          type="button"
          aria-pressed={view.status.includes(status)}
          onClick={() => toggle(status)}
          title={`Show only: ${STATUS_WORD[status]}`}
          className={`flex h-8 items-center gap-1.5 rounded-lg border px-2 text-xs ${
            view.status.includes(status)
              ? 'border-accent bg-accent-soft'
              : 'border-transparent hover:bg-hover'
          }`}
        >
          <StatusMark status={status} size={14} />
          <span className="font-semibold tabular-nums">{summary.hosts[status]}</span>
          <span
            className={`text-soft max-[1400px]:sr-only ${shown.length > 4 ? 'max-[1599px]:sr-only' : ''}`}
          >
            {status === 'ok' ? 'no fault' : STATUS_WORD[status]}
          </span>
        </button>
      ))}
    </fieldset>
  );
}

export function Chip({ label, onRemove }: { readonly label: string; readonly onRemove: () => void }) {
  return (
    <span className="flex h-8 max-w-80 items-center gap-1 rounded-lg border border-accent bg-accent-soft pl-2.5 text-xs">
      <bdi className="truncate" title={label}>
        {label}
      </bdi>
      <button
        type="button"
        onClick={onRemove}
        aria-label={`Remove ${label}`}
        className="grid size-7 shrink-0 place-items-center text-soft hover:text-text"
      >
        <X size={14} aria-hidden="true" />
      </button>
    </span>
  );
}
