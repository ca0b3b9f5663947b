/** Pods and namespaces as the two ends that policies judge; alike pods are one. */
import type { Labels, Pod, ServicePort, Workload } from '@/lib/kube/objects';
import type { NetworkPolicy } from '@/lib/kube/policy-objects';
import { objectKey } from '@/lib/kube/refs';
import { matchesSelector } from '@/lib/kube/selectors';
import type { Query, Reader } from '@/lib/state/cells';
import { controllerById } from './controllers';
import { endpointsOfPort, type JoinedEndpoint, readEndpoints } from './endpoints';
import { planeWorkload } from './exposure';
import type { End, NamespaceLabels, PodEnd } from './network-policy/ends';
import { known, members, object } from './reads';

const NO_POLICIES: readonly NetworkPolicy[] = [];

/** The NetworkPolicies of a namespace, by name. */
export const namespacePolicies: Query<readonly NetworkPolicy[]> = {
  name: 'namespace-policies',
  level: 1,
  compute: (read, namespace) => {
    const keys = members(read, 'policies-of-namespace', namespace);
    return keys.length === 0
      ? NO_POLICIES
      : keys.flatMap((key) => object(read, 'networkpolicies', key) ?? []);
  },
};

/** What is known of a namespace's labels; its name is one of them since Kubernetes 1.22. */
export function namespaceLabels(read: Reader, namespace: string): NamespaceLabels {
  const found = known(read, 'namespaces').known
    ? object(read, 'namespaces', objectKey('', namespace))
    : undefined;
  const name = { 'kubernetes.io/metadata.name': namespace };
  return { labels: found ? { ...found.labels, ...name } : name, complete: found !== undefined };
}

/** Pods that policies cannot tell apart. */
export interface EndGroup {
  readonly end: End;
  /** Name of one of them; empty for an address. */
  readonly name: string;
  readonly count: number;
  /** Number of the port at these pods; null: not known. */
  readonly port: number | null;
}

/** Labels that differ from pod to pod or from rollout to rollout; policies that select by them are unheard of. */
const OWN_LABELS = new Set([
  'pod-template-hash',
  'controller-revision-hash',
  'pod-template-generation',
  'statefulset.kubernetes.io/pod-name',
  'apps.kubernetes.io/pod-index',
]);

function sameness(pod: Pod, port: number | null): string {
  const labels = Object.entries(pod.labels).filter(([key]) => !OWN_LABELS.has(key));
  const ports = pod.containers.flatMap((container) => container.ports);
  return JSON.stringify([labels.sort(), ports, pod.hostNetwork, isAmbient(pod), port]);
}

/** Marked by istio-cni when it redirects a pod's traffic to ztunnel. */
function isAmbient({ annotations }: Pod): boolean {
  return annotations['ambient.istio.io/redirection'] === 'enabled';
}

function nodeIps(read: Reader, node: string): readonly string[] {
  const found = node === '' ? undefined : object(read, 'nodes', objectKey('', node));
  return (found?.addresses ?? []).filter(({ type }) => type === 'InternalIP').map(({ address }) => address);
}

function endOf(read: Reader, pod: Pod): PodEnd {
  return {
    kind: 'pod',
    namespace: pod.namespace,
    labels: pod.labels,
    namespaceLabels: namespaceLabels(read, pod.namespace),
    ips: pod.ips,
    nodeIps: pod.hostNetwork ? nodeIps(read, pod.node) : [],
    hostNetwork: pod.hostNetwork,
    ports: pod.containers.flatMap((container) => container.ports),
    ambient: isAmbient(pod),
  };
}

/** Pods in groups that policies cannot tell apart, in the order of their names. */
function grouped(
  read: Reader,
  pods: readonly { readonly pod: Pod; readonly port: number | null }[],
): readonly EndGroup[] {
  const groups = new Map<string, { end: PodEnd; name: string; count: number; port: number | null }>();
  for (const { pod, port } of pods) {
    const id = sameness(pod, port);
    const group = groups.get(id);
    const end = endOf(read, pod);
    if (!group) groups.set(id, { end, name: pod.name, count: 1, port });
    else {
      group.count++;
      const { ips, nodeIps: nodes } = group.end;
      // A pod without an address makes the addresses of the group unknown.
      const all = ips.length > 0 && end.ips.length > 0 ? [...ips, ...end.ips] : [];
      group.end = { ...group.end, ips: all, nodeIps: [...nodes, ...end.nodeIps] };
    }
  }
  return [...groups.values()];
}

function isAlive({ phase, deleting }: Pod): boolean {
  return deleting === null && phase !== 'Succeeded' && phase !== 'Failed';
}

function ofTemplate(read: Reader, workload: Workload): EndGroup {
  const labels: Labels = workload.templateLabels;
  const end: PodEnd = {
    kind: 'pod',
    namespace: workload.namespace,
    labels,
    namespaceLabels: namespaceLabels(read, workload.namespace),
    ips: [],
    nodeIps: [],
    hostNetwork: workload.hostNetwork,
    ports: workload.containers.flatMap((container) => container.ports),
    ambient: false,
  };
  return { end, name: workload.name, count: workload.replicas, port: null };
}

/** The pods that carry a controller's traffic (key: its id), alike ones as one; by its template where pods cannot be read. */
export const controllerEnds: Query<readonly EndGroup[]> = {
  name: 'controller-ends',
  level: 2,
  compute: (read, id) =>
    (controllerById(read, id)?.dataPlane ?? []).flatMap((plane) => {
      const workload = planeWorkload(read, plane);
      if (!workload) return [];
      if (!known(read, 'pods').known) return [ofTemplate(read, workload)];
      const pods = members(read, 'pods-of-namespace', workload.namespace).flatMap((key) => {
        const pod = object(read, 'pods', key);
        const own = pod && isAlive(pod) && matchesSelector(workload.selector, pod.labels);
        return own ? [{ pod, port: null }] : [];
      });
      return grouped(read, pods);
    }),
};

/** Key: JSON of Service key and port name. A pod whose labels and ports stay the same changes nothing here. */
const backendGroups: Query<readonly EndGroup[]> = {
  name: 'backend-groups',
  level: 2,
  compute: (read, key) => {
    const [serviceKey, portName] = JSON.parse(key) as [string, string];
    const ready = endpointsOfPort(readEndpoints(read, serviceKey), portName).filter(
      (endpoint) => endpoint.ready,
    );
    const numberOf = (endpoint: JoinedEndpoint) => endpoint.ports[portName] ?? null;
    const pods = ready.flatMap((endpoint) => {
      const pod = endpoint.pod === null ? undefined : object(read, 'pods', endpoint.pod);
      return pod ? [{ pod, port: numberOf(endpoint) }] : [];
    });
    const addresses = ready
      .filter((endpoint) => endpoint.pod === null)
      .map((endpoint) => ({
        end: { kind: 'address' as const, ip: endpoint.address },
        name: '',
        count: 1,
        port: numberOf(endpoint),
      }));
    return [...grouped(read, pods), ...addresses];
  },
};

/** The ready pods behind a port of a Service, alike ones as one; an endpoint without pod is its address. */
export function backendEnds(
  read: Reader,
  serviceKey: string,
  port: Pick<ServicePort, 'name'>,
): readonly EndGroup[] {
  return read.query(backendGroups, JSON.stringify([serviceKey, port.name]));
}

/**
 * The same where pods cannot be read: at least the labels that the Service selects them by. What follows from it is never
 * certain. Empty where nothing is known of them.
 */
export function assumedEnds(
  read: Reader,
  serviceKey: string,
  port: Pick<ServicePort, 'name'>,
): readonly EndGroup[] {
  const service = object(read, 'services', serviceKey);
  const ready = endpointsOfPort(readEndpoints(read, serviceKey), port.name).filter(
    (endpoint) => endpoint.ready && endpoint.pod !== null,
  );
  const first = ready[0];
  if (!service?.selector || !first) return [];
  const end: PodEnd = {
    kind: 'pod',
    namespace: service.namespace,
    labels: service.selector,
    namespaceLabels: namespaceLabels(read, service.namespace),
    ips: [],
    nodeIps: [],
    hostNetwork: false,
    ports: [],
    ambient: false,
  };
  return [{ end, name: 'a pod', count: ready.length, port: first.ports[port.name] ?? null }];
}
