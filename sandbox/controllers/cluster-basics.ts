/* What every cluster has before anyone applies anything: namespaces, three nodes, the API's own Service. */
import type { Cluster } from './cluster';
import type { KubeObject, Node } from './shapes';

export const NODE_COUNT = 3;
const ZONES = ['eu-central-1a', 'eu-central-1b', 'eu-central-1c'];

/** Creates the basics that are not there yet. */
export function createBasics(cluster: Cluster, nodeCount = NODE_COUNT): void {
  for (const name of ['default', 'kube-system', 'kube-public', 'kube-node-lease'])
    ensure(cluster, 'namespaces', namespaceObject(name));
  for (let index = 0; index < nodeCount; index++)
    ensure(cluster, 'nodes', nodeObject(index, cluster.scheduler.timestamp()));
  ensure(cluster, 'services', {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: 'kubernetes',
      namespace: 'default',
      labels: { component: 'apiserver', provider: 'kubernetes' },
    },
    spec: {
      type: 'ClusterIP',
      clusterIP: '10.96.0.1',
      clusterIPs: ['10.96.0.1'],
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
      sessionAffinity: 'None',
      ports: [{ name: 'https', port: 443, targetPort: 6443, protocol: 'TCP' }],
    },
    status: { loadBalancer: {} },
  });
  ensure(cluster, 'endpointslices.discovery.k8s.io', {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: 'kubernetes',
      namespace: 'default',
      labels: { 'kubernetes.io/service-name': 'kubernetes' },
    },
    addressType: 'IPv4',
    endpoints: [{ addresses: ['10.0.0.10'], conditions: { ready: true } }],
    ports: [{ name: 'https', port: 6443, protocol: 'TCP' }],
  });
}

/** A Namespace as the API server would store it. */
export function namespaceObject(name: string): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels: { 'kubernetes.io/metadata.name': name } },
    spec: { finalizers: ['kubernetes'] },
    status: { phase: 'Active' },
  };
}

/** The n-th node, Ready since `time`. */
export function nodeObject(index: number, time: string): Node {
  const name = `worker-${index + 1}`;
  const address = `10.0.${Math.floor((index + 11) / 250)}.${(index + 11) % 250 || 1}`;
  const healthy = ['MemoryPressure', 'DiskPressure', 'PIDPressure'].map((type) => ({
    type,
    status: 'False' as const,
    reason: `KubeletHasSufficient${type.replace('Pressure', '')}`,
    message: 'kubelet has no pressure',
    lastHeartbeatTime: time,
    lastTransitionTime: time,
  }));
  const resources = { cpu: '8', memory: '32781368Ki', pods: '250', 'ephemeral-storage': '101430960Ki' };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: {
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        'kubernetes.io/arch': 'amd64',
        'topology.kubernetes.io/region': 'eu-central-1',
        'topology.kubernetes.io/zone': ZONES[index % 3] ?? '',
      },
    },
    spec: {
      podCIDR: `10.244.${index % 256}.0/24`,
      podCIDRs: [`10.244.${index % 256}.0/24`],
      providerID: `sandbox://${name}`,
    },
    status: {
      addresses: [
        { type: 'InternalIP', address },
        { type: 'ExternalIP', address: `192.0.2.${(index % 250) + 11}` },
        { type: 'Hostname', address: name },
      ],
      capacity: resources,
      allocatable: resources,
      conditions: [
        ...healthy,
        {
          type: 'Ready',
          status: 'True',
          reason: 'KubeletReady',
          message: 'kubelet is posting ready status',
          lastHeartbeatTime: time,
          lastTransitionTime: time,
        },
      ],
      nodeInfo: {
        kubeletVersion: 'v1.34.2',
        osImage: 'Ubuntu 24.04.3 LTS',
        kernelVersion: '6.8.0-60-generic',
        containerRuntimeVersion: 'containerd://2.1.4',
        architecture: 'amd64',
        operatingSystem: 'linux',
      },
    },
  } as Node;
}

function ensure(cluster: Cluster, resource: string, object: KubeObject): void {
  const { namespace, name } = object.metadata;
  if (!cluster.storage.get(resource, namespace, name)) cluster.create(resource, object, 'kube-apiserver');
}
