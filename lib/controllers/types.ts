/** What is said of an ingress controller: how it was recognised, what it picks up, and what it answers. */
import type { Ingress, IngressClass, LabelSelector, Namespace, Workload } from '@/lib/kube/objects';

export const CONTROLLER_TYPES = [
  'ingress-nginx',
  'f5-nginx',
  'traefik',
  'haproxytech',
  'haproxy-ingress',
  'contour',
  'istio',
  'kong',
  'cilium',
  'aws-alb',
  'agic',
  'gce',
  'unknown',
] as const;

export type ControllerType = (typeof CONTROLLER_TYPES)[number];

/** Which classes a controller (or one provider of it) picks up. */
export interface ClassSelection {
  /** Values of `IngressClass.spec.controller` that it claims; empty when it claims none or the flag is unreadable. */
  readonly controllerValues: readonly string[];
  /** Its `--ingress-class` or the product's default; empty where it takes any, or the flag is unreadable. */
  readonly ingressClass: string;
  readonly watchWithoutClass: boolean | 'unknown';
  /** Picks IngressClasses by name too, whatever their `spec.controller`. */
  readonly classByName: boolean;
}

/** Which namespaces (and which Ingresses in them) a controller looks at. */
export interface WatchScope {
  /** `null`: all namespaces. */
  readonly watchNamespaces: readonly string[] | null | 'unknown';
  readonly ignoredNamespaces: readonly string[];
  readonly watchNamespaceSelector: LabelSelector | null;
  /** Labels that an Ingress itself must carry (sharded controllers). */
  readonly ingressSelector: LabelSelector | null | 'unknown';
}

export type Confidence = 'certain' | 'likely' | 'guess';

export interface RecognisedWorkload extends ClassSelection, WatchScope {
  readonly type: ControllerType;
  readonly namespace: string;
  readonly name: string;
  /** `data` planes have no flags of their own: their control plane decides what they serve. */
  readonly role: 'control' | 'data' | 'both';
  readonly image: string;
  /** From the image's tag, without `v`; empty if unknown. */
  readonly version: string;
  /** `NAMESPACE/NAME` of the Service whose address it writes into the status of Ingresses. */
  readonly publishService: string | null;
  /** Knows no `networking.k8s.io/v1`: serves none of these Ingresses (TRUTH "Old controllers"). */
  readonly predatesV1: boolean;
  readonly retired?: boolean;
  readonly disableCatchAll: boolean | 'unknown';
  /** Reads Ingress objects at all. */
  readonly servesIngress: boolean | 'unknown';
  /** haproxy-ingress' `--ingress-class-precedence`: the field wins over a class annotation that disagrees. */
  readonly fieldFirst: boolean | 'unknown';
  /** Traefik's `allowEmptyServices`: an empty Service answers 503 instead of losing its route. */
  readonly allowEmptyServices: boolean | 'unknown';
  /** Traefik's provider that imitates ingress-nginx, when it is switched on. */
  readonly nginxProvider: (ClassSelection & WatchScope) | null;
  /** Flags and files that decide something and cannot be read. */
  readonly unreadable: readonly string[];
  readonly confidence: Confidence;
  /** Human words with the field, strongest first. */
  readonly evidence: readonly string[];
}

export interface Acceptance {
  readonly accepts: 'yes' | 'no' | 'unknown';
  readonly reason: string;
}

/** The IngressClass that `spec.ingressClassName` names; `null` when the Ingress names none there. */
export type NamedClass = IngressClass | 'missing' | 'unknown' | null;

export interface AcceptanceContext {
  /** Every IngressClass of the cluster, for default classes; `null` when they cannot be read. */
  readonly classes: readonly IngressClass[] | null;
  /** Recognised workloads, among which a data plane finds its control plane. */
  readonly workloads: readonly RecognisedWorkload[];
}

export interface AcceptanceQuery {
  readonly instance: RecognisedWorkload;
  readonly ingress: Ingress;
  readonly ingressClass: NamedClass;
  readonly namespace: Namespace | null;
  readonly context: AcceptanceContext;
}

/** What a client gets from a controller of this type; `null`: cannot be known (SEMANTICS 2.0, cells marked [N]). */
export interface Answers {
  readonly serviceMissing: number | null;
  readonly noEndpoints: number | null;
  readonly portMissing: number | null;
  readonly noRoute: number | null;
  readonly tlsFallback: 'default-certificate' | 'handshake-fails' | 'unknown';
  readonly endpointsUse: 'ready' | 'serving';
  /** Takes a backend port that is only some Service port's `targetPort`. */
  readonly portByTargetPort: boolean;
  /** Status of the redirect to https that it makes by itself on hosts with TLS; `null`: none, or not known. */
  readonly autoRedirect: number | null;
  /** A path without Service loses its route, so that a wider rule may answer instead of `serviceMissing`. */
  readonly dropsRoute: boolean;
}

/** One row of the registry. */
export interface Controller {
  readonly type: ControllerType;
  readonly title: string;
  readonly note: string;
  readonly answers: (instance?: RecognisedWorkload) => Answers;
  readonly recognise: (workload: Workload) => RecognisedWorkload | null;
  readonly accept: (query: AcceptanceQuery) => Acceptance;
}
