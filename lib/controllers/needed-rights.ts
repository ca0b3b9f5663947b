/** What each controller must be allowed to read to serve Ingresses, from the roles that its own project ships. */
import type { Workload } from '@/lib/kube/objects';
import { majorMinor } from './image';
import type { ControllerType, RecognisedWorkload } from './types';

export interface NeededRight {
  readonly verbs: readonly string[];
  readonly group: string;
  readonly resource: string;
  /** `cluster`: IngressClasses lie in no namespace; `own`: in the controller's namespace; `watched`: wherever it looks. */
  readonly where: 'watched' | 'cluster' | 'own';
  /** What is lost without it: traffic, or only what others read of it. */
  readonly for: 'traffic' | 'status';
}

const LIST = ['list', 'watch'];

function reads(group: string, resource: string, where: NeededRight['where'] = 'watched'): NeededRight {
  return { verbs: LIST, group, resource, where, for: 'traffic' };
}

const INGRESSES = reads('networking.k8s.io', 'ingresses');
const SERVICES = reads('', 'services');
const SECRETS = reads('', 'secrets');
const SLICES = reads('discovery.k8s.io', 'endpointslices');
const CLASSES = reads('networking.k8s.io', 'ingressclasses', 'cluster');
const STATUS: NeededRight = {
  verbs: ['update'],
  group: 'networking.k8s.io',
  resource: 'ingresses/status',
  where: 'watched',
  for: 'status',
};
const LEASES: NeededRight = {
  verbs: ['update'],
  group: 'coordination.k8s.io',
  resource: 'leases',
  where: 'own',
  for: 'status',
};

function atLeast(version: string, major: number, minor: number): boolean {
  const found = majorMinor(version);
  return found !== null && (found[0] > major || (found[0] === major && found[1] >= minor));
}

function hasFlag({ containers }: Workload, flag: RegExp): boolean {
  return containers.some(({ command, args }) => [...command, ...args].some((text) => flag.test(text)));
}

type Needs = (recognised: RecognisedWorkload, workload: Workload) => readonly NeededRight[];

/**
 * Sources: ingress-nginx deploy/static/provider/cloud/deploy.yaml (EndpointSlices since 1.5); Traefik's chart
 * templates/rbac/clusterrole.yaml (EndpointSlices since 3.1, secrets may be limited to names); F5 deployments/rbac/rbac.yaml;
 * Contour examples/contour/02-role-contour.yaml; HAProxy Tech deploy/haproxy-ingress.yaml; Kong config/rbac/role.yaml.
 * Only what every version since 1.0 of that project reads; a type without a row is not judged.
 */
const NEEDS: Partial<Record<ControllerType, Needs>> = {
  'ingress-nginx': ({ version }, workload) => [
    INGRESSES,
    SERVICES,
    SECRETS,
    CLASSES,
    ...(atLeast(version, 1, 5) ? [SLICES] : []),
    ...(hasFlag(workload, /^--update-status=(false|0|f)$/i) ? [] : [STATUS]),
    ...(atLeast(version, 1, 5) && !hasFlag(workload, /^--disable-leader-election/) ? [LEASES] : []),
  ],
  traefik: ({ version }) => [INGRESSES, SERVICES, SECRETS, ...(atLeast(version, 3, 1) ? [SLICES] : [])],
  'f5-nginx': (_, workload) => [
    INGRESSES,
    SERVICES,
    SLICES,
    ...(hasFlag(workload, /^--?watch-secret-namespace/) ? [] : [SECRETS]),
  ],
  contour: (_, workload) => [
    INGRESSES,
    SERVICES,
    ...(hasFlag(workload, /^--root-namespaces/) ? [] : [SECRETS]),
  ],
  haproxytech: () => [INGRESSES, SERVICES, SECRETS],
  kong: () => [INGRESSES, SERVICES, SECRETS],
};

/** The rights that a controller needs; null for a type whose needs are not known. */
export function neededRights(
  recognised: RecognisedWorkload,
  workload: Workload,
): readonly NeededRight[] | null {
  return NEEDS[recognised.type]?.(recognised, workload) ?? null;
}
