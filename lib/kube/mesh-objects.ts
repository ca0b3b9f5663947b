/** Narrow shapes of Istio's security objects (security.istio.io/v1). */
import type { Labels, Meta } from './objects';

/** `UNSET` takes over what stands above: the namespace's mode, then the mesh's, then PERMISSIVE. */
export type MutualTls = 'STRICT' | 'PERMISSIVE' | 'DISABLE' | 'UNSET';

export interface PeerAuthentication extends Meta {
  /** Null: every pod of the namespace, of the root namespace every pod of the mesh. */
  readonly selector: Labels | null;
  readonly mode: MutualTls;
  /** By port of the pod, not of the Service; counts only beside a selector. */
  readonly ports: readonly { readonly port: number; readonly mode: MutualTls }[];
}

export interface AuthorizationPolicy extends Meta {
  /** Null: every pod of the namespace, of the root namespace every pod of the mesh. */
  readonly selector: Labels | null;
  /** Names of what it is attached to instead of pods: Services, gateways, waypoints. */
  readonly targets: readonly { readonly kind: string; readonly name: string }[];
  readonly action: 'ALLOW' | 'DENY' | 'AUDIT' | 'CUSTOM';
  readonly rules: number;
  /** One of its rules has no condition at all: it matches every request. */
  readonly matchesAll: boolean;
}
