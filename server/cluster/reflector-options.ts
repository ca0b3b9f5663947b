import 'server-only';
import type { KindName } from '@/lib/kube/objects';
import type { Projection } from '@/lib/kube/project/project';
import type { Resource } from '@/lib/kube/resources';
import type { ObjectChange } from '@/lib/state/change';
import type { Clock } from './clock';
import type { KubeClient } from './kube-client';
import type { Limiter } from './limiter';
import type { ListThread } from './list-thread/list-thread';
import type { ResourceStats } from './stats';
import type { Timing } from './timing';
import type { Turns } from './turns';
import type { HealthReport } from './watch-health';

/** How the last request to the API server went, for the connection's state. */
export type Contact = 'ok' | 'unauthorized' | 'failed' | 'none';

/** What all watchers of a cluster share. */
export interface ReflectorContext {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly timing: Timing;
  readonly random: () => number;
  readonly turns: Turns;
  readonly lists: Limiter;
  readonly listThread: ListThread;
  readonly signal: AbortSignal;
}

export interface ReflectorOptions<K extends KindName> {
  readonly resource: Resource & { readonly id: K };
  /** Empty: all namespaces. */
  readonly namespace: string;
  readonly projection: Projection<K>;
  readonly stats: ResourceStats;
  readonly onChange: (change: ObjectChange) => void;
  /** A list that is read elsewhere has come to a namespace; its objects are handed on. */
  readonly onReached?: (namespace: string) => void;
  readonly onHealth: (report: HealthReport) => void;
  readonly onContact: (contact: Contact, reason: string) => void;
}

/** Path of a resource's collection. */
export function collectionPath(
  { group, version, resource }: Pick<Resource, 'group' | 'version' | 'resource'>,
  namespace: string,
): string {
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  return `${root}${namespace === '' ? '' : `/namespaces/${encodeURIComponent(namespace)}`}/${resource}`;
}
