/** How each controller reads hosts and paths: SEMANTICS 2.0 as data. What is not verified there is null, never a guess. */
import type { ControllerType } from '@/lib/controllers/types';

/** How one kind of path is compared with a request's path. */
export type PathReading =
  /** By `/`-separated elements (Ingress v1, pathType Prefix). */
  | 'segments'
  /** By its characters: `/foo` matches `/foobar`. */
  | 'text'
  | 'text-any-case'
  /** By its characters, and a path that ends in `/` without it too. */
  | 'text-or-bare'
  /** `*` and `?` of an ALB rule. */
  | 'alb-glob'
  /** `*` at the end after `/` only; without it the path is exact. */
  | 'gce-glob'
  /** `*` at the end; without it the path is exact. */
  | 'star-glob'
  /** Exact, unless it ends in a wildcard. */
  | 'istio'
  /** A regular expression where it looks like one, else by its characters. */
  | 'contour'
  | 'kong'
  | 'regex';

/** Whose rule wins where two match the same requests (same host, path and type). */
export type TieRule =
  /** Oldest Ingress; of one second: `NAMESPACE/NAME` descending. */
  | 'oldest-then-name-descending'
  /** Oldest Ingress; of one second: `NAMESPACE/NAME` ascending. */
  | 'oldest-then-name'
  /** Oldest Ingress; of one second: name, then namespace. */
  | 'oldest-then-plain-name'
  /** Oldest Ingress; of one second: the larger UID. */
  | 'oldest-then-uid'
  /** The last one written in the Ingress. */
  | 'last-written'
  /** Order of the group, `NAMESPACE/NAME`, then order of writing. */
  | 'group-order';

export interface Dialect {
  readonly type: ControllerType;
  /** pathType Prefix; null: not known. */
  readonly prefix: PathReading | null;
  /** pathType ImplementationSpecific; null: not known. */
  readonly free: PathReading | null;
  /** How many labels `*.` stands for; null: not known. */
  readonly wildcardHost: 'one-label' | 'any-depth' | null;
  /**
   * Several Ingresses on one host: their rules are merged; the host belongs to one of them; each has a load balancer of
   * its own; or they are merged within a group. Null: not known.
   */
  readonly sameHost: 'merged' | 'owned' | 'separate' | 'grouped' | null;
  /** Null: no order is defined. */
  readonly tie: TieRule | null;
}

type Row = Omit<Dialect, 'type'>;

const UNKNOWN: Row = { prefix: null, free: null, wildcardHost: null, sameHost: null, tie: null };

/** SEMANTICS 2.0 to 2.9, controllers and versions as named there. */
const ROWS: Readonly<Record<ControllerType, Row>> = {
  // internal/ingress/controller/controller.go and location.go, v1.15.1.
  'ingress-nginx': {
    prefix: 'segments',
    free: 'segments',
    wildcardHost: 'one-label',
    sameHost: 'merged',
    tie: 'oldest-then-name-descending',
  },
  // internal/k8s/configuration.go and internal/configs/ingress.go, ~5.5.
  'f5-nginx': {
    prefix: 'text',
    free: 'text',
    wildcardHost: 'any-depth',
    sameHost: 'owned',
    tie: 'oldest-then-uid',
  },
  // pkg/provider/kubernetes/ingress and pkg/muxer, v3.7; strictPrefixMatching makes Prefix element-wise.
  traefik: { prefix: 'text', free: 'text', wildcardHost: 'one-label', sameHost: 'merged', tie: null },
  // pkg/route/route.go, 2026-07.
  haproxytech: {
    prefix: 'segments',
    free: 'text-or-bare',
    wildcardHost: 'one-label',
    sameHost: 'merged',
    tie: null,
  },
  // docs keys.md (path-type, default `begin`); pkg/converters/ingress/ingress.go, 2026-08.
  'haproxy-ingress': {
    prefix: 'segments',
    free: 'text-any-case',
    wildcardHost: null,
    sameHost: 'merged',
    tie: 'oldest-then-name',
  },
  // internal/dag/ingress_processor.go, 2026-08.
  contour: { prefix: 'segments', free: 'contour', wildcardHost: 'one-label', sameHost: 'merged', tie: null },
  // pilot/pkg/config/kube/ingress; Envoy compares wildcards by suffix.
  istio: {
    prefix: 'segments',
    free: 'istio',
    wildcardHost: 'any-depth',
    sameHost: 'merged',
    tie: 'oldest-then-plain-name',
  },
  // KIC; how its router breaks ties is not verified.
  kong: { prefix: 'segments', free: 'kong', wildcardHost: null, sameHost: 'merged', tie: null },
  cilium: { prefix: null, free: 'regex', wildcardHost: null, sameHost: null, tie: null },
  // pkg/ingress, v3.5.
  'aws-alb': {
    prefix: 'segments',
    free: 'alb-glob',
    wildcardHost: 'any-depth',
    sameHost: 'grouped',
    tie: 'group-order',
  },
  agic: { prefix: 'text', free: 'star-glob', wildcardHost: null, sameHost: 'merged', tie: null },
  // pkg/translator, 2026-08: one load balancer for each Ingress.
  gce: {
    prefix: 'segments',
    free: 'gce-glob',
    wildcardHost: null,
    sameHost: 'separate',
    tie: 'last-written',
  },
  unknown: UNKNOWN,
};

/**
 * How a controller reads hosts and paths. `strictPrefix` is Traefik's `strictPrefixMatching`: `unknown` where its flag
 * cannot be read.
 */
export function dialectOf(type: ControllerType, strictPrefix: boolean | 'unknown' = false): Dialect {
  const row = ROWS[type];
  if (type !== 'traefik' || strictPrefix === false) return { type, ...row };
  return { type, ...row, prefix: strictPrefix === true ? 'segments' : null };
}
