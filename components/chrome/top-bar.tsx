'use client';

import { CircleHelp, History, Search, Share2 } from 'lucide-react';
import { type Switching, useSwitcher } from '@/components/clusters/switcher';
import type { Link } from '@/components/data/protocol';
import type { ClusterInfo } from '@/lib/topology/model';
import type { SignedIn } from '@/lib/wire/sign-in';
import { Account } from './account';
import { ClusterName } from './cluster-name';
import { ConnectionBadge } from './connection-badge';
import { ThemeToggle } from './theme-toggle';

interface Props {
  readonly link: Link;
  readonly cluster: ClusterInfo | null;
  readonly switching: Switching;
  /** null where nobody signs in. */
  readonly signedIn: SignedIn | null;
  /** Whether what is shown is now. */
  readonly live: boolean;
  readonly onSearch: () => void;
  readonly onHelp: () => void;
  /** null while there is nothing to share. */
  readonly onShare: (() => void) | null;
}

export function TopBar({ link, cluster, switching, signedIn, live, onSearch, onHelp, onShare }: Props) {
  const switcher = useSwitcher(cluster, switching);
  return (
    <header className="relative flex h-13 shrink-0 items-center gap-3 border-b border-line bg-panel pr-2 pl-5">
      <h1 className="shrink-0 text-[15px] font-bold tracking-tight max-sm:sr-only">Ingress Atlas</h1>
      <ClusterName cluster={cluster}>{switcher}</ClusterName>
      {live ? (
        <ConnectionBadge link={link} cluster={cluster} />
      ) : (
        <p className="flex shrink-0 items-center gap-1.5 rounded-full bg-kept-soft px-2.5 py-0.5 text-xs font-semibold text-kept">
          <History size={14} aria-hidden="true" />
          past
        </p>
      )}
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
        <button
          type="button"
          onClick={() => onShare?.()}
          disabled={onShare === null}
          aria-keyshortcuts="s"
          title="Freeze this moment into a link (s)"
          className="ml-1.5 flex h-9 items-center gap-2 rounded-lg bg-accent-fill px-3 text-xs font-semibold text-accent-text disabled:opacity-50"
        >
          <Share2 size={15} aria-hidden="true" />
          <span className="max-sm:sr-only">Share</span>
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
        <Account signedIn={signedIn} />
      </div>
    </header>
  );
}
