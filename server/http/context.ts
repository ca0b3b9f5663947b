import 'server-only';
import type { ViewFilters } from '@/lib/topology/view-filters';
import type { ParameterProblem } from '@/lib/wire/api';
import type { Audit } from '@/server/auth/audit';
import type { FetchedObject, ObjectAddress } from '@/server/cluster/fetch-object';
import type { Config } from '@/server/config';
import type { Marks } from '@/server/marks/marks';
import type { Recorder } from '@/server/recorder/recorder';
import type { Snapshots } from '@/server/snapshots/snapshots';
import type { StreamServer } from '@/server/stream/stream-server';
import type { TopologyHub } from '@/server/topology-hub';

/** What the handlers of the API need. They are given it restricted to what the viewer may see (`server/access`). */
export interface HttpContext {
  readonly hub: TopologyHub;
  readonly streams: Pick<StreamServer, 'connect' | 'clients' | 'allClients'>;
  readonly recorder: Pick<Recorder, 'at' | 'atText' | 'history' | 'status'>;
  readonly snapshots: Pick<Snapshots, 'isFile' | 'create' | 'read' | 'picture' | 'revoke'>;
  readonly marks: Pick<Marks, 'list' | 'put' | 'remove'>;
  readonly config: Pick<Config, 'host' | 'port' | 'publicUrl' | 'publicPreview'>;
  /** Asks the cluster now; null while there is none to ask. */
  readonly fetchObject: ((address: ObjectAddress) => Promise<FetchedObject>) | null;
  /** Whether only some namespaces are watched. */
  readonly limitedView: boolean;
  /** Who asks, for limits: an address or a network (see `Peers`). */
  callerOf(headers: Pick<Headers, 'get'>): string;
  /** Writes down who shared or revoked. */
  readonly audit: Audit;
  metrics(): Promise<{ readonly contentType: string; readonly body: string }>;
}

/** A view of another cluster than ours; null when it is ours. */
export function wrongCluster(filters: ViewFilters, context: HttpContext): ParameterProblem | null {
  const { id } = context.hub.head.cluster;
  if (filters.cluster === null || filters.cluster === id) return null;
  return { parameter: 'cluster', value: filters.cluster, problem: 'is not watched here', allowed: [id] };
}
