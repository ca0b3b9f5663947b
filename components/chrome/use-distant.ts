'use client';

import { useEffect, useState } from 'react';
import { withCluster } from '@/components/clusters/addresses';
import { useClusterId } from '@/components/clusters/cluster-context';
import type { TopologyNode } from '@/lib/topology/model';
import type { TopologyState } from '@/lib/wire/reduce';
import { distantEntry, type Entry } from './search';

interface Distant {
  readonly entries: readonly Entry[];
  readonly loading: boolean;
}

const NONE: Distant = { entries: [], loading: false };
const WAIT_MS = 200;
const MOST_NODES = 60;

/** What matches outside of the view: filtered away, folded, or reached by no entry at all. */
export function useDistant(text: string, topology: TopologyState | null): Distant {
  const [found, setFound] = useState<{
    readonly text: string;
    readonly nodes: readonly TopologyNode[];
  } | null>(null);
  const query = text.trim();
  const cluster = useClusterId();

  useEffect(() => {
    if (query.length < 2) return;
    const abort = new AbortController();
    const timer = setTimeout(() => {
      Promise.all([unreached(query, cluster, abort.signal), reached(query, cluster, abort.signal)])
        .then((parts) => setFound({ text: query, nodes: parts.flat() }))
        .catch(() => undefined);
    }, WAIT_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [query, cluster]);

  if (query.length < 2) return NONE;
  if (found?.text !== query) return { entries: [], loading: true };
  const away = found.nodes
    .filter((node) => !topology?.nodes.has(node.id) && node.kind !== 'group')
    .slice(0, 2 * MOST_NODES);
  return { entries: away.map(distantEntry), loading: false };
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

/** Nothing found and nothing reached read the same here: the palette still has what is drawn. */
async function fetchNodes(
  query: URLSearchParams,
  cluster: Cluster,
  signal: AbortSignal,
): Promise<readonly TopologyNode[]> {
  const response = await fetch(withCluster(`/api/v1/topology?${query}`, cluster), { signal });
  if (!response.ok) return [];
  const body: unknown = await response.json();
  if (typeof body !== 'object' || body === null || !('nodes' in body) || !Array.isArray(body.nodes))
    return [];
  return body.nodes as readonly TopologyNode[];
}
