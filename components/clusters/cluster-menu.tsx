'use client';

import { Menu } from '@base-ui/react/menu';
import { Check, ChevronDown } from 'lucide-react';
import { STATUS_TEXT } from '@/components/ui/status';
import { StatusMark } from '@/components/ui/status-mark';
import type { ClusterInfo } from '@/lib/topology/model';
import type { ClusterEntry } from '@/lib/wire/clusters';
import { ENVIRONMENT_BAR, ENVIRONMENT_TEXT, standingOf } from './words';

/** With a longer one there is no room for more on a small screen; the menu says it. */
const LONG_NAME = 14;

interface Props {
  /** What is drawn. */
  readonly cluster: ClusterInfo;
  readonly clusters: readonly ClusterEntry[];
  readonly open: boolean;
  readonly onOpen: (open: boolean) => void;
  readonly onPick: (cluster: ClusterEntry) => void;
}

/** Which cluster one looks at, and the way to the others. */
export function ClusterMenu({ cluster, clusters, open, onOpen, onPick }: Props) {
  const current = clusters.find(({ id }) => id === cluster.id);
  const environment = current?.environment ?? cluster.environment ?? 'other';
  const pick = (id: string) => {
    const to = clusters.find((one) => one.id === id);
    onOpen(false);
    if (to) onPick(to);
  };
  return (
    <Menu.Root open={open} onOpenChange={onOpen} modal={false}>
      <Menu.Trigger
        aria-keyshortcuts="c"
        title={`${cluster.name}: switch cluster (c)`}
        className="flex h-9 min-w-0 items-center gap-1.5 rounded-lg border border-line px-2.5 text-sm hover:border-line-strong"
      >
        <span className="sr-only">Cluster </span>
        <bdi className={`min-w-0 truncate font-semibold ${ENVIRONMENT_TEXT[environment]}`}>
          {cluster.name}
        </bdi>
        {environment !== 'other' && (
          <span
            className={`shrink-0 text-xs text-quiet ${cluster.name.length > LONG_NAME ? 'max-lg:sr-only' : ''}`}
          >
            {' '}
            {environment}
          </span>
        )}
        <ChevronDown size={14} aria-hidden="true" className="shrink-0 text-quiet" />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner sideOffset={4} align="start" className="z-40">
          <Menu.Popup
            aria-label="Clusters"
            className="max-h-[70vh] w-[min(24rem,calc(100vw-1rem))] overflow-auto rounded-xl border border-line bg-panel p-1 shadow-float outline-none"
          >
            <Menu.RadioGroup value={cluster.id} onValueChange={pick}>
              {clusters.map((entry) => (
                <Row key={entry.id} entry={entry} />
              ))}
            </Menu.RadioGroup>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

function Row({ entry }: { readonly entry: ClusterEntry }) {
  const { status, words } = standingOf(entry);
  return (
    <Menu.RadioItem
      value={entry.id}
      closeOnClick
      label={entry.name}
      className="flex min-h-11 cursor-pointer items-center gap-2.5 rounded-lg py-1.5 pr-2.5 pl-2 text-xs outline-none data-highlighted:bg-accent-soft"
    >
      <span
        aria-hidden="true"
        className={`w-1 shrink-0 self-stretch rounded-full ${ENVIRONMENT_BAR[entry.environment]}`}
      />
      <StatusMark status={status} size={14} />
      <span className="name min-w-0 flex-1">
        <bdi className="block text-sm font-semibold wrap-anywhere">{entry.name}</bdi>
        <span className="block truncate text-quiet">
          {entry.environment === 'other' ? '' : `${entry.environment} · `}
          <span className={status === 'ok' ? '' : STATUS_TEXT[status]}>{words}</span>
        </span>
      </span>
      <Menu.RadioItemIndicator className="shrink-0 text-accent">
        <Check size={16} aria-hidden="true" />
      </Menu.RadioItemIndicator>
    </Menu.RadioItem>
  );
}
