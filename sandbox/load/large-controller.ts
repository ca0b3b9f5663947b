/* The ingress-nginx of the large cluster, with ready pods and an address. */
import type { KubeObject } from '../controllers/shapes'
import { podConditions } from './large-objects'

const NAMESPACE = 'ingress-nginx'
const NAME = 'ingress-nginx-controller'
const LABELS = { 'app.kubernetes.io/name': 'ingress-nginx', 'app.kubernetes.io/instance': 'ingress-nginx', 'app.kubernetes.io/component': 'controller' }
const IMAGE = 'registry.k8s.io/ingress-nginx/controller:v1.15.1'
const PODS = 3

/** Its objects as [resource, object]. */
export function controllerObjects(time: string, nodeCount: number): [string, KubeObject][] {
  const template = {
    metadata: { labels: LABELS },
    spec: {
      serviceAccountName: 'ingress-nginx',
      containers: [
        {
          name: 'controller',
          image: IMAGE,
          args: ['/nginx-ingress-controller', '--publish-service=$(POD_NAMESPACE)/ingress-nginx-controller', '--election-id=ingress-nginx-leader', '--controller-class=k8s.io/ingress-nginx', '--ingress-class=nginx', '--configmap=$(POD_NAMESPACE)/ingress-nginx-controller'],
          env: [{ name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }, { name: 'POD_NAMESPACE', valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } }],
          ports: [{ name: 'http', containerPort: 80, protocol: 'TCP' }, { name: 'https', containerPort: 443, protocol: 'TCP' }],
        },
      ],
    },
  }
  const named = (name: string, more: Partial<KubeObject['metadata']> = {}): KubeObject['metadata'] => ({ name, namespace: NAMESPACE, labels: LABELS, ...more })
  const pods = Array.from({ length: PODS }, (_, index) => controllerPod(index, nodeCount, template.spec, time))
  const ports = [{ name: 'http', port: 80, targetPort: 'http', protocol: 'TCP', nodePort: 31080 }, { name: 'https', port: 443, targetPort: 'https', protocol: 'TCP', nodePort: 31443 }]
  return [
    ['namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE, labels: { 'kubernetes.io/metadata.name': NAMESPACE } }, status: { phase: 'Active' } }],
    ['ingressclasses.networking.k8s.io', { apiVersion: 'networking.k8s.io/v1', kind: 'IngressClass', metadata: { name: 'nginx', labels: LABELS }, spec: { controller: 'k8s.io/ingress-nginx' } }],
    ['serviceaccounts', { apiVersion: 'v1', kind: 'ServiceAccount', metadata: named('ingress-nginx') }],
    ['configmaps', { apiVersion: 'v1', kind: 'ConfigMap', metadata: named(NAME), data: {} }],
    ['deployments.apps', { apiVersion: 'apps/v1', kind: 'Deployment', metadata: named(NAME, { generation: 1 }), spec: { replicas: PODS, selector: { matchLabels: LABELS }, template }, status: { observedGeneration: 1, replicas: PODS, updatedReplicas: PODS, readyReplicas: PODS, availableReplicas: PODS } }],
    ['services', { apiVersion: 'v1', kind: 'Service', metadata: named(NAME), spec: { type: 'LoadBalancer', clusterIP: '10.96.0.50', clusterIPs: ['10.96.0.50'], selector: LABELS, ports, externalTrafficPolicy: 'Cluster' }, status: { loadBalancer: { ingress: [{ ip: '203.0.113.10', ipMode: 'VIP' }] } } }],
    ...pods.map((pod): [string, KubeObject] => ['pods', pod]),
    [
      'endpointslices.discovery.k8s.io',
      {
        apiVersion: 'discovery.k8s.io/v1',
        kind: 'EndpointSlice',
        metadata: named(`${NAME}-x7k2p`, { labels: { ...LABELS, 'kubernetes.io/service-name': NAME, 'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io' } }),
        addressType: 'IPv4',
        endpoints: pods.map((pod) => ({ addresses: [(pod.status as { podIP: string }).podIP], conditions: { ready: true, serving: true, terminating: false }, targetRef: { kind: 'Pod', namespace: NAMESPACE, name: pod.metadata.name } })),
        ports: [{ name: 'http', port: 80, protocol: 'TCP' }, { name: 'https', port: 443, protocol: 'TCP' }],
      },
    ],
  ]
}

function controllerPod(index: number, nodeCount: number, spec: Record<string, unknown>, time: string): KubeObject {
  const ip = `10.63.0.${index + 10}`
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `${NAME}-6b7d9f8c5d-${['x7k2p', 'm4n8q', 'r9t2v'][index]}`, namespace: NAMESPACE, labels: LABELS },
    spec: { ...spec, nodeName: `worker-${(index % nodeCount) + 1}` },
    status: { phase: 'Running', podIP: ip, podIPs: [{ ip }], conditions: podConditions(true, time), containerStatuses: [{ name: 'controller', image: IMAGE, imageID: '', ready: true, started: true, restartCount: 0, state: { running: { startedAt: time } }, lastState: {} }] },
  }
}
