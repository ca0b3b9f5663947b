'use client';

import { Command } from 'cmdk';
import { StatusMark } from '@/components/ui/status-mark';
import type { ClusterEntry } from '@/lib/wire/clusters';
import { standingOf } from './words';

/** Whether every word that was typed is in the cluster's name or says what it is. */
export function isMeant({ name, environment }: ClusterEntry, text: string): boolean {
  const haystack = `switch to cluster ${name} ${environment}`.toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => haystack.includes(word));
}

/** Another cluster among what was found. */
export function ClusterRow({
  cluster,
  onPick,
}: {
  readonly cluster: ClusterEntry;
  readonly onPick: () => void;
}) {
  const { status, words } = standingOf(cluster);
  return (
    <Command.Item
      value={`cluster:${cluster.id}`}
      onSelect={onPick}
      className="flex cursor-pointer items-center gap-2.5 rounded-lg px-3 py-2 text-xs data-[selected=true]:bg-accent-soft"
    >
      <StatusMark status={status} size={14} />
      <span className="name min-w-0 flex-1">
        <span className="block truncate text-sm font-medium">{cluster.name}</span>
        <span className="block truncate text-quiet">
          Switch to this cluster{cluster.environment === 'other' ? '' : ` · ${cluster.environment}`} · {words}
        </span>
      </span>
    </Command.Item>
  );
}
