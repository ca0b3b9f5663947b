import type { KindName, Kinds } from '@/lib/kube/objects';
import { projectRole, projectRoleBinding, projectServiceAccount } from './access';
import {
  projectCertificate,
  projectCertificateRequest,
  projectChallenge,
  projectIssuer,
  projectOrder,
} from './cert-manager';
import { projectNamespace, projectNode } from './cluster-scoped';
import { projectConfigMap } from './config-map';
import { projectEndpointSlice } from './endpoint-slice';
import { projectEvent } from './event';
import { projectAdminPolicy, projectCalicoPolicy, projectCiliumPolicy } from './foreign-policies';
import { projectIngress, projectIngressClass } from './ingress';
import type { Interner } from './interner';
import { projectAuthorizationPolicy, projectPeerAuthentication } from './mesh';
import { projectNetworkPolicy } from './network-policy';
import { projectPod } from './pod';
import { projectAutoscaler, projectDisruptionBudget, projectWebhooks } from './policies';
import { type Raw, record } from './raw';
import { projectScaledObject } from './scaled-object';
import { projectService } from './service';
import { workloadProjection } from './workload';

/** Kinds projected here; Secrets need cryptography and are projected at the edge (`server/cluster/secret-facts`). */
export type ProjectedKind = Exclude<KindName, 'secrets'>;

/** Raw JSON to the narrow shape; null when the object has no usable name. Never throws, keeps nothing of the raw one. */
export type Projection<K extends KindName> = (raw: Raw, interner: Interner) => Kinds[K] | null;

const PROJECTIONS: { readonly [K in ProjectedKind]: Projection<K> } = {
  namespaces: projectNamespace,
  nodes: projectNode,
  pods: projectPod,
  services: projectService,
  endpointslices: projectEndpointSlice,
  ingresses: projectIngress,
  ingressclasses: projectIngressClass,
  deployments: workloadProjection('Deployment'),
  statefulsets: workloadProjection('StatefulSet'),
  daemonsets: workloadProjection('DaemonSet'),
  scaledobjects: projectScaledObject,
  configmaps: projectConfigMap,
  events: projectEvent,
  networkpolicies: projectNetworkPolicy,
  poddisruptionbudgets: projectDisruptionBudget,
  horizontalpodautoscalers: projectAutoscaler,
  validatingwebhookconfigurations: projectWebhooks,
  serviceaccounts: projectServiceAccount,
  roles: projectRole,
  clusterroles: projectRole,
  rolebindings: projectRoleBinding,
  clusterrolebindings: projectRoleBinding,
  certificates: projectCertificate,
  issuers: projectIssuer,
  clusterissuers: projectIssuer,
  certificaterequests: projectCertificateRequest,
  orders: projectOrder,
  challenges: projectChallenge,
  peerauthentications: projectPeerAuthentication,
  authorizationpolicies: projectAuthorizationPolicy,
  ciliumnetworkpolicies: projectCiliumPolicy,
  ciliumclusterwidenetworkpolicies: projectCiliumPolicy,
  caliconetworkpolicies: projectCalicoPolicy,
  calicoglobalnetworkpolicies: projectCalicoPolicy,
  adminnetworkpolicies: projectAdminPolicy,
  baselineadminnetworkpolicies: projectAdminPolicy,
};

/** The narrow shape of one object of the API; null when it has no usable `metadata.name`. */
export function project<K extends ProjectedKind>(kind: K, raw: unknown, interner: Interner): Kinds[K] | null {
  return PROJECTIONS[kind](record(raw), interner);
}
