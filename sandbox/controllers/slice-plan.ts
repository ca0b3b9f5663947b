/* Which endpoints a Service has, and how they are spread over EndpointSlices. Pure. */
import { hasLabels } from './cluster';
import { isReady } from './conditions';
import type { Endpoint, EndpointSlice, Pod, Service, SlicePort } from './shapes';

export const MAX_ENDPOINTS = 100;

/** Endpoints that share their port numbers. */
export interface PortGroup {
  readonly ports: readonly SlicePort[];
  readonly endpoints: readonly Endpoint[];
}

/** The Service's endpoints, grouped by the numbers that its ports have in each pod. */
export function portGroups(service: Service, pods: readonly Pod[]): PortGroup[] {
  const groups = new Map<string, { ports: SlicePort[]; endpoints: Endpoint[] }>();
  for (const pod of pods) {
    if (!belongs(service, pod)) continue;
    const ports = resolvePorts(service, pod);
    const key = JSON.stringify(ports);
    const group = groups.get(key) ?? { ports, endpoints: [] };
    group.endpoints.push(endpointOf(service, pod));
    groups.set(key, group);
  }
  return [...groups.values()].sort((a, b) => (JSON.stringify(a.ports) < JSON.stringify(b.ports) ? -1 : 1));
}

function belongs(service: Service, pod: Pod): boolean {
  const selector = service.spec.selector;
  if (!selector || Object.keys(selector).length === 0 || service.spec.type === 'ExternalName') return false;
  const ended = pod.status?.phase === 'Failed' || pod.status?.phase === 'Succeeded';
  return Boolean(pod.status?.podIP) && !ended && hasLabels(pod.metadata.labels, selector);
}

/** A named target port that the pod does not have is left out: the pod is no endpoint of that port. */
function resolvePorts(service: Service, pod: Pod): SlicePort[] {
  const containerPorts = pod.spec.containers.flatMap((container) => container.ports ?? []);
  return (service.spec.ports ?? []).flatMap((port) => {
    const protocol = port.protocol ?? 'TCP';
    const target = port.targetPort ?? port.port;
    const number =
      typeof target === 'number'
        ? target
        : containerPorts.find((entry) => entry.name === target && (entry.protocol ?? 'TCP') === protocol)
            ?.containerPort;
    if (number === undefined) return [];
    return [
      {
        name: port.name ?? '',
        port: number,
        protocol,
        ...(port.appProtocol ? { appProtocol: port.appProtocol } : {}),
      },
    ];
  });
}

function endpointOf(service: Service, pod: Pod): Endpoint {
  const terminating = Boolean(pod.metadata.deletionTimestamp);
  const serving = isReady(pod);
  const ready = service.spec.publishNotReadyAddresses === true || (serving && !terminating);
  const { name, namespace, uid } = pod.metadata;
  const hostname =
    pod.spec.hostname && pod.spec.subdomain === service.metadata.name ? { hostname: pod.spec.hostname } : {};
  return {
    addresses: [pod.status?.podIP ?? ''],
    conditions: { ready, serving, terminating },
    ...hostname,
    ...(pod.spec.nodeName ? { nodeName: pod.spec.nodeName } : {}),
    targetRef: { kind: 'Pod', namespace, name, uid },
  };
}

export interface SlicePlan {
  /** The stored slice to keep, or undefined for a new one. */
  readonly name: string | undefined;
  readonly ports: readonly SlicePort[];
  readonly endpoints: readonly Endpoint[];
}

/**
 * Spreads the endpoints over slices of at most 100. An endpoint stays in the slice where it is, so
 * that a change of one pod touches one slice. A Service without endpoints keeps one empty slice.
 */
export function planSlices(groups: readonly PortGroup[], existing: readonly EndpointSlice[]): SlicePlan[] {
  const plans: SlicePlan[] = [];
  const unused = [...existing];
  for (const group of groups) {
    const key = JSON.stringify(group.ports);
    const mine = unused.filter((slice) => JSON.stringify(slice.ports ?? []) === key);
    for (const slice of mine) unused.splice(unused.indexOf(slice), 1);
    plans.push(...planGroup(group, mine, unused));
  }
  if (plans.length === 0) plans.push({ name: existing[0]?.metadata.name, ports: [], endpoints: [] });
  return plans;
}

function planGroup(group: PortGroup, mine: readonly EndpointSlice[], unused: EndpointSlice[]): SlicePlan[] {
  const rest = new Map(
    group.endpoints.map((endpoint) => [endpoint.targetRef?.uid ?? endpoint.addresses[0] ?? '', endpoint]),
  );
  const slices = mine.map((slice) => {
    const kept: Endpoint[] = [];
    for (const endpoint of slice.endpoints ?? []) {
      const key = endpoint.targetRef?.uid ?? endpoint.addresses[0] ?? '';
      const fresh = rest.get(key);
      if (fresh && kept.length < MAX_ENDPOINTS) {
        kept.push(fresh);
        rest.delete(key);
      }
    }
    return { name: slice.metadata.name as string | undefined, ports: group.ports, endpoints: kept };
  });
  for (const endpoint of rest.values()) {
    let room = slices.find((slice) => slice.endpoints.length < MAX_ENDPOINTS);
    if (!room) {
      // A slice that lost its last endpoint (or its port numbers) is used again.
      const spare = unused.shift();
      room = { name: spare?.metadata.name, ports: group.ports, endpoints: [] };
      slices.push(room);
    }
    room.endpoints.push(endpoint);
  }
  return slices.filter((slice) => slice.endpoints.length > 0);
}
