import type { KindName } from './objects';
import type { Ref } from './refs';

/** One watched resource of the API: where it is served, and whether a cluster may lack it. */
export interface Resource {
  readonly id: KindName;
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly kind: string;
  readonly namespaced: boolean;
  /** Served only where its CustomResourceDefinition is installed: a 404 is `absent`, not an error. */
  readonly optional: boolean;
  /** Narrows what is listed and watched; empty: all. */
  readonly fieldSelector: string;
}

function row(
  id: KindName,
  group: string,
  version: string,
  kind: string,
  namespaced = true,
  optional = false,
  fieldSelector = '',
): Resource {
  return { id, group, version, resource: id, kind, namespaced, optional, fieldSelector };
}

/** A resource of a CustomResourceDefinition, which a cluster may lack. */
function custom(
  id: KindName,
  group: string,
  version: string,
  kind: string,
  { namespaced = true, resource = id as string } = {},
): Resource {
  return { ...row(id, group, version, kind, namespaced, true), resource };
}

const RBAC = 'rbac.authorization.k8s.io';
const ISTIO = 'security.istio.io';
const CALICO = 'crd.projectcalico.org';
const ADMIN = 'policy.networking.k8s.io';
const CLUSTERED = { namespaced: false };

/** Every resource that the dashboard reads; RBAC rules and watchers are made from this table. */
export const RESOURCES: readonly Resource[] = [
  row('namespaces', '', 'v1', 'Namespace', false),
  row('nodes', '', 'v1', 'Node', false),
  row('pods', '', 'v1', 'Pod'),
  row('services', '', 'v1', 'Service'),
  row('secrets', '', 'v1', 'Secret'),
  row('endpointslices', 'discovery.k8s.io', 'v1', 'EndpointSlice'),
  row('ingresses', 'networking.k8s.io', 'v1', 'Ingress'),
  row('ingressclasses', 'networking.k8s.io', 'v1', 'IngressClass', false),
  row('deployments', 'apps', 'v1', 'Deployment'),
  row('statefulsets', 'apps', 'v1', 'StatefulSet'),
  row('daemonsets', 'apps', 'v1', 'DaemonSet'),
  row('scaledobjects', 'keda.sh', 'v1alpha1', 'ScaledObject', true, true),
  row('configmaps', '', 'v1', 'ConfigMap'),
  row('events', '', 'v1', 'Event', true, false, 'type=Warning'),
  row('networkpolicies', 'networking.k8s.io', 'v1', 'NetworkPolicy'),
  row('poddisruptionbudgets', 'policy', 'v1', 'PodDisruptionBudget'),
  row('horizontalpodautoscalers', 'autoscaling', 'v2', 'HorizontalPodAutoscaler'),
  row(
    'validatingwebhookconfigurations',
    'admissionregistration.k8s.io',
    'v1',
    'ValidatingWebhookConfiguration',
    false,
  ),
  row('serviceaccounts', '', 'v1', 'ServiceAccount'),
  row('roles', RBAC, 'v1', 'Role'),
  row('clusterroles', RBAC, 'v1', 'ClusterRole', false),
  row('rolebindings', RBAC, 'v1', 'RoleBinding'),
  row('clusterrolebindings', RBAC, 'v1', 'ClusterRoleBinding', false),
  row('certificates', 'cert-manager.io', 'v1', 'Certificate', true, true),
  row('issuers', 'cert-manager.io', 'v1', 'Issuer', true, true),
  row('clusterissuers', 'cert-manager.io', 'v1', 'ClusterIssuer', false, true),
  row('certificaterequests', 'cert-manager.io', 'v1', 'CertificateRequest', true, true),
  row('orders', 'acme.cert-manager.io', 'v1', 'Order', true, true),
  row('challenges', 'acme.cert-manager.io', 'v1', 'Challenge', true, true),
  custom('peerauthentications', ISTIO, 'v1', 'PeerAuthentication'),
  custom('authorizationpolicies', ISTIO, 'v1', 'AuthorizationPolicy'),
  custom('ciliumnetworkpolicies', 'cilium.io', 'v2', 'CiliumNetworkPolicy'),
  custom('ciliumclusterwidenetworkpolicies', 'cilium.io', 'v2', 'CiliumClusterwideNetworkPolicy', CLUSTERED),
  custom('caliconetworkpolicies', CALICO, 'v1', 'NetworkPolicy', { resource: 'networkpolicies' }),
  custom('calicoglobalnetworkpolicies', CALICO, 'v1', 'GlobalNetworkPolicy', {
    namespaced: false,
    resource: 'globalnetworkpolicies',
  }),
  custom('adminnetworkpolicies', ADMIN, 'v1alpha1', 'AdminNetworkPolicy', CLUSTERED),
  custom('baselineadminnetworkpolicies', ADMIN, 'v1alpha1', 'BaselineAdminNetworkPolicy', CLUSTERED),
];

const byId = new Map(RESOURCES.map((r) => [r.id, r]));

/** The table row of a kind. */
export function resourceOf(id: KindName): Resource {
  const found = byId.get(id);
  if (!found) throw new Error(`unknown resource ${id}`);
  return found;
}

/** A reference to an object of a watched kind; without `uid` it is a ghost. */
export function refOf(id: KindName, namespace: string, name: string, uid?: string): Ref {
  const { group, version, resource, kind } = resourceOf(id);
  return uid
    ? { group, version, resource, kind, namespace, name, uid }
    : { group, version, resource, kind, namespace, name };
}
