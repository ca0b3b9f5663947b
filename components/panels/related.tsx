'use client';

import { kindWord } from '@/components/ui/kinds';
import { StatusMark } from '@/components/ui/status-mark';
import { cardText } from '@/lib/layout/card-text';
import type { TopologyNode } from '@/lib/topology/model';
import { knownStatus, STATUS_WORD } from '@/lib/topology/status-words';

interface Props {
  readonly nodes: readonly TopologyNode[];
  readonly onOpen: (id: string) => void;
}

/** Neighbours in the graph, as ways to go on. */
export function Related({ nodes, onOpen }: Props) {
  if (nodes.length === 0) return null;
  return (
    <section aria-label="Related">
      <h3 className="eyebrow mb-1">Related</h3>
      <ul className="flex flex-col">
        {nodes.map((node) => (
          <li key={node.id}>
            <button
              type="button"
              onClick={() => onOpen(node.id)}
              className="-mx-2 flex w-[calc(100%+1rem)] items-center gap-2 rounded-md px-2 py-1 text-left text-xs hover:bg-hover"
            >
              <StatusMark status={node.status} size={14} />
              <span className="w-24 shrink-0 text-quiet">{kindWord(node)}</span>
              <span className="name min-w-0 flex-1 font-medium">{cardText(node).full}</span>
              <span className="sr-only">{STATUS_WORD[knownStatus(node.status)]}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
