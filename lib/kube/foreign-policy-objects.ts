/** Narrow shapes of policies that are not evaluated: whom they are for, and whether they may keep traffic out. */
import type { LabelSelector, Meta } from './objects';

/** One rule of a CiliumNetworkPolicy or CiliumClusterwideNetworkPolicy (cilium.io/v2). */
export interface CiliumRule {
  /** Source prefixes (`k8s:`, `any:`) are taken off; null: it cannot be told whom it selects. */
  readonly pods: LabelSelector | null;
  /** Whether it may keep traffic from the pods: it has rules for ingress. */
  readonly ingress: boolean;
}

/** A CiliumNetworkPolicy or CiliumClusterwideNetworkPolicy. */
export interface CiliumPolicy extends Meta {
  /** Rules for nodes and for other identities than pods are left out. */
  readonly rules: readonly CiliumRule[];
}

/** Calico's NetworkPolicy or GlobalNetworkPolicy (crd.projectcalico.org/v1). */
export interface CalicoPolicy extends Meta {
  /** Null: its expression cannot be told. */
  readonly pods: LabelSelector | null;
  /** Of a GlobalNetworkPolicy; null: its expression cannot be told. */
  readonly namespaces: LabelSelector | null;
  readonly ingress: boolean;
}

/** AdminNetworkPolicy or BaselineAdminNetworkPolicy (policy.networking.k8s.io/v1alpha1). */
export interface AdminPolicy extends Meta {
  readonly namespaces: LabelSelector;
  readonly pods: LabelSelector;
  /** Whether one of its rules for ingress denies; Allow and Pass keep nobody out. */
  readonly ingress: boolean;
}
