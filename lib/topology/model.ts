/** The topology as clients see it: CONTRACT "The model". Plain data; `lib/wire` has the schemas that hold it to the contract. */

import type { Ref } from '@/lib/kube/refs';
import type { Environment } from './environment';

export type Status = 'ok' | 'warning' | 'degraded' | 'broken' | 'unknown' | 'pending';

export type NodeKind =
  | 'host'
  | 'loadbalancer'
  | 'address'
  | 'controller'
  | 'rule'
  | 'service'
  | 'pod'
  | 'endpoint'
  | 'external'
  | 'secret'
  | 'class'
  | 'listener'
  | 'group';

export type EdgeKind = 'resolves' | 'exposes' | 'serves' | 'routes' | 'backs' | 'terminates' | 'claims';

/** How an edge is known. */
export type Basis = 'declared' | 'observed' | 'probed' | 'measured';

/** Facts of a node by kind; values are JSON. */
export type Detail = Readonly<Record<string, unknown>>;

export interface TopologyNode {
  readonly id: string;
  readonly kind: NodeKind;
  readonly name: string;
  readonly namespace: string;
  readonly status: Status;
  /** Absent for what is no Kubernetes object (hosts, addresses, groups). */
  readonly ref?: Ref;
  readonly findings: readonly string[];
  readonly detail: Detail;
}

export interface TopologyEdge {
  readonly id: string;
  readonly source: string;
  readonly target: string;
  readonly kind: EdgeKind;
  readonly port?: number | string;
  readonly status: Status;
  readonly basis: Basis;
  readonly label: string;
  readonly findings: readonly string[];
}

export type Severity = 'broken' | 'degraded' | 'warning' | 'info';

export type Hop =
  | 'dns'
  | 'loadbalancer'
  | 'controller'
  | 'class'
  | 'rule'
  | 'tls'
  | 'service'
  | 'endpoints'
  | 'pod'
  | 'networkpolicy'
  | 'rbac'
  | 'security'
  | 'best-practice';

/** A rule (or a directly exposed Service) that a finding harms, and what a user gets there. */
export interface Affected {
  /** Node id of the host. */
  readonly host: string;
  /** Node id of the rule, or of the Service where one is exposed directly. */
  readonly rule: string;
  /** HTTP status that a user gets; null where it is no HTTP answer or is not known. */
  readonly answer: number | null;
}

export interface Evidence {
  readonly ref: Ref | null;
  readonly path: string;
  readonly value: string;
  readonly at: string | null;
}

export interface Fix {
  readonly summary: string;
  /** Commands that only read. */
  readonly look: readonly string[];
  /** Commands that change the cluster. */
  readonly change: readonly string[];
  /** Who owns the object, when changing it by hand would be undone. */
  readonly managedBy: string | null;
}

export interface Finding {
  readonly id: string;
  readonly code: string;
  readonly severity: Severity;
  readonly impact: 'traffic' | 'risk';
  readonly state: 'open' | 'unknown';
  readonly settled: boolean;
  readonly hop: Hop;
  readonly cause: string | null;
  readonly affects: readonly Affected[];
  readonly subject: Ref;
  readonly related: readonly Ref[];
  readonly title: string;
  readonly detail: string;
  readonly evidence: readonly Evidence[];
  readonly fix: Fix;
  /** RFC 3339; null: it was already so when first seen. */
  readonly since: string | null;
}

export type CoverageState = 'watched' | 'on-demand' | 'forbidden' | 'absent' | 'failing';

export interface Coverage {
  readonly resource: string;
  readonly state: CoverageState;
  readonly reason: string;
  readonly fix: string;
}

export type Connection = 'connecting' | 'live' | 'stale' | 'unauthorized' | 'unreachable';

export interface ClusterInfo {
  readonly id: string;
  readonly name: string;
  readonly connection: Connection;
  readonly since: string;
  /** Why it is not live; absent when it is. */
  readonly reason?: string;
  /** What it is for; absent: its name may tell. */
  readonly environment?: Environment;
  /** Where the viewer may not see everything: of how many namespaces he may, and why no more; empty: by the cluster's RBAC. */
  readonly limited?: { readonly namespaces: number; readonly reason: string };
}

export interface Summary {
  readonly hosts: {
    readonly ok: number;
    readonly warning: number;
    readonly degraded: number;
    readonly broken: number;
    readonly unknown: number;
    readonly pending: number;
  };
  readonly findings: {
    readonly broken: number;
    readonly degraded: number;
    readonly warning: number;
    readonly info: number;
  };
  readonly outOfScope: { readonly services: number; readonly pods: number };
}

/** One whole topology: what `GET /api/v1/topology` returns. */
export interface Topology {
  readonly epoch: string;
  readonly version: number;
  readonly takenAt: string;
  readonly cluster: ClusterInfo;
  readonly coverage: readonly Coverage[];
  readonly nodes: readonly TopologyNode[];
  readonly edges: readonly TopologyEdge[];
  readonly findings: readonly Finding[];
  readonly summary: Summary;
}

/** Changes of one keyed collection. */
export interface Patch<T> {
  readonly upsert: readonly T[];
  readonly remove: readonly string[];
}

/** What changed between two published versions, before it is narrowed to a view. */
/** Items as they were before a delta: at least those that it changes or removes. */
export interface Before {
  readonly nodes: ReadonlyMap<string, TopologyNode>;
  readonly edges: ReadonlyMap<string, TopologyEdge>;
  readonly findings: ReadonlyMap<string, Finding>;
}

export interface TopologyDelta {
  readonly nodes: Patch<TopologyNode>;
  readonly edges: Patch<TopologyEdge>;
  readonly findings: Patch<Finding>;
}
