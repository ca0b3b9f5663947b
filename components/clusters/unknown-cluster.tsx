'use client';

import type { ClusterEntry } from '@/lib/wire/clusters';
import { namedId } from './addresses';

/** Instead of the picture where the address names a cluster that is not watched: the way to those that are. */
export function UnknownCluster({
  id,
  clusters,
}: {
  readonly id: string;
  readonly clusters: readonly ClusterEntry[];
}) {
  return (
    <section className="mx-auto flex w-full max-w-xl flex-col gap-3 px-6 py-12">
      <h2 className="text-xl font-semibold">This dashboard does not watch that cluster</h2>
      <p className="text-soft">
        The address asks for <strong className="name">{id}</strong>. Its context may have been renamed, or it
        is left out of ATLAS_CONTEXTS. There are:
      </p>
      <ul className="flex flex-col gap-1">
        {clusters.map((cluster) => (
          <li key={cluster.id}>
            <a href={addressOf(cluster, clusters)} className="name font-medium text-accent hover:underline">
              {cluster.name}
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

function addressOf(cluster: ClusterEntry, clusters: readonly ClusterEntry[]): string {
  const id = namedId(cluster.id, clusters);
  return id === null ? '/' : `/?${new URLSearchParams({ cluster: id })}`;
}
