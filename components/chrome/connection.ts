/** How fresh what one sees is, in words. Two lines can fail: browser to dashboard, and dashboard to cluster. Pure. */
import type { Link } from '@/components/data/protocol';
import type { ClusterInfo, Status } from '@/lib/topology/model';
import { clock, duration } from '@/lib/topology/text';

export interface Freshness {
  readonly status: Status;
  readonly word: string;
  readonly detail: string;
}

export function freshness(link: Link, cluster: ClusterInfo | null, now: number): Freshness {
  if (link.state !== 'open') return brokenLine(link, now);
  if (!cluster) return { status: 'pending', word: 'connecting', detail: 'waiting for the first picture' };
  const since = clock(cluster.since, now);
  switch (cluster.connection) {
    case 'live':
      return { status: 'ok', word: 'live', detail: heard(link, now) };
    case 'stale':
      return {
        status: 'warning',
        word: `stale since ${since}`,
        detail: 'what you see is the last known state',
      };
    case 'connecting':
      return { status: 'pending', word: 'connecting', detail: 'reading the cluster for the first time' };
    case 'unauthorized':
      return {
        status: 'broken',
        word: 'not let in',
        detail: `the cluster refuses our credentials since ${since}`,
      };
    case 'unreachable':
      return { status: 'broken', word: 'unreachable', detail: `the cluster does not answer since ${since}` };
    default:
      return { status: 'unknown', word: String(cluster.connection), detail: '' };
  }
}

function brokenLine(link: Link, now: number): Freshness {
  const last = link.heardAt === null ? '' : `last heard ${clock(link.heardAt, now)}`;
  if (link.state === 'connecting') return { status: 'pending', word: 'connecting', detail: last };
  if (link.state === 'signed-out')
    return { status: 'broken', word: 'signed out', detail: link.problem ?? last };
  if (link.state === 'unauthorized')
    return { status: 'broken', word: 'not let in', detail: link.problem ?? last };
  return {
    status: 'warning',
    word: 'reconnecting',
    detail: [link.problem ?? '', last].filter((part) => part !== '').join(' · '),
  };
}

/** `0.4 s`: how long ago anything was heard. A ping comes every 15 s, so more than that means trouble. */
function heard(link: Link, now: number): string {
  const ms = Math.max(0, now - (link.heardAt ?? now));
  return ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : duration(ms);
}
