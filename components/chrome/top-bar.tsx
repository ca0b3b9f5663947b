'use client';

import { CircleHelp, Search } from 'lucide-react';
import type { Link } from '@/components/data/protocol';
import { environmentOf } from '@/lib/topology/environment';
import type { ClusterInfo } from '@/lib/topology/model';
import { ConnectionBadge } from './connection-badge';
import { ThemeToggle } from './theme-toggle';

interface Props {
  readonly link: Link;
  readonly cluster: ClusterInfo | null;
  readonly onSearch: () => void;
  readonly onHelp: () => void;
}

const BAR = {
  production: 'bg-broken',
  staging: 'bg-warning',
  development: 'bg-ok',
  other: 'bg-pending',
} as const;

const NAME = {
  production: 'text-broken',
  staging: 'text-warning',
  development: 'text-ok',
  other: 'text-pending',
} as const;

export function TopBar({ link, cluster, onSearch, onHelp }: Props) {
  const environment = environmentOf(cluster?.name ?? '');
  return (
    <header className="relative flex h-13 shrink-0 items-center gap-3 border-b border-line bg-panel pr-2 pl-5">
      <span
        aria-hidden="true"
        className={`absolute inset-y-0 left-0 w-1.5 ${cluster ? BAR[environment] : 'bg-line'}`}
      />
      <h1 className="shrink-0 text-[15px] font-bold tracking-tight max-sm:sr-only">Ingress Atlas</h1>
      {cluster && (
        <p className={`name min-w-0 truncate font-semibold ${NAME[environment]}`} title={cluster.name}>
          <span className="sr-only">Cluster </span>
          {cluster.name}
        </p>
      )}
      <ConnectionBadge link={link} cluster={cluster} />
      <div className="ml-auto flex shrink-0 items-center gap-0.5">
        <button
          type="button"
          onClick={onSearch}
          aria-keyshortcuts="/ Control+K"
          className="flex h-9 items-center gap-2 rounded-lg border border-line bg-canvas px-2.5 text-xs text-quiet hover:border-line-strong hover:text-text lg:w-64"
        >
          <Search size={15} aria-hidden="true" />
          <span className="flex-1 text-left max-lg:sr-only">Search everything</span>
          <kbd className="rounded border border-line bg-panel px-1.5 font-sans text-xs max-lg:hidden">/</kbd>
        </button>
        <ThemeToggle />
        <button
          type="button"
          onClick={onHelp}
          title="Keyboard and signs (?)"
          aria-label="Keyboard and signs"
          className="grid size-9 place-items-center rounded-lg text-soft hover:bg-hover hover:text-text max-sm:hidden"
        >
          <CircleHelp size={17} aria-hidden="true" />
        </button>
      </div>
    </header>
  );
}
