/** How traffic reaches a controller's pods from outside: SEMANTICS §3.2. */
import type { LoadBalancerAddress, Service, Workload } from '@/lib/kube/objects';
import { objectKey } from '@/lib/kube/refs';
import { matchesLabels } from '@/lib/kube/selectors';
import type { Query, Reader } from '@/lib/state/cells';
import { type Controller, controllerById, controllers } from './controllers';
import { isExposed } from './entries';
import { nodePortLoadBalancerId, nodesLoadBalancerId, serviceLoadBalancerId } from './ids';
import { members, object } from './reads';
import type { WorkloadKind } from './workloads';

/** One way in. Addresses are IPs and host names as status, spec or nodes declare them. */
export interface LoadBalancer {
  readonly id: string;
  readonly type: 'LoadBalancer' | 'NodePort' | 'Nodes';
  readonly namespace: string;
  readonly name: string;
  /** Key of the Service behind it; null for host ports. */
  readonly service: string | null;
  readonly addresses: readonly string[];
  /** `80`, `443`; for node ports `30080→80`. */
  readonly ports: readonly string[];
  readonly pending: boolean;
  readonly created: number | null;
}

export interface Exposure {
  readonly loadBalancers: readonly LoadBalancer[];
  /** Keys of all Services that select the controller's pods, the internal ones too. */
  readonly services: readonly string[];
  /** Right answers inside the cluster only. */
  readonly clusterIPs: readonly string[];
}

const NOTHING: Exposure = { loadBalancers: [], services: [], clusterIPs: [] };

/** How the controller with this id is reached. */
export const exposure: Query<Exposure> = {
  name: 'exposure',
  level: 2,
  compute: (read, id) => {
    const controller = controllerById(read, id);
    return controller ? exposureOf(read, controller) : NOTHING;
  },
};

function exposureOf(read: Reader, controller: Controller): Exposure {
  const services: Service[] = [];
  const nodes: LoadBalancer[] = [];
  for (const plane of controller.dataPlane) {
    const workload = planeWorkload(read, plane);
    if (!workload) continue;
    for (const key of members(read, 'services-of-namespace', plane.namespace)) {
      const service = object(read, 'services', key);
      if (
        service?.selector &&
        matchesLabels(service.selector, workload.templateLabels) &&
        !isAdmission(service)
      )
        services.push(service);
    }
    const onNodes = nodesLoadBalancer(read, workload);
    if (onNodes) nodes.push(onNodes);
  }
  return {
    loadBalancers: [
      ...services.filter(isExposed).map((service) => serviceLoadBalancer(read, service)),
      ...nodes,
    ],
    services: services.map((service) => objectKey(service.namespace, service.name)),
    clusterIPs: services.map((service) => service.clusterIP).filter((ip) => ip !== '' && ip !== 'None'),
  };
}

/** The workload object of a data plane. */
export function planeWorkload(
  read: Reader,
  plane: { kind: string; namespace: string; name: string },
): Workload | undefined {
  return object(read, `${plane.kind.toLowerCase()}s` as WorkloadKind, objectKey(plane.namespace, plane.name));
}

/** The Service of an admission webhook selects the same pods but carries no traffic of users. */
function isAdmission(service: Service): boolean {
  return (
    service.ports.length > 0 &&
    service.ports.every((port) => /webhook|admission/.test(`${port.name} ${port.targetPort}`))
  );
}

/** The load balancer or node port that a Service is. */
export function serviceLoadBalancer(read: Reader, service: Service): LoadBalancer {
  const balanced = service.type === 'LoadBalancer';
  const addresses = [...addressesOf(service.addresses), ...service.externalIPs];
  const byNode = !balanced && service.externalIPs.length === 0;
  return {
    id: (balanced ? serviceLoadBalancerId : nodePortLoadBalancerId)(service.namespace, service.name),
    type: balanced ? 'LoadBalancer' : 'NodePort',
    namespace: service.namespace,
    name: service.name,
    service: objectKey(service.namespace, service.name),
    addresses: byNode ? nodeAddresses(read) : addresses,
    ports: service.ports.map((port) =>
      balanced || port.nodePort === null ? `${port.port}` : `${port.nodePort}→${port.port}`,
    ),
    pending: balanced && addresses.length === 0,
    created: service.created,
  };
}

/** IPs and names of a status list, lower case without trailing dot. */
export function addressesOf(list: readonly LoadBalancerAddress[]): readonly string[] {
  return list
    .map((entry) => (entry.ip || entry.hostname).toLowerCase().replace(/\.$/, ''))
    .filter((address) => address !== '');
}

function nodesLoadBalancer(read: Reader, workload: Workload): LoadBalancer | null {
  const hostPorts = workload.containers.flatMap((container) =>
    container.ports
      .filter((port) => workload.hostNetwork || port.hostPort !== null)
      .map((port) => String(port.hostPort ?? port.port)),
  );
  if (!workload.hostNetwork && hostPorts.length === 0) return null;
  return {
    id: nodesLoadBalancerId(workload.namespace, workload.name),
    type: 'Nodes',
    namespace: workload.namespace,
    name: workload.name,
    service: null,
    addresses: nodeAddresses(read),
    ports: [...new Set(hostPorts)],
    pending: false,
    created: workload.created,
  };
}

/** Addresses of all nodes, external ones first; a node port answers on each. */
function nodeAddresses(read: Reader): readonly string[] {
  const all = members(read, 'nodes-all', '').flatMap((key) => object(read, 'nodes', key)?.addresses ?? []);
  const pick = (type: string) => all.filter((entry) => entry.type === type).map((entry) => entry.address);
  return [...new Set([...pick('ExternalIP'), ...pick('InternalIP')])];
}

/** Every way in to some controller: where a host leads that no controller serves. */
export const controllerBalancers: Query<readonly LoadBalancer[]> = {
  name: 'controller-balancers',
  level: 3,
  compute: (read) => read.query(controllers, '').flatMap((c) => read.query(exposure, c.id).loadBalancers),
};

/** Keys of all Services that belong to some controller: they are its way in, not exposed applications. */
export const controllerServices: Query<readonly string[]> = {
  name: 'controller-services',
  level: 3,
  compute: (read) =>
    [...new Set(read.query(controllers, '').flatMap((c) => read.query(exposure, c.id).services))].sort(),
};
