import { describe, expect, it } from 'vitest';
import { RESOURCES } from '@/lib/kube/resources';
import { buildFixture, toObject } from './testing/fixture';
import { faults } from './testing/invariants';

/** Names as a user of some namespace, a dump or a broken client may bring them. */
const NAMES: Readonly<Record<string, string>> = {
  prototype: '__proto__',
  constructor: 'constructor',
  toString: 'toString',
  '253 characters': 'a'.repeat(253),
  '5000 characters': 'x'.repeat(5000),
  'right to left': '\u202egnp.exe\u202c',
  'NUL and newline': 'a\u0000b\nrm -rf ~',
  emoji: '🛒-😈',
  'half a surrogate pair': 'a\ud83d',
  shell: `$(id)\`id\`'";|&<>`,
  separators: 'a:b,c>d~e%2Ff#g?h',
  dots: '..',
  wildcard: '*',
  space: ' ',
  digits: '0080',
  html: '<img src=x onerror=alert(1)>',
};

/** A small cluster with one name in every place that takes text. */
function cluster(name: string) {
  const labels = { [name]: name, app: name };
  const port = { name, port: 80, targetPort: name };
  return [
    { kind: 'IngressClass', metadata: { name }, spec: { controller: name } },
    { kind: 'Namespace', metadata: { name, labels } },
    {
      kind: 'Ingress',
      metadata: {
        name,
        namespace: name,
        labels,
        annotations: { [name]: name, 'kubernetes.io/ingress.class': name },
      },
      spec: {
        ingressClassName: name,
        defaultBackend: { service: { name, port: { name } } },
        tls: [{ hosts: [name], secretName: name }],
        rules: [
          {
            host: name,
            http: {
              paths: [
                { path: `/${name}`, pathType: name, backend: { service: { name, port: { name } } } },
                { path: name, backend: { service: { name: `${name}x`, port: { number: 1 } } } },
              ],
            },
          },
          { http: { paths: [{ backend: { resource: { apiGroup: name, kind: name, name } } }] } },
        ],
      },
      status: { loadBalancer: { ingress: [{ hostname: name }] } },
    },
    {
      kind: 'Service',
      metadata: { name, namespace: name, annotations: { 'external-dns.alpha.kubernetes.io/hostname': name } },
      spec: { type: 'LoadBalancer', selector: labels, ports: [port], externalIPs: [name] },
    },
    {
      kind: 'Service',
      metadata: { name: `${name}x`, namespace: name },
      spec: { type: 'ExternalName', externalName: `${name}.${name}.svc` },
    },
    {
      kind: 'EndpointSlice',
      metadata: { name, namespace: name, labels: { 'kubernetes.io/service-name': name } },
      ports: [{ name, port: 8080 }],
      endpoints: [
        { addresses: [name], conditions: { ready: false }, targetRef: { kind: 'Pod', name } },
        { addresses: ['10.0.0.1'] },
        { addresses: ['10.0.0.2'], targetRef: { kind: 'Pod', name: `${name}y` } },
      ],
    },
    {
      kind: 'Deployment',
      metadata: { name, namespace: name },
      spec: {
        replicas: 0,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            containers: [
              {
                name,
                image: name,
                args: [`--controller-class=${name}`, '/nginx-ingress-controller', '--validating-webhook=:1'],
                ports: [{ name, containerPort: 80 }],
              },
            ],
          },
        },
      },
    },
    {
      kind: 'Pod',
      metadata: {
        name,
        namespace: name,
        labels,
        ownerReferences: [{ apiVersion: name, kind: name, name, controller: true }],
      },
      spec: {
        containers: [{ name, image: name, ports: [{ name, containerPort: 1 }] }],
        readinessGates: [{ conditionType: name }],
      },
      status: {
        phase: name,
        conditions: [{ type: 'Ready', status: 'False', reason: name, message: name }],
        containerStatuses: [
          {
            name,
            ready: false,
            restartCount: 9,
            state: { waiting: { reason: 'CrashLoopBackOff', message: name } },
            lastState: { terminated: { exitCode: 1, message: name, reason: name } },
          },
        ],
      },
    },
    {
      kind: 'Pod',
      metadata: { name: `${name}y`, namespace: name, labels },
      spec: { containers: [{ name: 'istio-proxy' }] },
      status: { phase: 'Running' },
    },
    ...otherPolicies(name, labels),
    {
      kind: 'NetworkPolicy',
      metadata: { name, namespace: name },
      spec: {
        podSelector: {
          matchLabels: labels,
          matchExpressions: [{ key: name, operator: name, values: [name] }],
        },
        ingress: [
          {
            from: [{ ipBlock: { cidr: name, except: [name] } }, { podSelector: {} }],
            ports: [{ port: name }],
          },
        ],
        egress: [
          {
            to: [{ namespaceSelector: { matchLabels: labels } }, {}],
            ports: [{ protocol: name, endPort: -1 }],
          },
        ],
      },
    },
    { kind: 'NetworkPolicy', metadata: { name: `${name}-deny`, namespace: name }, spec: { podSelector: {} } },
    {
      kind: 'DaemonSet',
      metadata: { name: 'kube-router', namespace: name },
      spec: { template: { spec: { containers: [{ name, image: 'cloudnativelabs/kube-router:v2' }] } } },
      status: { desiredNumberScheduled: 1 },
    },
    { kind: 'ServiceAccount', metadata: { name: 'default', namespace: name } },
    {
      kind: 'ClusterRole',
      metadata: { name: 'cluster-admin' },
      rules: [
        { apiGroups: ['*'], resources: [name, `${name}/${name}`], verbs: [name, '*'], resourceNames: [name] },
      ],
    },
    {
      kind: 'ClusterRoleBinding',
      metadata: { name },
      roleRef: { kind: 'ClusterRole', name: 'cluster-admin' },
      subjects: [
        { kind: 'ServiceAccount', name: 'default', namespace: name },
        { kind: name, name },
      ],
    },
    {
      kind: 'ScaledObject',
      metadata: { name, namespace: name },
      spec: { scaleTargetRef: { name, kind: name } },
    },
  ];
}

/** Policies that are not evaluated, which all select the pods as far as can be told. */
function otherPolicies(name: string, labels: Readonly<Record<string, string>>) {
  const metadata = { name, namespace: name };
  const matchExpressions = [{ key: name, operator: name, values: [name] }];
  const istio = 'security.istio.io/v1';
  return [
    {
      apiVersion: istio,
      kind: 'PeerAuthentication',
      metadata,
      spec: { mtls: { mode: 'STRICT' }, portLevelMtls: { [name]: { mode: name } } },
    },
    {
      apiVersion: istio,
      kind: 'AuthorizationPolicy',
      metadata,
      spec: { selector: { matchLabels: labels }, action: name, targetRefs: null },
    },
    {
      apiVersion: 'cilium.io/v2',
      kind: 'CiliumNetworkPolicy',
      metadata,
      specs: [
        { endpointSelector: { matchLabels: labels }, ingress: [{}] },
        { endpointSelector: { matchExpressions } },
      ],
    },
    {
      apiVersion: 'cilium.io/v2',
      kind: 'CiliumClusterwideNetworkPolicy',
      metadata: { name },
      spec: { endpointSelector: {}, ingress: [name] },
    },
    {
      apiVersion: 'crd.projectcalico.org/v1',
      kind: 'NetworkPolicy',
      metadata,
      spec: { selector: `${name} == '${name}'`, types: [name, 'Ingress'] },
    },
    {
      apiVersion: 'crd.projectcalico.org/v1',
      kind: 'GlobalNetworkPolicy',
      metadata: { name },
      spec: { namespaceSelector: name, selector: name },
    },
    {
      apiVersion: 'policy.networking.k8s.io/v1alpha1',
      kind: 'AdminNetworkPolicy',
      metadata: { name },
      spec: { subject: { namespaces: { matchExpressions } }, ingress: [{ action: 'Deny' }] },
    },
    {
      apiVersion: 'policy.networking.k8s.io/v1alpha1',
      kind: 'BaselineAdminNetworkPolicy',
      metadata: { name },
      spec: {
        subject: { pods: { podSelector: { matchLabels: labels } } },
        ingress: [{ action: 'Deny' }, null],
      },
    },
  ];
}

/** All that a cluster may lack is there. */
const ALL_WATCHED = Object.fromEntries(RESOURCES.map(({ id }) => [id, 'watched' as const]));

/** Objects that lack what every object has, or have another type there. */
const ODD: readonly object[] = [
  { kind: 'PeerAuthentication', metadata: { name: 'p', namespace: 'odd' } },
  { kind: 'AuthorizationPolicy', metadata: { name: 'p', namespace: 'odd' }, spec: { rules: [null, 7] } },
  {
    kind: 'CiliumNetworkPolicy',
    metadata: { name: 'p', namespace: 'odd' },
    specs: 7,
    spec: { endpointSelector: 7 },
  },
  { kind: 'GlobalNetworkPolicy', metadata: { name: 'p' }, spec: { selector: 7, types: 'Ingress' } },
  { kind: 'AdminNetworkPolicy', metadata: { name: 'p' }, spec: { subject: null, ingress: [null] } },
  ...RESOURCES.map(({ kind }) => kind).flatMap((kind) => [
    { kind, metadata: { name: 'bare', namespace: 'odd' } },
    {
      kind,
      metadata: { name: 'nulls', namespace: 'odd', labels: null, annotations: null, ownerReferences: null },
      spec: null,
      status: null,
      endpoints: null,
      ports: null,
    },
    {
      kind,
      metadata: {
        name: 'wrong',
        namespace: 'odd',
        labels: ['a'],
        annotations: 7,
        ownerReferences: [null, 'x'],
      },
      spec: ['x'],
      status: 'y',
      endpoints: { a: 1 },
      ports: 'z',
    },
  ]),
  ...['IngressClass', 'Namespace', 'Node'].map((kind) => ({
    kind,
    metadata: { name: 'bare' },
    spec: 'x',
    status: 7,
  })),
  { kind: 'Ingress', metadata: { name: 'rules-null', namespace: 'odd' }, spec: { rules: null, tls: null } },
  {
    kind: 'Ingress',
    metadata: { name: 'parts', namespace: 'odd' },
    spec: {
      ingressClassName: '',
      rules: [
        null,
        7,
        {},
        { host: null, http: null },
        { host: 'a.example', http: { paths: null } },
        {
          host: 'b.example',
          http: {
            paths: [
              null,
              {},
              { path: 5, backend: null },
              { path: '/x', backend: {} },
              { backend: { service: {} } },
              { backend: { service: { name: 'bare' } } },
              { backend: { service: { name: 'nulls', port: {} } } },
              { backend: { service: { name: 'ports', port: { number: '80' } } } },
              { backend: { service: { name: 'ports', port: { name: '' } } } },
              { backend: { service: { name: 'ports', port: { number: 80, name: 'both' } } } },
            ],
          },
        },
      ],
      tls: [null, {}, { hosts: null, secretName: null }, { hosts: [null, 3], secretName: 'x' }],
    },
    status: { loadBalancer: { ingress: [null, {}, { ip: 5 }] } },
  },
  {
    kind: 'Service',
    metadata: { name: 'ports', namespace: 'odd' },
    spec: {
      type: 'LoadBalancer',
      selector: { a: null, b: 5 },
      ports: [
        null,
        {},
        { port: '80', targetPort: null },
        { port: 80, targetPort: {} },
        { port: -1, targetPort: 1e9 },
      ],
    },
  },
  {
    kind: 'EndpointSlice',
    metadata: { name: 'ports', namespace: 'odd', labels: { 'kubernetes.io/service-name': 'ports' } },
    addressType: 7,
    ports: [null, {}, { name: null, port: null }],
    endpoints: [
      null,
      {},
      { addresses: null },
      { addresses: [''] },
      { addresses: ['10.0.0.1'], conditions: null, targetRef: null },
      { addresses: ['10.0.0.2'], conditions: { ready: 'no', serving: 0 }, targetRef: { kind: 'Pod' } },
      { addresses: ['10.0.0.3'], targetRef: { kind: 'Pod', name: 'gone' } },
    ],
  },
  {
    kind: 'Ingress',
    metadata: {
      name: 'times',
      namespace: 'odd',
      creationTimestamp: 'yesterday',
      deletionTimestamp: '0001-01-01T00:00:00Z',
    },
    spec: { defaultBackend: { service: { name: 'ports', port: { number: 80 } } } },
  },
  {
    kind: 'Pod',
    metadata: { name: 'times', namespace: 'odd', creationTimestamp: '275760-09-13T00:00:00Z' },
    status: { conditions: [{ type: 'Ready', status: 'False', lastTransitionTime: '9999-12-31T23:59:59Z' }] },
  },
];

// biome-ignore lint/suspicious/noControlCharactersInRegex: they would end a pasted command
const CONTROL = /[\u0000-\u001f\u007f]/;

describe('hostile and odd objects', () => {
  for (const [what, name] of Object.entries(NAMES)) {
    it(`${what} as a name: judged like any other`, () => {
      const objects = cluster(name).map((doc) => toObject(what, doc));
      const { graph } = buildFixture(objects, {
        coverage: ALL_WATCHED,
        dns: { [name.toLowerCase()]: { a: ['198.51.100.1'], [name]: 'nxdomain' } },
      });
      expect(faults(graph)).toEqual([]);
      const commands = [...graph.findings.values()].flatMap(({ fix }) => [...fix.look, ...fix.change]);
      expect(commands.filter((line) => CONTROL.test(line))).toEqual([]);
      expect([...graph.nodes.keys(), ...graph.edges.keys()].filter((id) => CONTROL.test(id))).toEqual([]);
    });
  }

  it('objects that lack what every object has', () => {
    const objects = ODD.map((doc) => toObject('odd', doc));
    const { graph } = buildFixture(objects, { coverage: ALL_WATCHED });
    expect(faults(graph)).toEqual([]);
    expect(graph.nodes.size).toBeGreaterThan(5);
  });
});
