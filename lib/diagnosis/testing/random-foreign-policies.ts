/** Random objects of the mesh, of network plugins and of administrators, over the names of the random cluster. */
import type { LabelSelector, Labels, Meta } from '@/lib/kube/objects';
import type { ObjectChange } from '@/lib/state/change';
import type { Random } from './random';

const MODES = ['STRICT', 'STRICT', 'PERMISSIVE', 'UNSET'] as const;

function meta(namespace: string, name: string, created: number | null): Meta {
  return { namespace, name, uid: name, created, deleting: null, labels: {}, annotations: {}, owner: null };
}

function selector(random: Random, apps: readonly string[]): LabelSelector | null {
  const none: LabelSelector = { matchLabels: {}, matchExpressions: [] };
  return random.pick([null, none, { matchLabels: { app: random.pick(apps) }, matchExpressions: [] }]);
}

/** Names that there are. */
interface Surroundings {
  readonly namespaces: readonly string[];
  /** Values of the label `app`. */
  readonly apps: readonly string[];
}

/** A policy of another kind than NetworkPolicy, in one of the namespaces or for the cluster. */
export function randomForeignPolicy(random: Random, { namespaces, apps }: Surroundings): ObjectChange {
  const name = random.pick(['q1', 'q2']);
  const home = random.pick([...namespaces, 'istio-system']);
  const labels = random.pick<Labels | null>([null, { app: random.pick(apps) }]);
  const common = meta(home, name, random.pick([null, 1, 2]));
  const clustered = { ...common, namespace: '' };
  const ingress = random.chance(0.7);
  const pods = selector(random, apps);
  return random.pick<() => ObjectChange>([
    () => ({
      kind: 'peerauthentications',
      key: `${home}/${name}`,
      object: {
        ...common,
        selector: labels,
        mode: random.pick(MODES),
        ports: random.pick([[], [{ port: 8080, mode: random.pick(MODES) }]]),
      },
    }),
    () => ({
      kind: 'authorizationpolicies',
      key: `${home}/${name}`,
      object: {
        ...common,
        selector: labels,
        targets: random.pick([[], [{ kind: 'Service', name: random.pick(apps) }]]),
        action: random.pick(['ALLOW', 'DENY', 'AUDIT', 'CUSTOM'] as const),
        rules: random.pick([0, 1]),
        matchesAll: random.chance(0.2),
      },
    }),
    () => ({
      kind: 'ciliumnetworkpolicies',
      key: `${home}/${name}`,
      object: { ...common, rules: [{ pods, ingress }] },
    }),
    () => ({
      kind: 'ciliumclusterwidenetworkpolicies',
      key: `/${name}`,
      object: { ...clustered, rules: [{ pods, ingress }] },
    }),
    () => ({
      kind: 'caliconetworkpolicies',
      key: `${home}/${name}`,
      object: { ...common, pods, namespaces: { matchLabels: {}, matchExpressions: [] }, ingress },
    }),
    () => ({
      kind: 'calicoglobalnetworkpolicies',
      key: `/${name}`,
      object: { ...clustered, pods, namespaces: selector(random, apps), ingress },
    }),
    () => ({
      kind: random.pick(['adminnetworkpolicies', 'baselineadminnetworkpolicies'] as const),
      key: `/${name}`,
      object: {
        ...clustered,
        namespaces: { matchLabels: random.pick<Labels>([{}, { name: 'a' }]), matchExpressions: [] },
        pods: pods ?? { matchLabels: {}, matchExpressions: [] },
        ingress,
      },
    }),
  ])();
}
