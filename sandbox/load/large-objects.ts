/* The objects around the pods of one application of the large cluster. */
import type { Condition, EndpointSlice, Ingress, KubeObject } from '../controllers/shapes';
import type { App, PlannedIngress } from './large-plan';
import { hashOf, labelsOf, podSpecOf, selectorOf, suffixOf } from './large-pod';

const HTTP = { name: 'http', port: 8080, protocol: 'TCP' };
const METRICS = { name: 'metrics', port: 9090, protocol: 'TCP' };

export interface Workload extends KubeObject {
  spec: {
    replicas: number;
    template: { spec: Record<string, unknown>; [key: string]: unknown };
    [key: string]: unknown;
  };
  status: { readyReplicas: number; [key: string]: unknown };
}

function readyReplicas(app: App, replicas: number): number {
  if (app.fault === 'crashloop') return 0;
  return app.fault === 'some-unready' ? Math.max(0, replicas - 1) : replicas;
}

/** A Deployment; its template is shared by all that is made from it. */
export function deploymentOf(app: App, time: string): Workload {
  const replicas = app.fault === 'scaled-to-zero' ? 0 : app.pods;
  const ready = readyReplicas(app, replicas);
  const available =
    ready === replicas
      ? { status: 'True', reason: 'MinimumReplicasAvailable' }
      : { status: 'False', reason: 'MinimumReplicasUnavailable' };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name: app.name,
      namespace: app.namespace,
      generation: 1,
      labels: labelsOf(app),
      annotations: {
        'deployment.kubernetes.io/revision': '1',
        'meta.helm.sh/release-name': app.name,
        'meta.helm.sh/release-namespace': app.namespace,
      },
    },
    spec: {
      replicas,
      selector: { matchLabels: selectorOf(app) },
      template: { metadata: { labels: labelsOf(app) }, spec: podSpecOf(app) },
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
    },
    status: {
      observedGeneration: 1,
      replicas,
      updatedReplicas: replicas,
      readyReplicas: ready,
      availableReplicas: ready,
      conditions: [{ type: 'Available', ...available, lastTransitionTime: time, lastUpdateTime: time }],
    },
  };
}

/** The only ReplicaSet of a Deployment. */
export function replicaSetOf(app: App, uid: string, deployment: Workload): KubeObject {
  const { replicas, template } = deployment.spec;
  const { readyReplicas: ready } = deployment.status;
  const owner = { apiVersion: 'apps/v1', kind: 'Deployment', name: app.name, uid };
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${app.name}-${hashOf(app)}`,
      namespace: app.namespace,
      generation: 1,
      labels: { ...labelsOf(app), 'pod-template-hash': hashOf(app) },
      annotations: { 'deployment.kubernetes.io/revision': '1' },
      ownerReferences: [{ ...owner, controller: true, blockOwnerDeletion: true }],
    },
    spec: {
      replicas,
      selector: { matchLabels: { ...selectorOf(app), 'pod-template-hash': hashOf(app) } },
      template,
    },
    status: { replicas, readyReplicas: ready, availableReplicas: ready, observedGeneration: 1 },
  };
}

/** The Service of an application; a wrong selector or port where that is its fault. */
export function serviceOf(app: App): KubeObject {
  const number = app.index + 500;
  const clusterIP = `10.${128 + Math.floor(number / 62_500)}.${Math.floor(number / 250) % 250}.${(number % 250) + 1}`;
  const wrong = { 'app.kubernetes.io/name': `${app.name}-v2` };
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: app.name, namespace: app.namespace, labels: labelsOf(app) },
    spec: {
      type: 'ClusterIP',
      clusterIP,
      clusterIPs: [clusterIP],
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
      internalTrafficPolicy: 'Cluster',
      sessionAffinity: 'None',
      selector: { ...selectorOf(app), ...(app.fault === 'selector-wrong' ? wrong : {}) },
      ports: [
        { ...HTTP, port: app.fault === 'port-missing' ? 8081 : 80, targetPort: 'http' },
        { ...METRICS, targetPort: 'metrics' },
      ],
    },
    status: { loadBalancer: {} },
  };
}

/** The EndpointSlice of an application; more than a hundred pods make a slice larger than a cluster's would be. */
export function sliceOf(app: App, pods: readonly KubeObject[]): EndpointSlice {
  const endpoints = (app.fault === 'selector-wrong' ? [] : pods).map((pod) => {
    const { podIP = '', conditions = [] } = pod.status as { podIP?: string; conditions?: Condition[] };
    const ready = conditions.some((entry) => entry.type === 'Ready' && entry.status === 'True');
    const { name, uid = '' } = pod.metadata;
    return {
      addresses: [podIP],
      conditions: { ready, serving: ready, terminating: false },
      nodeName: (pod.spec as { nodeName: string }).nodeName,
      targetRef: { kind: 'Pod', namespace: app.namespace, name, uid },
    };
  });
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: `${app.name}-${suffixOf(app.index)}`,
      generateName: `${app.name}-`,
      namespace: app.namespace,
      labels: {
        ...labelsOf(app),
        'kubernetes.io/service-name': app.name,
        'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
      },
    },
    addressType: 'IPv4',
    endpoints,
    ports: endpoints.length > 0 ? [HTTP, METRICS] : null,
  };
}

/** An Ingress with its paths. */
export function ingressOf(planned: PlannedIngress): Ingress {
  const isLost = planned.paths.some(({ app }) => app.fault === 'class-missing');
  const paths = planned.paths.map(({ path, app }) => ({
    path,
    pathType: 'Prefix',
    backend: { service: { name: app.name, port: { number: 80 } } },
  }));
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: {
      name: planned.name,
      namespace: planned.namespace,
      generation: 1,
      labels: { 'app.kubernetes.io/managed-by': 'Helm' },
      annotations: { 'nginx.ingress.kubernetes.io/proxy-body-size': '8m' },
    },
    spec: {
      ingressClassName: isLost ? 'nginx-old' : 'nginx',
      rules: [{ host: planned.host, http: { paths } }],
    },
    status: { loadBalancer: isLost ? {} : { ingress: [{ ip: '203.0.113.10' }] } },
  };
}
