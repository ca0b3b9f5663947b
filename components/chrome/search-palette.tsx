'use client';

import { Command } from 'cmdk';
import { useEffect, useInsertionEffect, useMemo, useState } from 'react';
import { useClusters } from '@/components/clusters/cluster-store';
import { ClusterRow, isMeant } from '@/components/clusters/palette-row';
import { KindIcon } from '@/components/graph/kind-icon';
import { findingStatus } from '@/components/panels/severity';
import { StatusMark } from '@/components/ui/status-mark';
import type { Finding, TopologyNode } from '@/lib/topology/model';
import type { ClusterEntry } from '@/lib/wire/clusters';
import type { TopologyState } from '@/lib/wire/reduce';
import { type Entry, entriesOf, matching } from './search';
import { PALETTE_BOX, PALETTE_FIELD, PALETTE_VEIL, typedAhead, wasEntered } from './search-stand-in';
import { lendStylesNonce } from './style-nonce';
import { type Distant, useDistant } from './use-distant';

interface Props {
  readonly topology: TopologyState | null;
  readonly onClose: () => void;
  readonly onNode: (node: TopologyNode, drawn: boolean) => void;
  readonly onFinding: (finding: Finding) => void;
  readonly onCluster: (cluster: ClusterEntry) => void;
}

const GROUPS = [
  'Problems',
  'Hosts',
  'Rules',
  'Services',
  'Pods',
  'Others',
  'Risks and notes',
  'Not drawn',
  'Not reachable from outside',
] as const;

const GROUP =
  '[&_[cmdk-group-heading]]:px-3 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:font-semibold [&_[cmdk-group-heading]]:text-quiet';

/** Search over everything, drawn or not. */
export function SearchPalette({ topology, onClose, onNode, onFinding, onCluster }: Props) {
  const [text, setText] = useState(typedAhead);
  // Taken while rendering: the stand-in forgets both when it goes, which is before any effect here.
  const [entered] = useState(wasEntered);
  useEffect(() => {
    // Once the first of what was found is chosen.
    if (entered) setTimeout(pressEnter);
  }, [entered]);
  // Before any effect of the dialog's.
  useInsertionEffect(lendStylesNonce, []);
  const near = useMemo(() => (topology ? entriesOf(topology) : []), [topology]);
  const distant = useDistant(text, topology);
  const found = useMemo(() => matching([...near, ...distant.entries], text), [near, distant.entries, text]);
  const clusters = useClusters((state) => state.list);
  const others = clusters.filter((one) => one.id !== topology?.cluster.id && isMeant(one, text));
  const pick = (entry: Entry) => {
    onClose();
    if (entry.finding) onFinding(entry.finding);
    else if (entry.node) onNode(entry.node, near.includes(entry));
  };
  return (
    <Command.Dialog
      open
      onOpenChange={(next) => !next && onClose()}
      label="Search everything"
      shouldFilter={false}
      overlayClassName={PALETTE_VEIL}
      contentClassName={PALETTE_BOX}
    >
      <Command.Input {...PALETTE_FIELD} value={text} onValueChange={setText} ref={takeFocus} />
      <Command.List className="max-h-[55vh] overflow-y-auto p-2">
        {/* An option, not cmdk's own empty line: a list box without any option is an error to screen readers. */}
        {found.length === 0 && others.length === 0 && (
          <Command.Item disabled value="nothing" className="px-3 py-8 text-center text-xs text-soft">
            {nothingFound(topology !== null, distant.state)}
          </Command.Item>
        )}
        {GROUPS.map((group) => {
          const entries = found.filter((entry) => entry.group === group);
          if (entries.length === 0) return null;
          return (
            <Command.Group key={group} heading={group} className={GROUP}>
              {entries.map((entry) => (
                <Row key={entry.key} entry={entry} onPick={() => pick(entry)} />
              ))}
            </Command.Group>
          );
        })}
        {others.length > 0 && (
          <Command.Group heading="Clusters" className={GROUP}>
            {others.map((cluster) => (
              <ClusterRow
                key={cluster.id}
                cluster={cluster}
                onPick={() => {
                  onClose();
                  onCluster(cluster);
                }}
              />
            ))}
          </Command.Group>
        )}
      </Command.List>
    </Command.Dialog>
  );
}

let field: HTMLInputElement | null = null;

/** As soon as it is there, before the dialog's own effects: the next letter may come in between. */
function takeFocus(input: HTMLInputElement | null): void {
  field = input;
  input?.focus();
}

function pressEnter(): void {
  field?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }));
}

/** What an empty list means: only a search that ended may say that there is nothing. */
function nothingFound(read: boolean, distant: Distant['state']): string {
  if (!read) return 'Nothing of the cluster is here yet.';
  if (distant === 'loading') return 'Looking through the whole cluster …';
  if (distant === 'failed')
    return 'Nothing that is drawn has that name; the rest could not be searched just now.';
  return 'Nothing in this cluster has that name, address or path.';
}

function Row({ entry, onPick }: { readonly entry: Entry; readonly onPick: () => void }) {
  return (
    <Command.Item
      value={entry.key}
      onSelect={onPick}
      className="flex cursor-pointer items-center gap-2.5 rounded-lg px-3 py-2 text-xs data-[selected=true]:bg-accent-soft"
    >
      <StatusMark
        status={entry.finding ? findingStatus(entry.finding) : (entry.node?.status ?? 'unknown')}
        size={14}
      />
      <span className="name min-w-0 flex-1">
        <span className="block truncate text-sm font-medium">{entry.title}</span>
        <span className="block truncate text-quiet">{entry.sub}</span>
      </span>
      {entry.node && <KindIcon kind={entry.node.kind} className="text-quiet" />}
    </Command.Item>
  );
}
