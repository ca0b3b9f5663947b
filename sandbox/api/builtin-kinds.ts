// The kinds that every cluster has.
import {
  BINDING_COLUMNS,
  CLAIM_COLUMNS,
  CONFIG_MAP_COLUMNS,
  CRD_COLUMNS,
  EVENT_COLUMNS,
  LEASE_COLUMNS,
  NAMESPACE_COLUMNS,
  NODE_COLUMNS,
  ROLE_COLUMNS,
  SECRET_COLUMNS,
  SERVICE_ACCOUNT_COLUMNS,
} from './columns/cluster';
import {
  ENDPOINT_SLICE_COLUMNS,
  ENDPOINTS_COLUMNS,
  INGRESS_CLASS_COLUMNS,
  INGRESS_COLUMNS,
  NETWORK_POLICY_COLUMNS,
  SERVICE_COLUMNS,
} from './columns/network';
import { POD_COLUMNS } from './columns/pod';
import {
  AUTOSCALER_COLUMNS,
  CRON_JOB_COLUMNS,
  DAEMON_SET_COLUMNS,
  DEPLOYMENT_COLUMNS,
  JOB_COLUMNS,
  REPLICA_SET_COLUMNS,
  STATEFUL_SET_COLUMNS,
} from './columns/workloads';
import type { Storage } from './storage';
import type { Column, ResourceInfo } from './types';

type More = Partial<Pick<ResourceInfo, 'categories' | 'subresources' | 'verbs' | 'namespaced' | 'singular'>>;

function kind(
  apiVersion: string,
  resource: string,
  name: string,
  shortNames: string[],
  columns: Column[] | undefined,
  more: More = {},
): ResourceInfo {
  const [first = '', second] = apiVersion.split('/');
  return {
    group: second === undefined ? '' : first,
    version: second ?? first,
    resource,
    singular: name.toLowerCase(),
    kind: name,
    namespaced: true,
    shortNames,
    subresources: { status: false },
    ...(columns === undefined ? {} : { columns }),
    ...more,
  };
}

const ALL = ['all'];
const STATUS: More = { subresources: { status: true } };
const SCALED: More = { subresources: { status: true, scale: true }, categories: ALL };
const WORK: More = { ...STATUS, categories: ALL };
const CLUSTER: More = { namespaced: false };
const POD: More = { subresources: { status: true, log: true, eviction: true }, categories: ALL };
const REVIEW: More = { ...CLUSTER, verbs: ['create'] };
const RBAC = 'rbac.authorization.k8s.io/v1';
const AUTHORIZATION = 'authorization.k8s.io/v1';
const NETWORKING = 'networking.k8s.io/v1';

/** The kinds of a fresh cluster, in the order discovery lists them. */
export const BUILTIN_KINDS: readonly ResourceInfo[] = [
  kind('v1', 'namespaces', 'Namespace', ['ns'], NAMESPACE_COLUMNS, { ...CLUSTER, ...STATUS }),
  kind('v1', 'nodes', 'Node', ['no'], NODE_COLUMNS, { ...CLUSTER, ...STATUS }),
  kind('v1', 'pods', 'Pod', ['po'], POD_COLUMNS, POD),
  kind('v1', 'services', 'Service', ['svc'], SERVICE_COLUMNS, WORK),
  kind('v1', 'endpoints', 'Endpoints', ['ep'], ENDPOINTS_COLUMNS),
  kind('v1', 'secrets', 'Secret', [], SECRET_COLUMNS),
  kind('v1', 'configmaps', 'ConfigMap', ['cm'], CONFIG_MAP_COLUMNS),
  kind('v1', 'serviceaccounts', 'ServiceAccount', ['sa'], SERVICE_ACCOUNT_COLUMNS),
  kind('v1', 'events', 'Event', ['ev'], EVENT_COLUMNS),
  kind('v1', 'persistentvolumeclaims', 'PersistentVolumeClaim', ['pvc'], CLAIM_COLUMNS, STATUS),
  kind('v1', 'persistentvolumes', 'PersistentVolume', ['pv'], undefined, { ...CLUSTER, ...STATUS }),
  kind('v1', 'replicationcontrollers', 'ReplicationController', ['rc'], REPLICA_SET_COLUMNS, SCALED),
  kind('v1', 'limitranges', 'LimitRange', ['limits'], undefined),
  kind('v1', 'resourcequotas', 'ResourceQuota', ['quota'], undefined, STATUS),
  kind('apps/v1', 'deployments', 'Deployment', ['deploy'], DEPLOYMENT_COLUMNS, SCALED),
  kind('apps/v1', 'replicasets', 'ReplicaSet', ['rs'], REPLICA_SET_COLUMNS, SCALED),
  kind('apps/v1', 'statefulsets', 'StatefulSet', ['sts'], STATEFUL_SET_COLUMNS, SCALED),
  kind('apps/v1', 'daemonsets', 'DaemonSet', ['ds'], DAEMON_SET_COLUMNS, WORK),
  kind('apps/v1', 'controllerrevisions', 'ControllerRevision', [], undefined),
  kind('events.k8s.io/v1', 'events', 'Event', ['ev'], EVENT_COLUMNS),
  kind('authentication.k8s.io/v1', 'tokenreviews', 'TokenReview', [], undefined, REVIEW),
  kind('authentication.k8s.io/v1', 'selfsubjectreviews', 'SelfSubjectReview', [], undefined, REVIEW),
  kind(AUTHORIZATION, 'selfsubjectaccessreviews', 'SelfSubjectAccessReview', [], undefined, REVIEW),
  kind(AUTHORIZATION, 'subjectaccessreviews', 'SubjectAccessReview', [], undefined, REVIEW),
  kind(AUTHORIZATION, 'selfsubjectrulesreviews', 'SelfSubjectRulesReview', [], undefined, REVIEW),
  kind(AUTHORIZATION, 'localsubjectaccessreviews', 'LocalSubjectAccessReview', [], undefined, {
    verbs: ['create'],
  }),
  kind(
    'autoscaling/v2',
    'horizontalpodautoscalers',
    'HorizontalPodAutoscaler',
    ['hpa'],
    AUTOSCALER_COLUMNS,
    WORK,
  ),
  kind(
    'autoscaling/v1',
    'horizontalpodautoscalers',
    'HorizontalPodAutoscaler',
    ['hpa'],
    AUTOSCALER_COLUMNS,
    WORK,
  ),
  kind('batch/v1', 'jobs', 'Job', [], JOB_COLUMNS, WORK),
  kind('batch/v1', 'cronjobs', 'CronJob', ['cj'], CRON_JOB_COLUMNS, WORK),
  kind(NETWORKING, 'ingresses', 'Ingress', ['ing'], INGRESS_COLUMNS, STATUS),
  kind(NETWORKING, 'ingressclasses', 'IngressClass', [], INGRESS_CLASS_COLUMNS, CLUSTER),
  kind(NETWORKING, 'networkpolicies', 'NetworkPolicy', ['netpol'], NETWORK_POLICY_COLUMNS),
  kind('policy/v1', 'poddisruptionbudgets', 'PodDisruptionBudget', ['pdb'], undefined, STATUS),
  kind(RBAC, 'roles', 'Role', [], ROLE_COLUMNS),
  kind(RBAC, 'rolebindings', 'RoleBinding', [], BINDING_COLUMNS),
  kind(RBAC, 'clusterroles', 'ClusterRole', [], ROLE_COLUMNS, CLUSTER),
  kind(RBAC, 'clusterrolebindings', 'ClusterRoleBinding', [], BINDING_COLUMNS, CLUSTER),
  kind('storage.k8s.io/v1', 'storageclasses', 'StorageClass', ['sc'], undefined, CLUSTER),
  kind(
    'apiextensions.k8s.io/v1',
    'customresourcedefinitions',
    'CustomResourceDefinition',
    ['crd', 'crds'],
    CRD_COLUMNS,
    { ...CLUSTER, ...STATUS, categories: ['api-extensions'] },
  ),
  kind('apiregistration.k8s.io/v1', 'apiservices', 'APIService', [], undefined, { ...CLUSTER, ...STATUS }),
  kind(
    'admissionregistration.k8s.io/v1',
    'validatingwebhookconfigurations',
    'ValidatingWebhookConfiguration',
    [],
    undefined,
    CLUSTER,
  ),
  kind(
    'admissionregistration.k8s.io/v1',
    'mutatingwebhookconfigurations',
    'MutatingWebhookConfiguration',
    [],
    undefined,
    CLUSTER,
  ),
  kind('discovery.k8s.io/v1', 'endpointslices', 'EndpointSlice', [], ENDPOINT_SLICE_COLUMNS),
  kind('coordination.k8s.io/v1', 'leases', 'Lease', [], LEASE_COLUMNS),
];

/** Registers the kinds of a fresh cluster. */
export function registerBuiltinKinds(storage: Storage): void {
  for (const info of BUILTIN_KINDS) storage.register(info);
}
