'use client';

import { Snowflake } from 'lucide-react';
import { ClusterName } from '@/components/chrome/cluster-name';
import { ThemeToggle } from '@/components/chrome/theme-toggle';
import type { ClusterInfo } from '@/lib/topology/model';

/** The head of a page that is not live: in place of how fresh the data are stands that they are frozen. */
export function FrozenBar({ cluster }: { readonly cluster: ClusterInfo }) {
  return (
    <header className="relative flex h-13 shrink-0 items-center gap-3 border-b border-line bg-panel pr-2 pl-5">
      <h1 className="shrink-0 text-[15px] font-bold tracking-tight max-sm:sr-only">Ingress Atlas</h1>
      <ClusterName cluster={cluster} />
      <p className="flex shrink-0 items-center gap-1.5 rounded-full bg-kept-soft px-2.5 py-0.5 text-xs font-semibold text-kept">
        <Snowflake size={14} aria-hidden="true" />
        frozen
      </p>
      <div className="ml-auto flex shrink-0 items-center">
        <ThemeToggle />
      </div>
    </header>
  );
}
