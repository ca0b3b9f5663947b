'use client';

import dynamic from 'next/dynamic';
import { useEffect } from 'react';
import type { ClusterInfo } from '@/lib/topology/model';
import type { ClusterEntry } from '@/lib/wire/clusters';
import { useClusters } from './cluster-store';

// Few have several clusters: the others need not load it. `ssr: false`: only it waits, not the page.
const ClusterMenu = dynamic(() => import('./cluster-menu').then((module) => module.ClusterMenu), {
  ssr: false,
});

const SITE = 'Ingress Atlas';

export interface Switching {
  readonly open: boolean;
  readonly onOpen: (open: boolean) => void;
  readonly onPick: (cluster: ClusterEntry) => void;
}

/** The switcher in place of the cluster's name; undefined where there is one cluster only. */
export function useSwitcher(cluster: ClusterInfo | null, switching: Switching) {
  const clusters = useClusters((state) => state.list);
  const several = clusters.length > 1;
  const title = several && cluster ? `${cluster.name} · ${SITE}` : SITE;
  useEffect(() => {
    document.title = title;
  }, [title]);
  return several && cluster ? <ClusterMenu {...switching} {...{ cluster, clusters }} /> : undefined;
}
