/* The ingress-nginx of the large cluster: the scenarios' own manifest, as if it had run for days. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Storage } from '../api/storage';
import type { Container, KubeObject, Labels, Service } from '../controllers/shapes';
import { parseSources } from './documents';
import { podConditions } from './large-pod';

const FILE = join(import.meta.dirname, '..', 'scenarios', 'parts', 'ingress-nginx.yaml');
const SLICES = 'endpointslices.discovery.k8s.io';
const NAME = 'ingress-nginx-controller';
const ADDRESS = '203.0.113.10';

interface ControllerDeployment extends KubeObject {
  spec: { replicas: number; template: { metadata: { labels: Labels }; spec: { containers: Container[] } } };
}

/** Its objects as [resource, object], with what a running cluster adds. */
export function controllerObjects(storage: Storage, time: string): [string, KubeObject][] {
  const loaded = parseSources([{ name: 'ingress-nginx.yaml', text: readFileSync(FILE, 'utf8') }]);
  const result: [string, KubeObject][] = [];
  for (const { object } of loaded) {
    result.push([storage.resourceOf(object) ?? '', { ...object, ...runningPart(object) }]);
    if (object.kind === 'Deployment') result.push(...podObjects(object as ControllerDeployment, time));
  }
  return result;
}

function runningPart(object: KubeObject): Partial<KubeObject> {
  if (object.kind === 'Deployment') {
    const { replicas } = (object as ControllerDeployment).spec;
    const counts = { updatedReplicas: replicas, readyReplicas: replicas, availableReplicas: replicas };
    return { status: { observedGeneration: 1, replicas, ...counts } };
  }
  if (object.kind !== 'Service') return {};
  const { spec } = object as Service;
  const isBalancer = spec.type === 'LoadBalancer';
  const clusterIP = isBalancer ? '10.96.0.50' : '10.96.0.51';
  const ports = (spec.ports ?? []).map((port, index) => ({
    ...port,
    protocol: 'TCP',
    ...(isBalancer ? { nodePort: 31_080 + index } : {}),
  }));
  const loadBalancer = isBalancer ? { ingress: [{ ip: ADDRESS, ipMode: 'VIP' }] } : {};
  return { spec: { ...spec, clusterIP, clusterIPs: [clusterIP], ports }, status: { loadBalancer } };
}

function podObjects(deployment: ControllerDeployment, time: string): [string, KubeObject][] {
  const { replicas, template } = deployment.spec;
  const { namespace = '' } = deployment.metadata;
  const { labels } = template.metadata;
  const [container] = template.spec.containers;
  const pods = Array.from({ length: replicas }, (_, index): KubeObject => {
    const ip = `10.63.0.${index + 10}`;
    const status = { image: container?.image, imageID: '', ready: true, started: true, restartCount: 0 };
    return {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: `${NAME}-6b7d9f8c5d-x7k2${index}`, namespace, labels },
      spec: { ...template.spec, nodeName: `worker-${index + 1}` },
      status: {
        phase: 'Running',
        podIP: ip,
        podIPs: [{ ip }],
        conditions: podConditions(true, time),
        containerStatuses: [
          { name: container?.name, ...status, state: { running: { startedAt: time } }, lastState: {} },
        ],
      },
    };
  });
  const web = [
    { name: 'http', port: 80, protocol: 'TCP' },
    { name: 'https', port: 443, protocol: 'TCP' },
  ];
  const webhook = [{ name: 'https-webhook', port: 8443, protocol: 'TCP' }];
  return [
    ...pods.map((pod): [string, KubeObject] => ['pods', pod]),
    [SLICES, sliceFor(NAME, pods, web)],
    [SLICES, sliceFor(`${NAME}-admission`, pods, webhook)],
  ];
}

function sliceFor(service: string, pods: readonly KubeObject[], ports: readonly unknown[]): KubeObject {
  const namespace = pods[0]?.metadata.namespace ?? '';
  const managedBy = 'endpointslice-controller.k8s.io';
  const labels = {
    'kubernetes.io/service-name': service,
    'endpointslice.kubernetes.io/managed-by': managedBy,
  };
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: `${service}-x7k2p`, namespace, labels },
    addressType: 'IPv4',
    endpoints: pods.map((pod) => ({
      addresses: [(pod.status as { podIP: string }).podIP],
      conditions: { ready: true, serving: true, terminating: false },
      targetRef: { kind: 'Pod', namespace, name: pod.metadata.name },
    })),
    ports,
  };
}
