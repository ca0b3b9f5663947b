/** Narrow shapes of what limits traffic and pods: NetworkPolicy, disruption budgets, autoscalers, webhooks. */
import type { LabelSelector, Meta } from './objects';

export interface PolicyPort {
  readonly protocol: string;
  /** Number, or the name of a container's port; null: every port of the protocol. */
  readonly port: number | string | null;
  readonly endPort: number | null;
}

/** Either an address block, or pods chosen by both selectors (an absent one is null; empty matches all). */
export interface PolicyPeer {
  readonly podSelector: LabelSelector | null;
  readonly namespaceSelector: LabelSelector | null;
  readonly ipBlock: { readonly cidr: string; readonly except: readonly string[] } | null;
}

export interface PolicyRule {
  /** Empty: everyone (an absent and an empty list mean the same). */
  readonly peers: readonly PolicyPeer[];
  /** Empty: every port. */
  readonly ports: readonly PolicyPort[];
}

export interface NetworkPolicy extends Meta {
  readonly podSelector: LabelSelector;
  /** After defaulting: `Ingress` always when none is named, `Egress` then only with egress rules. */
  readonly isolatesIngress: boolean;
  readonly isolatesEgress: boolean;
  readonly ingress: readonly PolicyRule[];
  readonly egress: readonly PolicyRule[];
}

export interface PodDisruptionBudget extends Meta {
  readonly selector: LabelSelector | null;
  /** As written, a number or a percentage; empty where absent. */
  readonly minAvailable: string;
  readonly maxUnavailable: string;
  readonly disruptionsAllowed: number;
  readonly expectedPods: number;
}

export interface HorizontalPodAutoscaler extends Meta {
  readonly target: { readonly kind: string; readonly name: string };
  readonly min: number;
  readonly max: number;
}

/** ValidatingWebhookConfiguration. */
export interface WebhookConfiguration extends Meta {
  readonly hooks: readonly {
    readonly name: string;
    readonly failurePolicy: string;
    /** Null: called by URL. */
    readonly service: {
      readonly namespace: string;
      readonly name: string;
      readonly port: number;
    } | null;
    readonly hasCaBundle: boolean;
    /** `GROUP/RESOURCE` that it judges. */
    readonly resources: readonly string[];
  }[];
}
