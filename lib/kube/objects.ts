/**
 * The narrow, read-only shapes of the Kubernetes objects that we keep. Everything else is dropped at the edge
 * (`lib/kube/project`). All times are epoch milliseconds; a field that an odd object lacks is empty, never undefined.
 */

import type { Role, RoleBinding, ServiceAccount } from './access-objects';
import type { Certificate, CertificateRequest, Challenge, Issuer, Order } from './cert-manager-objects';
import type { KubeEvent } from './event-object';
import type {
  HorizontalPodAutoscaler,
  NetworkPolicy,
  PodDisruptionBudget,
  WebhookConfiguration,
} from './policy-objects';

export type Labels = Readonly<Record<string, string>>;

export interface Meta {
  /** Empty for cluster-scoped objects. */
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly created: number | null;
  readonly deleting: number | null;
  readonly labels: Labels;
  readonly annotations: Labels;
  /** The controlling owner, if any. */
  readonly owner: { readonly group: string; readonly kind: string; readonly name: string } | null;
}

/** Who last changed what an object asks for, by its managedFields (status left out), and when. */
export interface Edit {
  readonly manager: string;
  readonly operation: string;
  readonly at: number;
}

export interface ContainerPort {
  readonly name: string;
  readonly port: number;
  readonly protocol: string;
  readonly hostPort: number | null;
}

/** What one container of a pod template asks for. */
export interface ContainerSpec {
  readonly name: string;
  readonly image: string;
  readonly ports: readonly ContainerPort[];
  readonly hasReadinessProbe: boolean;
}

export interface ContainerState {
  readonly name: string;
  readonly ready: boolean;
  readonly restarts: number;
  readonly waiting: { readonly reason: string; readonly message: string } | null;
  /** The current termination, or else the last one. */
  readonly terminated: {
    readonly reason: string;
    readonly exitCode: number;
    readonly at: number | null;
    readonly message: string;
  } | null;
}

export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
  readonly since: number | null;
}

export interface Pod extends Meta {
  readonly ips: readonly string[];
  readonly node: string;
  readonly hostNetwork: boolean;
  readonly phase: string;
  /** Containers and restartable init containers (sidecars), whose ports count for named target ports. */
  readonly containers: readonly ContainerSpec[];
  readonly states: readonly ContainerState[];
  /** `PodScheduled`, `Ready`, `ContainersReady` and readiness gates; others are dropped. */
  readonly conditions: readonly Condition[];
  readonly readinessGates: readonly string[];
}

export interface ServicePort {
  readonly name: string;
  readonly port: number;
  readonly targetPort: number | string;
  readonly nodePort: number | null;
  readonly protocol: string;
  readonly appProtocol: string;
}

export interface LoadBalancerAddress {
  readonly ip: string;
  readonly hostname: string;
  /** `PORT/PROTOCOL: CODE` of ports that the provider could not open; absent where there are none. */
  readonly portErrors?: readonly string[];
}

export interface Service extends Meta {
  readonly type: string;
  readonly clusterIP: string;
  /** `null`: no selector, endpoints are somebody else's business. */
  readonly selector: Labels | null;
  readonly ports: readonly ServicePort[];
  readonly externalName: string;
  readonly externalIPs: readonly string[];
  readonly addresses: readonly LoadBalancerAddress[];
  readonly loadBalancerClass: string;
  readonly publishNotReadyAddresses: boolean;
  readonly externalTrafficPolicy: string;
  readonly internalTrafficPolicy: string;
  /** `allocateLoadBalancerNodePorts`; absent means true. */
  readonly allocatesNodePorts: boolean;
  readonly sourceRanges: readonly string[];
  readonly ipFamilies: readonly string[];
  readonly edited: Edit | null;
}

export interface Endpoint {
  /** Consumers use only the first address of an endpoint. */
  readonly address: string;
  /** `ready: nil` counts as true, `terminating: nil` as false (EndpointSlice v1 godoc). */
  readonly ready: boolean;
  readonly serving: boolean;
  readonly terminating: boolean;
  readonly pod: string | null;
  readonly node: string;
}

export interface EndpointSlice extends Meta {
  /** Name of the Service, from the label `kubernetes.io/service-name`; empty when not labelled. */
  readonly service: string;
  readonly addressType: string;
  readonly ports: readonly {
    readonly name: string;
    readonly port: number | null;
    readonly protocol: string;
  }[];
  readonly endpoints: readonly Endpoint[];
  readonly managedBy: string;
}

export type Backend =
  | { readonly type: 'service'; readonly name: string; readonly port: number | string | null }
  | { readonly type: 'resource'; readonly group: string; readonly kind: string; readonly name: string };

export interface IngressPath {
  readonly path: string;
  readonly pathType: string;
  readonly backend: Backend | null;
}

export interface Ingress extends Meta {
  readonly className: string | null;
  readonly defaultBackend: Backend | null;
  /** `host` is empty for a rule that takes every host; `paths` is empty for a rule without `http`. */
  readonly rules: readonly { readonly host: string; readonly paths: readonly IngressPath[] }[];
  readonly tls: readonly { readonly hosts: readonly string[]; readonly secretName: string }[];
  readonly addresses: readonly LoadBalancerAddress[];
  readonly edited: Edit | null;
}

export interface IngressClass extends Meta {
  readonly controller: string;
  readonly isDefault: boolean;
  readonly parameters: {
    readonly group: string;
    readonly kind: string;
    readonly name: string;
    /** `Cluster` or `Namespace`. */
    readonly scope: string;
    readonly namespace: string;
  } | null;
}

/** A container of a workload's template, with what tells a controller's configuration. */
export interface WorkloadContainer extends ContainerSpec {
  readonly command: readonly string[];
  readonly args: readonly string[];
  /** Plain values, and `fieldRef:PATH` for downward fields; values from Secrets and ConfigMaps are never kept. */
  readonly env: Labels;
  readonly hasLivenessProbe: boolean;
  /** The readiness probe's port, by number or name; null: none, or no port (exec). */
  readonly readinessPort: number | string | null;
  /** Names of what is requested and limited: `cpu`, `memory`. */
  readonly requests: readonly string[];
  readonly limits: readonly string[];
  readonly security: {
    readonly privileged: boolean;
    /** Null where nothing is said. */
    readonly allowPrivilegeEscalation: boolean | null;
    /** Of the container, else of the pod; null where nothing is said. */
    readonly runAsNonRoot: boolean | null;
    readonly runAsUser: number | null;
    readonly addedCapabilities: readonly string[];
    readonly droppedCapabilities: readonly string[];
  };
}

/** Deployment, StatefulSet or DaemonSet. */
export interface Workload extends Meta {
  readonly kind: 'Deployment' | 'StatefulSet' | 'DaemonSet';
  readonly generation: number;
  readonly observedGeneration: number;
  /** Desired replicas: spec.replicas, or desiredNumberScheduled of a DaemonSet. */
  readonly replicas: number;
  readonly readyReplicas: number;
  readonly updatedReplicas: number;
  readonly selector: LabelSelector;
  readonly templateLabels: Labels;
  readonly hostNetwork: boolean;
  readonly serviceAccount: string;
  readonly containers: readonly WorkloadContainer[];
  readonly conditions: readonly Condition[];
  /** Whether pods are told to keep apart: anti-affinity or topology spread. */
  readonly spreads: boolean;
  /** ConfigMaps and Secrets that the template mounts or reads its environment from, not counting optional ones. */
  readonly configMaps: readonly string[];
  readonly edited: Edit | null;
}

export interface LabelSelector {
  readonly matchLabels: Labels;
  readonly matchExpressions: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values: readonly string[];
  }[];
}

export interface Namespace extends Meta {
  readonly phase: string;
}

export interface Node extends Meta {
  readonly ready: boolean;
  readonly unschedulable: boolean;
  readonly addresses: readonly { readonly type: string; readonly address: string }[];
}

/** KEDA ScaledObject: explains a workload scaled to zero. */
export interface ScaledObject extends Meta {
  readonly target: { readonly kind: string; readonly name: string };
  readonly minReplicas: number;
}

/** A certificate that `tls.crt` holds beside the leaf. */
export interface ChainLink {
  readonly subject: string;
  readonly notBefore: number;
  readonly notAfter: number;
  readonly isCa: boolean;
}

/** Facts of a TLS certificate's public part: of the leaf, and of the way from it to a root. */
export interface CertificateFacts {
  /** Common names. */
  readonly subject: string;
  readonly issuer: string;
  /** DNS names of the subject alternative name, as written. */
  readonly names: readonly string[];
  /** IP addresses of the subject alternative name. */
  readonly addresses: readonly string[];
  readonly notBefore: number;
  readonly notAfter: number;
  /** Whether the private key belongs to the certificate; the key itself is dropped at the edge. */
  readonly keyMatches: boolean | null;
  readonly selfSigned: boolean;
  /** Whether the leaf stands first, as every controller needs it. */
  readonly leafFirst: boolean;
  /** Intermediates that a client needs, in the order in which they sign; roots are left out. */
  readonly chain: readonly ChainLink[];
  /** Where that way ends: at a root that everybody has, at one that the Secret brings itself, or nowhere. */
  readonly chainEnd: 'public-root' | 'own-root' | 'gap';
  /** Whose certificate is missing at a gap; empty where there is none. */
  readonly missingIssuer: string;
  /** Carries Certificate Transparency timestamps (RFC 6962), as certificates of public authorities do. */
  readonly logged: boolean;
  /** `RSA 1024`, `SHA-1 signature`, …; empty when key and signature are strong enough. */
  readonly weakness: string;
}

/** What may be known of a Secret: never a value. */
export interface Secret extends Meta {
  readonly type: string;
  readonly keys: readonly string[];
  readonly certificate: CertificateFacts | null;
  /** Why `tls.crt` could not be read as a certificate, or `tls.key` as a key; empty when they could or are absent. */
  readonly certificateError: string;
  readonly edited: Edit | null;
}

/** A ConfigMap that a controller reads; others are never asked for. Values like credentials are masked. */
export interface ConfigMap extends Meta {
  readonly data: Labels;
  readonly edited: Edit | null;
}

/** Kind tables of the store: resource name → narrow shape. */
export interface Kinds {
  namespaces: Namespace;
  nodes: Node;
  pods: Pod;
  services: Service;
  endpointslices: EndpointSlice;
  ingresses: Ingress;
  ingressclasses: IngressClass;
  deployments: Workload;
  statefulsets: Workload;
  daemonsets: Workload;
  scaledobjects: ScaledObject;
  secrets: Secret;
  configmaps: ConfigMap;
  events: KubeEvent;
  networkpolicies: NetworkPolicy;
  poddisruptionbudgets: PodDisruptionBudget;
  horizontalpodautoscalers: HorizontalPodAutoscaler;
  validatingwebhookconfigurations: WebhookConfiguration;
  serviceaccounts: ServiceAccount;
  roles: Role;
  clusterroles: Role;
  rolebindings: RoleBinding;
  clusterrolebindings: RoleBinding;
  certificates: Certificate;
  issuers: Issuer;
  clusterissuers: Issuer;
  certificaterequests: CertificateRequest;
  orders: Order;
  challenges: Challenge;
}

export type KindName = keyof Kinds;
