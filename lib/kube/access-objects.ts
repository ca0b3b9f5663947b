/** Narrow shapes of RBAC. */
import type { Meta } from './objects';

export interface PolicyGrant {
  readonly verbs: readonly string[];
  readonly groups: readonly string[];
  readonly resources: readonly string[];
  /** Empty: all. */
  readonly names: readonly string[];
}

/** Role or ClusterRole; of an aggregated ClusterRole the control plane fills in the grants. */
export interface Role extends Meta {
  readonly grants: readonly PolicyGrant[];
}

/** RoleBinding or ClusterRoleBinding. */
export interface RoleBinding extends Meta {
  readonly role: { readonly kind: string; readonly name: string };
  readonly subjects: readonly { readonly kind: string; readonly namespace: string; readonly name: string }[];
}

export type ServiceAccount = Meta;
