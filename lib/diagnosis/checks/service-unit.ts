/** What the checks of a Service share: whom it serves, by which ports, with which pods. */
import { backendPorts } from '@/lib/diagnosis/backend-ports';
import type { ServiceUnit } from '@/lib/diagnosis/check';
import { directEntries } from '@/lib/diagnosis/fragments/harm';
import { affected } from '@/lib/diagnosis/symptoms';
import type { Pod, ServicePort } from '@/lib/kube/objects';
import type { Reader } from '@/lib/state/cells';
import { type JoinedEndpoint, readEndpoints } from '@/lib/topology/endpoints';
import type { Affected } from '@/lib/topology/model';
import { known, object } from '@/lib/topology/reads';

/** Rules and own entries that a Service's trouble harms. */
export function harmed({ live, service, direct }: ServiceUnit): readonly Affected[] {
  return [
    ...affected(
      live.map(({ rule }) => rule),
      null,
    ),
    ...(direct ? directEntries(service) : []),
  ];
}

/** The Service's ports that live rules name, or all that speak TCP where it is exposed itself. */
export function usedPorts({ service, live, direct }: ServiceUnit): readonly ServicePort[] {
  if (direct) return service.ports.filter((port) => port.protocol !== 'UDP');
  return backendPorts(
    service.ports,
    live.map(({ rule }) => rule.port),
  );
}

export interface PodEndpoint {
  readonly endpoint: JoinedEndpoint;
  readonly pod: Pod;
}

/** A Service's endpoints, none while slices may not be read. */
export function endpointsOf(read: Reader, key: string): readonly JoinedEndpoint[] {
  return known(read, 'endpointslices').known ? readEndpoints(read, key).endpoints : [];
}

/** Several checks of one unit ask for the same: it is gathered once for a computation. */
const gathered = new WeakMap<ServiceUnit, readonly PodEndpoint[]>();

/** Its endpoints whose pods can be seen; none while pods or slices may not be read. */
export function podEndpoints(read: Reader, unit: ServiceUnit): readonly PodEndpoint[] {
  const before = gathered.get(unit);
  if (before) return before;
  const found = known(read, 'pods').known ? joined(read, unit.key) : [];
  gathered.set(unit, found);
  return found;
}

function joined(read: Reader, key: string): readonly PodEndpoint[] {
  return endpointsOf(read, key).flatMap((endpoint) => {
    const pod = endpoint.pod === null ? undefined : object(read, 'pods', endpoint.pod);
    return pod ? [{ endpoint, pod }] : [];
  });
}
