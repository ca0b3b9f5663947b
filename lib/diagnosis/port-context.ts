/** What the checks of one port of a Service look at. */
import type { Pod, Service, ServicePort } from '@/lib/kube/objects';
import { splitKey } from '@/lib/kube/refs';
import { refOf } from '@/lib/kube/resources';
import { matchesLabels } from '@/lib/kube/selectors';
import type { Reader } from '@/lib/state/cells';
import type { JoinedEndpoint, ServiceEndpoints } from '@/lib/topology/endpoints';
import type { Status } from '@/lib/topology/model';
import { members, object } from '@/lib/topology/reads';
import type { Draft } from './draft';

/** What the checks of a port are given. */
export interface PortContext {
  readonly service: Service;
  readonly port: ServicePort;
  readonly endpoints: ServiceEndpoints;
  /** Endpoints of this port that are not terminating. */
  readonly alive: readonly JoinedEndpoint[];
  readonly ready: number;
  /** No endpoint is alive, but some that terminate still serve. */
  readonly draining: boolean;
}

/** What a check of a port says: drafts symptom first, causes after. */
export interface PortFinding {
  readonly status: Status;
  readonly drafts: readonly Draft[];
  /** Why the status is unknown. */
  readonly reason?: string;
}

/** Pods behind endpoints, as far as they are there. */
export function podsOf(read: Reader, endpoints: readonly JoinedEndpoint[]): readonly Pod[] {
  return endpoints.flatMap((endpoint) =>
    endpoint.pod === null ? [] : (object(read, 'pods', endpoint.pod) ?? []),
  );
}

/** Pods that a Service selects, in any phase. Looks at every pod of the namespace: only for Services without endpoints. */
export function selectedPods(read: Reader, service: Service): readonly Pod[] {
  const selector = service.selector;
  if (!selector) return [];
  return members(read, 'pods-of-namespace', service.namespace).flatMap((key) => {
    const pod = object(read, 'pods', key);
    return pod && matchesLabels(selector, pod.labels) ? pod : [];
  });
}

/** Reference to an existing Service. */
export function serviceRef(service: Service) {
  return refOf('services', service.namespace, service.name, service.uid);
}

/** Reference to a Service by key that may not exist. */
export function serviceRefOfKey(read: Reader, key: string) {
  const { namespace, name } = splitKey(key);
  return refOf('services', namespace, name, object(read, 'services', key)?.uid);
}
