'use client';

import { useMoment } from '@/components/moment/moment';
import { STATUS_TEXT } from '@/components/ui/status';
import { StatusMark } from '@/components/ui/status-mark';
import type { TopologyNode } from '@/lib/topology/model';
import { knownStatus, STATUS_WORD } from '@/lib/topology/status-words';
import { hostAddress } from './addresses';
import { useClusters } from './cluster-store';

interface Props {
  readonly node: TopologyNode;
  /** Whether it stands alone, not in a panel. */
  readonly boxed?: boolean;
}

/** Other clusters that have the same host, with how it is there now. Nothing where there are none. */
export function ElsewhereList({ node, boxed = false }: Props) {
  const live = useMoment().kind === 'live';
  const found = useClusters((state) => state.elsewhere.get(node.id));
  const clusters = useClusters((state) => state.list);
  if (!live || !found) return null;
  return (
    <section
      aria-label="In other clusters"
      className={boxed ? 'rounded-xl border border-line bg-panel px-4 py-3' : undefined}
    >
      <h3 className="eyebrow mb-1">The same host in other clusters</h3>
      <ul className="flex flex-col">
        {found.map(({ cluster, status }) => (
          <li key={cluster.id}>
            <a
              href={hostAddress(node.id, cluster.id, clusters)}
              className="-mx-2 flex w-[calc(100%+1rem)] items-center gap-2 rounded-md px-2 py-1 text-xs hover:bg-hover"
            >
              <StatusMark status={status} size={14} />
              <span className="name min-w-0 flex-1">
                also in cluster <b className="font-semibold">{cluster.name}</b>
              </span>
              <span className={`shrink-0 font-medium ${STATUS_TEXT[knownStatus(status)]}`}>
                {STATUS_WORD[knownStatus(status)]}
              </span>
            </a>
          </li>
        ))}
      </ul>
      <p className="mt-1 text-xs text-quiet">
        Which of them the name leads to, DNS decides: look at the addresses.
      </p>
    </section>
  );
}

/** The same on a host's card: a sign on its corner, in words for who hears. */
export function ElsewhereSign({ id }: { readonly id: string }) {
  const live = useMoment().kind === 'live';
  const found = useClusters((state) => state.elsewhere.get(id));
  if (!live || !found) return null;
  const words = `also in ${found
    .map(({ cluster, status }) => `${cluster.name} (${STATUS_WORD[knownStatus(status)]})`)
    .join(', ')}`;
  const loud = found.find(({ status }) => status === 'broken' || status === 'degraded');
  return (
    <span
      title={words}
      className="absolute -top-[17px] right-2 flex h-5 items-center gap-1 rounded-full border border-line-strong bg-panel px-1.5 text-xs leading-none text-soft"
    >
      {loud && <StatusMark status={loud.status} size={12} />}
      <span aria-hidden="true">
        +{found.length} {found.length === 1 ? 'cluster' : 'clusters'}
      </span>
      <span className="sr-only">, {words}</span>
    </span>
  );
}
