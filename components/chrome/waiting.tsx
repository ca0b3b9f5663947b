'use client';

import { useClusters } from '@/components/clusters/cluster-store';
import { UnknownCluster } from '@/components/clusters/unknown-cluster';
import type { Link } from '@/components/data/protocol';
import type { TopologyState } from '@/lib/wire/reduce';
import { NoRightsState } from './no-rights-state';
import { Skeleton } from './skeleton';
import { ClusterState, EmptyState, ForbiddenState, LinkState, NoMatchState, NotReachedState } from './states';
import { countFilters, type ViewState } from './view-state';

interface Props {
  readonly topology: TopologyState | null;
  readonly link: Link;
  readonly view: ViewState;
  readonly now: number;
  readonly onClear: () => void;
  readonly onShowAll: () => void;
}

/** A reconnect of a few seconds is no news. */
const PATIENCE_MS = 4000;

/** Instead of the picture, while there is nothing to draw. Each state says what to do next. */
export function Waiting({ topology, link, view, now, onClear, onShowAll }: Props) {
  const clusters = useClusters((state) => state.list);
  const { cluster: asked } = view;
  if (!topology && asked !== null && clusters.length > 0 && clusters.every(({ id }) => id !== asked))
    return <UnknownCluster id={asked} clusters={clusters} />;
  if (!topology) return <WaitingForAny link={link} now={now} />;
  const { cluster, coverage, summary } = topology;
  if (cluster.connection === 'unauthorized' || cluster.connection === 'unreachable')
    return <ClusterState cluster={cluster} />;
  if (cluster.connection === 'connecting')
    return <Skeleton message={`Reading ${cluster.name} for the first time …`} />;
  if (cluster.limited?.namespaces === 0) return <NoRightsState reason={cluster.limited.reason} />;
  if (view.focus !== null) return <NotReachedState id={view.focus} onShowAll={onShowAll} />;
  if (countFilters(view) > 0) return <NoMatchState onClear={onClear} />;
  if (
    coverage.some(
      (item) => item.state === 'forbidden' && /ingress|service|gateway|route/i.test(item.resource),
    )
  ) {
    return <ForbiddenState coverage={coverage} />;
  }
  return <EmptyState outOfScope={summary.outOfScope.services} limited={cluster.limited !== undefined} />;
}

/** Nothing has come yet. */
function WaitingForAny({ link, now }: Pick<Props, 'link' | 'now'>) {
  const failing =
    link.state === 'signed-out' ||
    link.state === 'unauthorized' ||
    link.state === 'refused' ||
    (link.state === 'retrying' && now - link.since > PATIENCE_MS);
  if (failing) return <LinkState link={link} />;
  return (
    <Skeleton message={link.state === 'open' ? 'Reading the cluster …' : 'Connecting to the dashboard …'} />
  );
}
