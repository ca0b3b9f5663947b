'use client';

import { TriangleAlert } from 'lucide-react';
import type { Link } from '@/components/data/protocol';
import type { ClusterInfo } from '@/lib/topology/model';
import { clock } from '@/lib/topology/text';

/** Says loudly that what one sees may be old. Nothing while it is live. */
export function StaleBanner({
  link,
  cluster,
  now,
}: {
  readonly link: Link;
  readonly cluster: ClusterInfo;
  readonly now: number;
}) {
  const text = reason(link, cluster, now);
  if (text === null) return null;
  return (
    <section
      aria-label="Freshness"
      className="flex shrink-0 items-center gap-2 border-b border-warning/40 bg-warning-soft px-4 py-2 text-xs text-warning"
    >
      <TriangleAlert size={15} aria-hidden="true" className="shrink-0" />
      <span>{text}</span>
    </section>
  );
}

function reason(link: Link, cluster: ClusterInfo, now: number): string | null {
  if (link.state !== 'open' && link.heardAt !== null && now - link.heardAt > 5000) {
    return `The line to the dashboard is down since ${clock(link.heardAt, now)}. What you see may be old; it is tried again by itself.`;
  }
  const since = clock(cluster.since, now);
  if (cluster.connection === 'stale')
    return `The cluster's changes have not arrived since ${since}. What you see is how it was then; it is tried again by itself.`;
  if (cluster.connection === 'unreachable')
    return `The cluster does not answer since ${since}. What you see is how it was then. Check the network to its API server.`;
  if (cluster.connection === 'unauthorized')
    return `The cluster refuses our credentials since ${since}. What you see is how it was then. Renew the dashboard's token.`;
  return null;
}
