'use client';

import { useEffect, useState } from 'react';
import { withCluster } from '@/components/clusters/addresses';
import { useClusterId } from '@/components/clusters/cluster-context';
import type { TopologyNode } from '@/lib/topology/model';
import type { TopologyState } from '@/lib/wire/reduce';
import { distantEntry, type Entry } from './search';

export interface Distant {
  readonly entries: readonly Entry[];
  readonly state: 'done' | 'loading' | 'failed';
}

const NONE: Distant = { entries: [], state: 'done' };
const WAIT_MS = 200;
const MOST_NODES = 60;

/** What matches outside of the view: filtered away, folded, or reached by no entry at all. */
export function useDistant(text: string, topology: TopologyState | null): Distant {
  const [found, setFound] = useState<{
    readonly text: string;
    /** Null: they could not be asked for. */
    readonly nodes: readonly TopologyNode[] | null;
  } | null>(null);
  const query = text.trim();
  const cluster = useClusterId();

  useEffect(() => {
    if (query.length < 2) return;
    const abort = new AbortController();
    const timer = setTimeout(() => {
      Promise.all([unreached(query, cluster, abort.signal), reached(query, cluster, abort.signal)])
        .then((parts) => setFound({ text: query, nodes: parts.flat() }))
        .catch(() => !abort.signal.aborted && setFound({ text: query, nodes: null }));
    }, WAIT_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [query, cluster]);

  if (query.length < 2) return NONE;
  if (found?.text !== query) return { entries: [], state: 'loading' };
  if (!found.nodes) return { entries: [], state: 'failed' };
  const away = found.nodes
    .filter((node) => !topology?.nodes.has(node.id) && node.kind !== 'group')
    .slice(0, 2 * MOST_NODES);
  return { entries: away.map(distantEntry), state: 'done' };
}

type Cluster = string | null;

async function reached(q: string, cluster: Cluster, signal: AbortSignal): Promise<readonly TopologyNode[]> {
  return await fetchNodes(new URLSearchParams({ q }), cluster, signal);
}

async function unreached(q: string, cluster: Cluster, signal: AbortSignal): Promise<readonly TopologyNode[]> {
  const query = new URLSearchParams({ scope: 'all', q, budget: String(MOST_NODES) });
  const nodes = await fetchNodes(query, cluster, signal);
  return nodes.filter((node) => node.detail.internal === true);
}

/** Throws when the answer is not a topology: nothing found and nothing asked are two things. */
async function fetchNodes(
  query: URLSearchParams,
  cluster: Cluster,
  signal: AbortSignal,
): Promise<readonly TopologyNode[]> {
  const response = await fetch(withCluster(`/api/v1/topology?${query}`, cluster), { signal });
  if (!response.ok) throw new Error(`search: ${response.status}`);
  const body: unknown = await response.json();
  if (typeof body !== 'object' || body === null || !('nodes' in body) || !Array.isArray(body.nodes))
    throw new Error('search: no topology');
  return body.nodes as readonly TopologyNode[];
}
