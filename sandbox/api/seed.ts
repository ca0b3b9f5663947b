// What a fresh cluster has before anybody creates anything.
import type { Storage } from './storage';
import type { KubeObject } from './types';

const RBAC = 'rbac.authorization.k8s.io';

function add(storage: Storage, resource: string, object: KubeObject): void {
  if (storage.get(resource, object.metadata.namespace, object.metadata.name) === undefined)
    storage.create(resource, object);
}

function role(name: string, rules: unknown[]): KubeObject {
  return {
    apiVersion: `${RBAC}/v1`,
    kind: 'ClusterRole',
    metadata: { name, labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults' } },
    rules,
  };
}

function binding(name: string, group: string): KubeObject {
  return {
    apiVersion: `${RBAC}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: { name, labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults' } },
    roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name },
    subjects: [{ apiGroup: RBAC, kind: 'Group', name: group }],
  };
}

const READ = ['get', 'list', 'watch'];
const VIEWED = [
  {
    apiGroups: [''],
    resources: [
      'configmaps',
      'endpoints',
      'events',
      'namespaces',
      'persistentvolumeclaims',
      'pods',
      'pods/log',
      'pods/status',
      'serviceaccounts',
      'services',
      'services/status',
    ],
    verbs: READ,
  },
  {
    apiGroups: ['apps'],
    resources: ['daemonsets', 'deployments', 'deployments/scale', 'replicasets', 'statefulsets'],
    verbs: READ,
  },
  { apiGroups: ['autoscaling', 'batch', 'policy'], resources: ['*'], verbs: READ },
  { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: READ },
  {
    apiGroups: ['networking.k8s.io'],
    resources: ['ingresses', 'ingresses/status', 'networkpolicies'],
    verbs: READ,
  },
];
const PATHS = [
  '/api',
  '/api/*',
  '/apis',
  '/apis/*',
  '/healthz',
  '/livez',
  '/openapi',
  '/openapi/*',
  '/readyz',
  '/version',
  '/version/',
];

/** Creates the namespaces and roles of a fresh cluster, where they are missing. */
export function seedCluster(storage: Storage): void {
  for (const name of ['default', 'kube-node-lease', 'kube-public', 'kube-system']) {
    add(storage, 'namespaces', {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name, labels: { 'kubernetes.io/metadata.name': name } },
      spec: { finalizers: ['kubernetes'] },
      status: { phase: 'Active' },
    });
  }
  const everything = [
    { apiGroups: ['*'], resources: ['*'], verbs: ['*'] },
    { nonResourceURLs: ['*'], verbs: ['*'] },
  ];
  add(storage, `clusterroles.${RBAC}`, role('cluster-admin', everything));
  add(storage, `clusterroles.${RBAC}`, role('view', VIEWED));
  add(
    storage,
    `clusterroles.${RBAC}`,
    role('system:discovery', [{ nonResourceURLs: PATHS, verbs: ['get'] }]),
  );
  add(storage, `clusterrolebindings.${RBAC}`, binding('cluster-admin', 'system:masters'));
  add(storage, `clusterrolebindings.${RBAC}`, binding('system:discovery', 'system:authenticated'));
}
