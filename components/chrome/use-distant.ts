'use client';

import { useEffect, useState } from 'react';
import type { TopologyNode } from '@/lib/topology/model';
import type { TopologyState } from '@/lib/wire/reduce';
import { distantEntry, type Entry } from './search';

interface Distant {
  readonly entries: readonly Entry[];
  readonly loading: boolean;
}

const NONE: Distant = { entries: [], loading: false };
const WAIT_MS = 250;
const MOST_NODES = 60;

/** What matches outside of the view: filtered away, folded, or reached by no entry at all. */
export function useDistant(text: string, topology: TopologyState | null): Distant {
  const [found, setFound] = useState<{
    readonly text: string;
    readonly nodes: readonly TopologyNode[];
    readonly reachable: ReadonlySet<string>;
  } | null>(null);
  const query = text.trim();

  useEffect(() => {
    if (query.length < 2) return;
    const abort = new AbortController();
    const timer = setTimeout(() => {
      Promise.all([fetchNodes(query, 'all', abort.signal), fetchNodes(query, 'entry', abort.signal)])
        .then(([all, entry]) =>
          setFound({ text: query, nodes: all, reachable: new Set(entry.map((node) => node.id)) }),
        )
        .catch(() => undefined);
    }, WAIT_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [query]);

  if (query.length < 2) return NONE;
  if (found?.text !== query) return { entries: [], loading: true };
  const away = found.nodes
    .filter((node) => !topology?.nodes.has(node.id) && node.kind !== 'group')
    .slice(0, MOST_NODES);
  return { entries: away.map((node) => distantEntry(node, found.reachable.has(node.id))), loading: false };
}

/** Nothing found and nothing reached read the same here: the palette still has what is drawn. */
async function fetchNodes(
  q: string,
  scope: 'all' | 'entry',
  signal: AbortSignal,
): Promise<readonly TopologyNode[]> {
  const response = await fetch(`/api/v1/topology?${new URLSearchParams({ q, scope })}`, { signal });
  if (!response.ok) return [];
  const body: unknown = await response.json();
  if (typeof body !== 'object' || body === null || !('nodes' in body) || !Array.isArray(body.nodes))
    return [];
  return body.nodes as readonly TopologyNode[];
}
