import type { KindName } from './objects';
import { RESOURCES, type Resource } from './resources';

/** What the API server is asked. `create` is for reviews alone, which store nothing. */
export type Verb = 'get' | 'list' | 'watch' | 'create';

/** One right that the dashboard uses, and what it is for. */
export interface Right {
  /** What the chart switches: `core` is always on, reviews follow the way of signing in, the others have a value each. */
  readonly feature: Feature;
  readonly group: string;
  /** With its subresource: `pods/log`. */
  readonly resource: string;
  readonly verbs: readonly Verb[];
  readonly namespaced: boolean;
  /** The row of the coverage that tells when it is missing; null: it is told elsewhere. */
  readonly coverage: KindName | null;
}

/** Everything that the chart can switch, with the words of docs/rbac.md. `without`: what is lost. */
export const FEATURES = {
  core: {
    does: 'The map itself: entries, Services, pods and who serves them.',
    without: 'The kind is not drawn, and all that depends on it is unknown.',
  },
  nodes: {
    does: 'Zones, addresses and health of nodes.',
    without: 'Node ports and host ports lead to addresses that cannot be told from others.',
  },
  events: {
    does: 'Warnings of the cluster: failing pulls, probes, load balancers.',
    without: 'The cluster’s own words are missing from findings.',
  },
  configMaps: {
    does: 'Settings of ingress controllers, read by name.',
    without: 'A controller’s settings are unknown; its defaults are not taken for granted.',
  },
  networkPolicies: { does: 'What policies let through.', without: 'No connection is said to be blocked.' },
  scaling: {
    does: 'Budgets and autoscalers of controllers.',
    without: 'Advice about replicas, budgets and scaling is not given.',
  },
  webhooks: {
    does: 'Admission webhooks of ingress controllers.',
    without: 'A webhook that keeps Ingresses from being applied is not seen.',
  },
  controllerRights: {
    does: 'What a controller itself may read.',
    without: 'A controller that may not read what it serves is not explained.',
  },
  podLogs: {
    does: 'The newest lines of controllers and the last ones of crashing pods.',
    without: 'Complaints in logs and the reason of a crash are not told.',
  },
  secretsGet: {
    does: 'Certificates in Secrets that something names, asked for one by one. Of a Secret nothing is kept but its certificate’s dates and names.',
    without: 'Whether a TLS Secret exists, fits and is in date is unknown.',
  },
  secretsWatch: {
    does: 'The same, by watching all Secrets: a change is seen at once.',
    without: 'Whether a TLS Secret exists, fits and is in date is unknown.',
  },
  certManager: { does: 'How certificates come to be.', without: 'Why a certificate is missing is not told.' },
  keda: { does: 'KEDA’s scaling of controllers.', without: 'A controller that KEDA scales looks unscaled.' },
  istio: { does: 'What the mesh requires of peers.', without: 'No connection is said to be blocked by it.' },
  cilium: { does: 'Cilium’s own policies.', without: 'No connection is said to be blocked by them.' },
  calico: { does: 'Calico’s own policies.', without: 'No connection is said to be blocked by them.' },
  adminNetworkPolicies: {
    does: 'Network policies of the cluster’s administrator.',
    without: 'No connection is said to be blocked by them.',
  },
  gatewayApi: { does: 'Gateways and their routes.', without: 'Gateways and routes are not drawn.' },
  traefik: { does: 'Traefik’s own routes.', without: 'Traefik’s own routes are not drawn.' },
  contour: { does: 'Contour’s own routes.', without: 'Contour’s own routes are not drawn.' },
  accessReviews: {
    does: 'Asks which namespaces a signed-in person may see. A review is a question: nothing is stored.',
    without: 'Signed-in people see nothing, and are told why.',
  },
  tokenReviews: {
    does: 'Asks whose token it is that somebody signs in with. A review is a question: nothing is stored.',
    without: 'Nobody can sign in with a token.',
  },
} as const;

export type Feature = keyof typeof FEATURES;

const BY_ID: Readonly<Partial<Record<KindName, Feature>>> = {
  namespaces: 'core',
  nodes: 'nodes',
  pods: 'core',
  services: 'core',
  endpointslices: 'core',
  ingresses: 'core',
  ingressclasses: 'core',
  deployments: 'core',
  statefulsets: 'core',
  daemonsets: 'core',
  configmaps: 'configMaps',
  events: 'events',
  networkpolicies: 'networkPolicies',
  poddisruptionbudgets: 'scaling',
  horizontalpodautoscalers: 'scaling',
  validatingwebhookconfigurations: 'webhooks',
  serviceaccounts: 'controllerRights',
  secrets: 'secretsGet',
};

const BY_GROUP: Readonly<Record<string, Feature>> = {
  'rbac.authorization.k8s.io': 'controllerRights',
  'cert-manager.io': 'certManager',
  'acme.cert-manager.io': 'certManager',
  'keda.sh': 'keda',
  'security.istio.io': 'istio',
  'networking.istio.io': 'istio',
  'cilium.io': 'cilium',
  'crd.projectcalico.org': 'calico',
  'policy.networking.k8s.io': 'adminNetworkPolicies',
  'gateway.networking.k8s.io': 'gatewayApi',
  'traefik.io': 'traefik',
  'projectcontour.io': 'contour',
};

/** Read for findings only: their contents are for who may read them in the cluster, so no object of them is shown. */
export const WITHHELD: ReadonlySet<KindName> = new Set([
  'configmaps',
  'events',
  'serviceaccounts',
  'roles',
  'clusterroles',
  'rolebindings',
  'clusterrolebindings',
  'validatingwebhookconfigurations',
  'orders',
  'challenges',
]);

/** What is asked of a watched resource: `get` where its objects are shown; ConfigMaps, and Secrets unless they are watched, only by name. */
export function verbsOf(id: KindName, secrets: 'get' | 'watch' | 'off'): readonly Verb[] {
  const byName = id === 'configmaps' || (id === 'secrets' && secrets !== 'watch');
  if (byName) return ['get'];
  return WITHHELD.has(id) ? ['list', 'watch'] : ['get', 'list', 'watch'];
}

function featureOf({ id, group }: Resource): Feature {
  const feature = BY_ID[id] ?? BY_GROUP[group];
  if (feature === undefined) throw new Error(`${id}: say in lib/kube/rights.ts which feature needs it`);
  return feature;
}

function rightOf(row: Resource): Right {
  const { id, group, resource, namespaced } = row;
  return {
    feature: featureOf(row),
    group,
    resource,
    verbs: verbsOf(id, 'get'),
    namespaced,
    coverage: id,
  };
}

const review = (feature: Feature, group: string, resource: string): Right => ({
  feature,
  group,
  resource,
  verbs: ['create'],
  namespaced: false,
  coverage: null,
});

/** Every right that any setting uses, from the table of watched resources; what RBAC rules are made of. */
export function rights(resources: readonly Resource[] = RESOURCES): readonly Right[] {
  const secrets = resources.find(({ id }) => id === 'secrets');
  return [
    ...resources.map(rightOf),
    ...(secrets
      ? [{ ...rightOf(secrets), feature: 'secretsWatch' as const, verbs: verbsOf('secrets', 'watch') }]
      : []),
    // Owners of pods, opened in the inspector.
    {
      feature: 'core',
      group: 'apps',
      resource: 'replicasets',
      verbs: ['get'],
      namespaced: true,
      coverage: null,
    },
    { feature: 'podLogs', group: '', resource: 'pods/log', verbs: ['get'], namespaced: true, coverage: null },
    review('accessReviews', 'authorization.k8s.io', 'subjectaccessreviews'),
    review('tokenReviews', 'authentication.k8s.io', 'tokenreviews'),
  ];
}
