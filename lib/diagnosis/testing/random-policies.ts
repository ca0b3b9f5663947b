/** Random NetworkPolicies, RBAC and a network plugin, over the names of the random cluster. */
import { container } from '@/lib/controllers/testing';
import type { LabelSelector, Meta, Pod, Workload } from '@/lib/kube/objects';
import type { PolicyRule } from '@/lib/kube/policy-objects';
import type { Change, ObjectChange } from '@/lib/state/change';
import type { Random } from './random';
import { randomForeignPolicy } from './random-foreign-policies';

/** What policies speak of. */
export interface Place {
  readonly namespaces: readonly string[];
  /** Values of the label `app`. */
  readonly apps: readonly string[];
}

const RANDOM_CLUSTER: Place = { namespaces: ['a', 'b'], apps: ['web', 'api', 'ingress', 'webb'] };

function meta(namespace: string, name: string): Meta {
  return {
    namespace,
    name,
    uid: name,
    created: null,
    deleting: null,
    labels: {},
    annotations: {},
    owner: null,
  };
}

function appSelector(random: Random, { apps }: Place): LabelSelector {
  const app = random.pick(apps);
  return { matchLabels: random.chance(0.4) ? {} : { app }, matchExpressions: [] };
}

function rule(random: Random, place: Place): PolicyRule {
  const name = random.pick(place.namespaces);
  const spaces = random.pick([{}, { 'kubernetes.io/metadata.name': name }, { name }]) as Record<
    string,
    string
  >;
  return {
    peers: random.pick([
      [],
      [{ podSelector: appSelector(random, place), namespaceSelector: null, ipBlock: null }],
      [
        {
          podSelector: null,
          namespaceSelector: { matchLabels: spaces, matchExpressions: [] },
          ipBlock: null,
        },
      ],
      [{ podSelector: null, namespaceSelector: null, ipBlock: { cidr: '10.0.0.0/8', except: [] } }],
    ]),
    ports: random.pick([
      [],
      [{ protocol: 'TCP', port: random.pick([80, 8080, 'http', null]), endPort: null }],
    ]),
  };
}

/** A policy of one of the namespaces. */
export function randomPolicy(random: Random, place: Place = RANDOM_CLUSTER): ObjectChange {
  const namespace = random.pick(place.namespaces);
  const name = random.pick(['p1', 'p2']);
  const rules = () => [0, 1].filter(() => random.chance(0.5)).map(() => rule(random, place));
  return {
    kind: 'networkpolicies',
    key: `${namespace}/${name}`,
    object: {
      ...meta(namespace, name),
      podSelector: appSelector(random, place),
      isolatesIngress: random.chance(0.8),
      isolatesEgress: random.chance(0.3),
      ingress: rules(),
      egress: rules(),
    },
  };
}

/** A policy of any kind, a controller's pod, a namespace with or without a label, a plugin, an account, a role or a binding. */
export function randomSurroundings(random: Random): ObjectChange {
  const namespace = random.pick(RANDOM_CLUSTER.namespaces);
  return random.pick<() => ObjectChange>([
    () => randomPolicy(random),
    () => randomPolicy(random),
    () => randomForeignPolicy(random, RANDOM_CLUSTER),
    () => randomForeignPolicy(random, RANDOM_CLUSTER),
    () => ({ kind: 'pods', key: `${namespace}/ingress-1`, object: controllerPod(random, namespace) }),
    () => ({
      kind: 'namespaces',
      key: `/${namespace}`,
      object: {
        ...meta('', namespace),
        labels: random.pick([
          {},
          { name: namespace },
          { 'istio.io/dataplane-mode': 'ambient' },
        ]) as Meta['labels'],
        phase: 'Active',
      },
    }),
    () => ({ kind: 'daemonsets', key: 'kube-system/net', object: plugin(random) }),
    () => ({
      kind: 'serviceaccounts',
      key: `${namespace}/default`,
      object: meta(namespace, 'default'),
    }),
    () => ({
      kind: 'clusterroles',
      key: `/${random.pick(['cluster-admin', 'some'])}`,
      object: {
        ...meta('', 'some'),
        grants: [
          {
            verbs: random.pick([['*'], ['list', 'watch']]),
            groups: ['', 'networking.k8s.io'],
            resources: ['*'],
            names: [],
          },
        ],
      },
    }),
    () => ({
      kind: 'clusterrolebindings',
      key: '/some',
      object: {
        ...meta('', 'some'),
        role: { kind: 'ClusterRole', name: random.pick(['cluster-admin', 'some']) },
        subjects: [
          { kind: 'ServiceAccount', namespace, name: 'default' },
          { kind: 'Group', namespace: '', name: random.pick(['devs', 'system:authenticated']) },
        ],
      },
    }),
  ])();
}

function controllerPod(random: Random, namespace: string): Pod {
  return {
    ...meta(namespace, 'ingress-1'),
    labels: { app: 'ingress' },
    ips: random.pick([[], ['10.0.1.1']]),
    node: 'n1',
    hostNetwork: random.chance(0.2),
    phase: 'Running',
    containers: [],
    states: [],
    conditions: [],
    readinessGates: [],
  };
}

/** A network plugin, or something that is none. */
export function plugin(random: Random): Workload {
  const image = random.pick([
    'quay.io/calico/node:v3.30.0',
    'docker.io/cloudnativelabs/kube-router:v2.5.0',
    'docker.io/flannel/flannel:v0.26.0',
    'something:1',
  ]);
  return {
    ...meta('kube-system', 'net'),
    kind: 'DaemonSet',
    generation: 1,
    observedGeneration: 1,
    replicas: 1,
    readyReplicas: 1,
    updatedReplicas: 1,
    selector: { matchLabels: { app: 'net' }, matchExpressions: [] },
    templateLabels: { app: 'net' },
    hostNetwork: true,
    serviceAccount: 'net',
    containers: [container(image, [])],
    spreads: false,
    configMaps: [],
    edited: null,
    conditions: [],
  };
}

/** What the API server tells of itself. */
export function randomServer(random: Random): Change {
  const groups = random.pick([null, ['apps'], ['apps', 'crd.projectcalico.org']]);
  return { type: 'fact', source: 'server', key: '', fact: { version: 'v1.33.2', groups } };
}
