import 'server-only';
import { environmentOf } from '@/lib/topology/environment';
import type { ClusterEntry, Clusters } from '@/lib/wire/clusters';
import type { Viewer } from '@/server/access/viewer';
import type { HttpContext } from './context';
import { etagOf, matches } from './etag';
import { type Hosts, hostStatuses } from './host-statuses';
import { API_HEADERS, json } from './problem';
import type { Everywhere } from './serve';

const MOST_HOSTS = 1000;

/** `GET /api/v1/clusters?cluster=ID`: all that are watched, and which hosts they have in common with that one. */
export async function getClusters(
  request: Request,
  context: HttpContext,
  _viewer?: Viewer,
  everywhere: Everywhere = () => Promise.resolve([context]),
): Promise<Response> {
  const all = await everywhere();
  const asked = context.hub.head.cluster.id;
  // Where there is one only nobody asks for its hosts.
  const own = all.length > 1 ? await hostStatuses(context) : null;
  const body: Clusters = {
    clusters: await Promise.all(all.map((one) => entryOf(one, asked, own))),
  };
  const ETag = etagOf('clusters', all.length, JSON.stringify(body));
  const headers = { ...API_HEADERS, 'Cache-Control': 'private, no-cache', ETag };
  return matches(request, ETag) ? new Response(null, { status: 304, headers }) : json(body, headers);
}

async function entryOf(context: HttpContext, asked: string, own: Hosts | null): Promise<ClusterEntry> {
  const { cluster, summary } = context.hub.head;
  const known = isKnown(context);
  return {
    ...cluster,
    environment: cluster.environment ?? environmentOf(cluster.name),
    synced: known,
    broken: known ? summary.hosts.broken : null,
    degraded: known ? summary.hosts.degraded : null,
    hosts: cluster.id === asked ? [] : known ? await inCommon(context, own) : null,
  };
}

/** Whether its objects have been read: a cluster that never let us in is published too, as empty, with its reason. */
function isKnown({ hub }: HttpContext): boolean {
  const { cluster, summary } = hub.head;
  if (!hub.synced || cluster.connection === 'unreachable') return false;
  return cluster.connection !== 'unauthorized' || Object.values(summary.hosts).some((count) => count > 0);
}

async function inCommon(context: HttpContext, own: Hosts | null): Promise<ClusterEntry['hosts']> {
  const theirs = await hostStatuses(context);
  if (own === null || theirs === null) return null;
  const shared = [...theirs].filter(([id]) => own.has(id)).sort(([a], [b]) => (a < b ? -1 : 1));
  return shared.slice(0, MOST_HOSTS).map(([id, host]) => ({ id, ...host }));
}
