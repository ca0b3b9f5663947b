/** Where a cluster's data is asked for, and what of a view makes sense in another cluster. Pure. */
import { queryOfView, type ViewState } from '@/components/chrome/view-state';
import type { ClusterEntry } from '@/lib/wire/clusters';

/** An address of our own API for a cluster; null: the first, which needs no name. */
export function withCluster(address: string, cluster: string | null): string {
  if (cluster === null) return address;
  return `${address}${address.includes('?') ? '&' : '?'}${new URLSearchParams({ cluster })}`;
}

/** Id as an address has it: the first cluster is not named. */
export function namedId(id: string, clusters: readonly ClusterEntry[]): string | null {
  return clusters[0]?.id === id ? null : id;
}

/**
 * The view in another cluster: what one looks for, how it is shown and the moment stay. What stands for one thing of this
 * cluster goes, but for hosts that the other has too.
 */
export function viewIn(
  view: ViewState,
  to: Pick<ClusterEntry, 'id' | 'hosts'>,
  clusters: readonly ClusterEntry[],
): ViewState {
  const there = new Map((to.hosts ?? []).map(({ id, name }) => [id, name]));
  const names = new Set(there.values());
  const kept = (id: string | null) => (id !== null && there.has(id) ? id : null);
  return {
    ...view,
    cluster: namedId(to.id, clusters),
    host: view.host.filter((name) => names.has(name)),
    focus: kept(view.focus),
    select: kept(view.select),
    controller: [],
    service: [],
    expand: [],
    scope: null,
    compare: null,
  };
}

/** The page of a host in a cluster. */
export function hostAddress(id: string, cluster: string, clusters: readonly ClusterEntry[]): string {
  return `/?${queryOfView({ focus: id, select: id, cluster: namedId(cluster, clusters) })}`;
}
