'use client';

/** All clusters that the dashboard watches, and which hosts they have in common with the one that is shown. */
import { useEffect } from 'react';
import { create } from 'zustand';
import type { Status } from '@/lib/topology/model';
import type { ClusterEntry } from '@/lib/wire/clusters';
import { equalJson } from '@/lib/wire/equal';
import { withCluster } from './addresses';
import { useClusterId } from './cluster-context';

/** Another cluster that has the same host. */
export interface Elsewhere {
  readonly cluster: ClusterEntry;
  readonly status: Status;
}

interface Known {
  /** Empty where there is one only, or nothing is known yet: then nothing of clusters is shown. */
  readonly list: readonly ClusterEntry[];
  /** By node id of the host. */
  readonly elsewhere: ReadonlyMap<string, readonly Elsewhere[]>;
}

const NOTHING: Known = { list: [], elsewhere: new Map() };
const EVERY_MS = 15_000;

export const useClusters = create<Known>()(() => NOTHING);

/** Keeps them fresh while the page is looked at and there are several. `cluster`: the one that is shown. */
export function useClustersFresh(cluster: string | null): void {
  useEffect(() => {
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = async () => {
      clearTimeout(timer);
      const alone = document.visibilityState === 'visible' && (await refresh(cluster, abort.signal));
      // What is watched is said at the start of the server: one cluster stays one.
      if (!alone && !abort.signal.aborted) timer = setTimeout(() => void look(), EVERY_MS);
    };
    const onShown = () => {
      if (document.visibilityState === 'visible' && timer !== undefined) void look();
    };
    void look();
    document.addEventListener('visibilitychange', onShown);
    return () => {
      abort.abort();
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', onShown);
      // Which hosts are elsewhere too depends on the cluster that is shown.
      useClusters.setState({ elsewhere: NOTHING.elsewhere });
    };
  }, [cluster]);
}

/** Name of the cluster that is shown, where there are several; null: there is one only, or it is not known. */
export function useContextName(): string | null {
  const id = useClusterId();
  return useClusters(({ list }) => {
    const shown = id === null ? list[0] : list.find((one) => one.id === id);
    return shown?.name ?? null;
  });
}

/** Whether there is one cluster only. */
async function refresh(cluster: string | null, signal: AbortSignal): Promise<boolean> {
  try {
    const response = await fetch(withCluster('/api/v1/clusters', cluster), { signal });
    // A cluster that there is not: which there are is worth knowing all the more.
    if (response.status === 400 && cluster !== null) return await refresh(null, signal);
    if (!response.ok) return false;
    const next = knownOf(await response.json());
    if (signal.aborted) return false;
    if (!equalJson(useClusters.getState().list, next.list)) useClusters.setState(next);
    else if (useClusters.getState().elsewhere.size !== next.elsewhere.size)
      useClusters.setState({ elsewhere: next.elsewhere });
    return next.list.length === 0;
  } catch {
    // The line's own state is told elsewhere; the last list stands.
    return false;
  }
}

/** The server is ours and held to its schema by tests; here only the shape is checked. */
export function knownOf(body: unknown): Known {
  if (typeof body !== 'object' || body === null || !('clusters' in body) || !Array.isArray(body.clusters))
    return NOTHING;
  const list = body.clusters as readonly ClusterEntry[];
  if (list.length < 2) return NOTHING;
  const elsewhere = new Map<string, Elsewhere[]>();
  for (const cluster of list) {
    for (const { id, status } of cluster.hosts ?? []) {
      const known = elsewhere.get(id);
      if (known) known.push({ cluster, status });
      else elsewhere.set(id, [{ cluster, status }]);
    }
  }
  return { list, elsewhere };
}
