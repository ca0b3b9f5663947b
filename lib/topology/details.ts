/** `detail` of a node, by kind. Clients must cope with a missing field. */

/** The last edit of an object that a node shows, by its managedFields. */
export interface EditFact {
  /** `KIND NAMESPACE/NAME` */
  readonly object: string;
  readonly manager: string;
  /** RFC 3339. */
  readonly at: string;
}

/** A workload whose pods a Service selects, ready or not: what runs, and how much of it is asked for. */
export interface ServiceWorkload {
  readonly kind: string;
  readonly name: string;
  /** By container. */
  readonly images: Readonly<Record<string, string>>;
  /** null: a DaemonSet, whose nodes decide. */
  readonly replicas: number | null;
  /** Grows with every change of what it asks for, also of what is not kept here. */
  readonly generation: number;
}

export interface HostDetail {
  readonly host: string;
  readonly wildcard: boolean;
  /** Union of the addresses that the points of view answered. */
  readonly addresses: readonly string[];
  readonly cnames: readonly string[];
  /** One per DNS server. */
  readonly points: readonly {
    readonly server: string;
    readonly outcome: string;
    readonly addresses: readonly string[];
    readonly ttl: number;
  }[];
  readonly rules: { readonly total: number; readonly failing: number };
  readonly namespaces: readonly string[];
}

export interface LoadBalancerDetail {
  readonly type: 'LoadBalancer' | 'NodePort' | 'Nodes' | 'Ingress';
  readonly addresses: readonly string[];
  /** `80→http`, or `30080→80` for node ports. */
  readonly ports: readonly string[];
  readonly pending: boolean;
}

export interface ControllerDetail {
  /** `ingress-nginx`, `traefik`, … or `unknown`. */
  readonly type: string;
  readonly version: string;
  readonly image: string;
  readonly classes: readonly string[];
  readonly ready: number;
  readonly desired: number;
  readonly services: readonly string[];
  readonly confidence: string;
  readonly evidence: readonly string[];
  /** What is in force there, by group and name; `from` is `ConfigMap NS/NAME`, `argument` or `default`. */
  readonly settings?: readonly {
    readonly name: string;
    readonly value: string;
    readonly from: string;
    readonly group: string;
  }[];
  /** Why some settings are not known; empty otherwise. */
  readonly settingsUnknown?: string;
  /** Whether its log could be read; missing while that has not been tried. */
  readonly log?: { readonly state: 'read' | 'unreadable'; readonly reason: string };
  /** Of its workload and of the ConfigMaps that its settings come from. */
  readonly edits?: readonly EditFact[];
}

export interface RuleDetail {
  readonly host: string;
  readonly path: string;
  readonly pathType: string;
  readonly ingress: string;
  readonly class: string | null;
  /** Position among the rules of the host: rules are drawn in this order. */
  readonly order: number;
  readonly service: string | null;
  readonly port: number | string | null;
  /** The Secret for its host, and its certificate where that could be read: names for the host first, ten at most. */
  readonly tls: {
    readonly secret: string;
    readonly notAfter: string | null;
    readonly names: readonly string[] | null;
    readonly issuer: string | null;
  } | null;
  /** HTTP status that a user gets now; null when handed to a ready pod or not known. */
  readonly answer: number | null;
  /** Of the Ingress, short values as they are, long ones as a fingerprint; without those that tools write for themselves. */
  readonly annotations?: Readonly<Record<string, string>>;
  /** Of the Ingress. */
  readonly edits?: readonly EditFact[];
}

export interface ServiceDetail {
  readonly type: string;
  readonly ports: readonly {
    readonly name: string;
    readonly port: number;
    readonly targetPort: number | string;
    readonly nodePort: number | null;
  }[];
  readonly selector: Readonly<Record<string, string>> | null;
  readonly ready: number;
  readonly total: number;
  /** The first few by name; absent where Deployments may not be seen. */
  readonly workloads?: readonly ServiceWorkload[];
  /** Of the Service and of its workloads. */
  readonly edits?: readonly EditFact[];
}

export interface PodDetail {
  readonly phase: string;
  readonly ready: boolean;
  /** `CrashLoopBackOff`, `ImagePullBackOff`, `Unschedulable`, …; empty when all is well. */
  readonly reason: string;
  readonly restarts: number;
  readonly node: string;
  readonly ip: string;
  readonly image: string;
  readonly workload: string;
}

/** Beside a Service's or pod's own detail where no entry reaches it. */
export interface InternalDetail {
  readonly internal: true;
  /** Why nothing from outside leads here, in words; a Service has it as its `reason` too. */
  readonly internalReason: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** What a group of folded nodes holds; `expand=ID` unfolds it. */
export interface GroupDetail {
  readonly folds: 'pods' | 'hosts' | 'internal';
  readonly count: number;
  /** Members by status. */
  readonly statuses: Readonly<Partial<Record<string, number>>>;
  /** For pods: the Service; for hosts: the parent domain; for what no entry reaches: the namespace. */
  readonly of: string;
}
