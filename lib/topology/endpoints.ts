import { kept } from '@/lib/kube/kept';
import type { Endpoint, EndpointSlice, Pod } from '@/lib/kube/objects';
import { objectKey } from '@/lib/kube/refs';
import type { Query, Reader } from '@/lib/state/cells';
import { members, object } from './reads';

/** One endpoint of a Service, all its slices joined. */
export interface JoinedEndpoint {
  readonly address: string;
  /** Key of the Pod behind it; null for an endpoint without a Pod. */
  readonly pod: string | null;
  /** Name of the node that it stands on; empty where the slice does not say. */
  readonly node: string;
  readonly ready: boolean;
  readonly serving: boolean;
  readonly terminating: boolean;
  /** Port numbers by Service port name; null = every port. */
  readonly ports: Readonly<Record<string, number | null>>;
}

export interface ServiceEndpoints {
  readonly slices: number;
  readonly managedByHand: boolean;
  readonly endpoints: readonly JoinedEndpoint[];
}

const BY_CONTROLLER = /^endpointslice(mirroring)?-controller\.k8s\.io$/;

/**
 * All endpoints of a Service (key `NS/NAME`): slices joined, an endpoint that stands in several slices (dual stack, or
 * moving between slices) counted once. EndpointSlice v1; kubernetes.io "EndpointSlices", SEMANTICS §6.
 */
export const serviceEndpoints: Query<ServiceEndpoints> = {
  name: 'service-endpoints',
  level: 1,
  compute: (read, key) => {
    const joined = new Map<string, JoinedEndpoint>();
    const slices = members(read, 'slices-of-service', key);
    let managedByHand = false;
    for (const sliceKey of slices) {
      const slice = object(read, 'endpointslices', sliceKey);
      if (!slice || slice.addressType === 'FQDN') continue;
      if (!BY_CONTROLLER.test(slice.managedBy)) managedByHand = true;
      const ports: Record<string, number | null> = {};
      for (const port of slice.ports) ports[port.name] = port.port;
      for (const endpoint of slice.endpoints) join(joined, slice, endpoint, ports);
    }
    const endpoints = [...joined.keys()].sort().map((id) => joined.get(id) as JoinedEndpoint);
    return { slices: slices.length, managedByHand, endpoints };
  },
};

type Ports = JoinedEndpoint['ports'];

function join(
  joined: Map<string, JoinedEndpoint>,
  slice: EndpointSlice,
  endpoint: Endpoint,
  ports: Ports,
): void {
  const pod = endpoint.pod === null ? null : objectKey(slice.namespace, endpoint.pod);
  const id = pod ?? endpoint.address;
  const before = joined.get(id);
  joined.set(id, {
    address: before?.address ?? endpoint.address,
    pod,
    node: before?.node || endpoint.node,
    ready: (before?.ready ?? false) || endpoint.ready,
    serving: (before?.serving ?? false) || endpoint.serving,
    terminating: (before?.terminating ?? true) && endpoint.terminating,
    ports: before ? { ...before.ports, ...ports } : ports,
  });
}

/**
 * The pods behind a Service's endpoints, in their order; undefined where there is none, or it cannot be seen. Several
 * queries look at all of them: so each pod has one reader.
 */
export const endpointPods: Query<readonly (Pod | undefined)[]> = {
  name: 'endpoint-pods',
  level: 2,
  compute: (read, key) =>
    readEndpoints(read, key).endpoints.map(({ pod }) =>
      pod === null ? undefined : object(read, 'pods', pod),
    ),
};

/** Endpoints of a Service that serve one of its ports (by name; '' when unnamed). */
export function endpointsOfPort(all: ServiceEndpoints, portName: string): readonly JoinedEndpoint[] {
  return kept(all.endpoints, (endpoint) => Object.hasOwn(endpoint.ports, portName));
}

/** Reads the endpoints of a Service. */
export function readEndpoints(read: Reader, serviceKey: string): ServiceEndpoints {
  return read.query(serviceEndpoints, serviceKey);
}
