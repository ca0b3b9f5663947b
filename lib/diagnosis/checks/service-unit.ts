/** What the checks of a Service share: whom it serves, by which ports, with which pods. */
import { backendPorts } from '@/lib/diagnosis/backend-ports';
import type { ServiceUnit } from '@/lib/diagnosis/check';
import { directEntries } from '@/lib/diagnosis/fragments/harm';
import { affected } from '@/lib/diagnosis/symptoms';
import type { Pod, ServicePort } from '@/lib/kube/objects';
import type { Reader } from '@/lib/state/cells';
import { endpointPods, type JoinedEndpoint, readEndpoints } from '@/lib/topology/endpoints';
import type { Affected } from '@/lib/topology/model';
import { known } from '@/lib/topology/reads';
import { type WorkloadName, workloadLookup } from '@/lib/topology/workloads';

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

/** What several checks of one unit ask for. Units are made for one computation: so are these. */
interface Gathered {
  readonly unit: ServiceUnit;
  readonly endpoints: readonly PodEndpoint[];
  readonly pods: readonly Pod[];
  readonly workloadOf: (pod: Pod) => WorkloadName | null;
}

/** The checks of one unit run one after the other: the last is all that is needed. */
let last: Gathered | null = null;

function gathered(read: Reader, unit: ServiceUnit): Gathered {
  if (last?.unit !== unit) {
    const endpoints = known(read, 'pods').known ? joined(read, unit.key) : [];
    last = { unit, endpoints, pods: endpoints.map(({ pod }) => pod), workloadOf: workloadLookup(read) };
  }
  return last;
}

/** Its endpoints whose pods can be seen; none while pods or slices may not be read. */
export function podEndpoints(read: Reader, unit: ServiceUnit): readonly PodEndpoint[] {
  return gathered(read, unit).endpoints;
}

/** The pods of these endpoints. */
export function podsBehind(read: Reader, unit: ServiceUnit): readonly Pod[] {
  return gathered(read, unit).pods;
}

/** The workload of one of a unit's pods. */
export function workloadBehind(read: Reader, unit: ServiceUnit, pod: Pod): WorkloadName | null {
  return gathered(read, unit).workloadOf(pod);
}

function joined(read: Reader, key: string): readonly PodEndpoint[] {
  const endpoints = endpointsOf(read, key);
  if (endpoints.length === 0) return [];
  const pods = read.query(endpointPods, key);
  const found: PodEndpoint[] = [];
  for (const [i, endpoint] of endpoints.entries()) {
    const pod = pods[i];
    if (pod) found.push({ endpoint, pod });
  }
  return found;
}
