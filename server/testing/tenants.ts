/* Two tenants of one cluster: each has one of everything, with its mark in every name and text. */

/** In every name of a tenant; no word of ours has it. */
export const MARKS = ['alfax', 'bravox'] as const;
export type Mark = (typeof MARKS)[number];

type Meta = Readonly<Record<string, unknown>>;

/** Collection and object, in the order in which they are to be created. `tls`: PEM of a certificate for the tenant's names. */
export function tenantObjects(
  mark: Mark,
  tls: { readonly certificate: string; readonly key: string },
): readonly (readonly [string, object])[] {
  const namespace = `${mark}-ns`;
  const meta = (name: string, more: Meta = {}) => ({
    name: `${mark}-${name}`,
    namespace,
    labels: { app: `${mark}-${name}`, [`${mark}.example/label`]: `${mark}-label` },
    annotations: { [`${mark}.example/note`]: `${mark} wrote this` },
    ...more,
  });
  return [
    [
      '/api/v1/namespaces',
      {
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name: namespace, labels: { team: `${mark}-team` } },
      },
    ],
    [
      '/apis/networking.k8s.io/v1/ingressclasses',
      {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'IngressClass',
        metadata: { name: `${mark}-class` },
        spec: { controller: `${mark}.example/controller` },
      },
    ],
    ...core(mark, namespace, meta, tls),
    ...workloads(mark, namespace, meta),
    ...services(mark, namespace, meta),
    ...ingresses(mark, namespace, meta),
  ];
}

type Made = readonly (readonly [string, object])[];
const base64 = (text: string) => Buffer.from(text).toString('base64');

type MetaOf = (name: string, more?: Meta) => Meta;

function core(
  mark: Mark,
  namespace: string,
  meta: MetaOf,
  tls: { readonly certificate: string; readonly key: string },
): Made {
  const api = `/api/v1/namespaces/${namespace}`;
  const data = { 'tls.crt': base64(tls.certificate), 'tls.key': base64(tls.key) };
  return [
    [
      `${api}/secrets`,
      { apiVersion: 'v1', kind: 'Secret', type: 'kubernetes.io/tls', metadata: meta('tls'), data },
    ],
    [
      `${api}/configmaps`,
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: meta('settings'),
        data: { [`${mark}-key`]: `${mark}-value` },
      },
    ],
    [`${api}/serviceaccounts`, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: meta('account') }],
    [
      `${api}/events`,
      {
        apiVersion: 'v1',
        kind: 'Event',
        metadata: meta('event'),
        involvedObject: {
          kind: 'Ingress',
          namespace,
          name: `${mark}-main`,
          apiVersion: 'networking.k8s.io/v1',
        },
        reason: 'Rejected',
        message: `${mark} was rejected`,
        type: 'Warning',
        lastTimestamp: new Date().toISOString(),
      },
    ],
    [
      `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies`,
      {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: meta('policy'),
        spec: { podSelector: { matchLabels: { app: `${mark}-web` } }, policyTypes: ['Ingress'], ingress: [] },
      },
    ],
  ];
}

function workloads(mark: Mark, namespace: string, meta: MetaOf): Made {
  const collection = `/apis/apps/v1/namespaces/${namespace}/deployments`;
  const behaviour = (name: string) => ({
    'sandbox.ingress-atlas.dev/behaviour': name,
    'sandbox.ingress-atlas.dev/message': `${mark} went boom`,
  });
  const deployment = (
    name: string,
    more: { readonly image?: string; readonly args?: readonly string[]; readonly annotations?: Meta } = {},
  ) => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: meta(name, { annotations: more.annotations ?? {} }),
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: `${mark}-${name}` } },
      template: {
        metadata: { labels: { app: `${mark}-${name}` } },
        spec: {
          serviceAccountName: `${mark}-account`,
          containers: [
            {
              name: `${mark}-box`,
              image: more.image ?? `registry.example/${mark}-image:1.0`,
              args: more.args ?? [`--${mark}-flag`],
              env: [{ name: `${mark}_ENV`.toUpperCase(), value: `${mark}-env` }],
              ports: [{ name: `p-${mark}`, containerPort: 8080 }],
            },
          ],
        },
      },
    },
  });
  const controller = {
    image: 'registry.k8s.io/ingress-nginx/controller:v1.11.0',
    args: [
      '/nginx-ingress-controller',
      `--controller-class=${mark}.example/controller`,
      `--ingress-class=${mark}-class`,
      `--configmap=${namespace}/${mark}-settings`,
    ],
  };
  return [
    [collection, deployment('web')],
    [collection, deployment('crash', { annotations: behaviour('crashloop') })],
    [collection, deployment('pull', { annotations: behaviour('image-pull-error') })],
    [collection, deployment('lonely')],
    [collection, deployment('gate', controller)],
  ];
}

function services(mark: Mark, namespace: string, meta: MetaOf): Made {
  const service = (name: string, spec: object = {}, selects = name) => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: meta(name, {
      annotations: { 'external-dns.alpha.kubernetes.io/hostname': `${mark}-${name}.example` },
    }),
    spec: {
      selector: { app: `${mark}-${selects}` },
      ports: [{ name: `p-${mark}`, port: 80, targetPort: `p-${mark}` }],
      ...spec,
    },
  });
  const all = [
    service('web'),
    service('crash'),
    service('pull'),
    service('typo', {}, 'nobody'),
    service('port', { ports: [{ name: `q-${mark}`, port: 80, targetPort: `wrong-${mark}` }] }, 'web'),
    service('lonely'),
    service('balanced', { type: 'LoadBalancer' }, 'web'),
    service('noded', { type: 'NodePort' }, 'web'),
    service('gate', { type: 'LoadBalancer' }),
    service('elsewhere', {
      type: 'ExternalName',
      externalName: `${mark}-outside.example`,
      selector: undefined,
    }),
  ];
  return all.map((made) => [`/api/v1/namespaces/${namespace}/services`, made] as const);
}

function ingresses(mark: Mark, namespace: string, meta: MetaOf): Made {
  const path = (at: string, name: string, port: object = { number: 80 }) => ({
    path: at,
    pathType: 'Prefix',
    backend: { service: { name: `${mark}-${name}`, port } },
  });
  const ingress = (name: string, spec: object, annotations: Meta = {}) => ({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: meta(name, { annotations: { [`${mark}.example/note`]: `${mark} wrote this`, ...annotations } }),
    spec: { ingressClassName: 'nginx', ...spec },
  });
  const own = `${mark}.example`;
  const all = [
    ingress(
      'main',
      {
        tls: [
          { hosts: [own], secretName: `${mark}-tls` },
          { hosts: [`two.${own}`], secretName: `${mark}-no-tls` },
        ],
        rules: [
          {
            host: own,
            http: {
              paths: [
                path(`/${mark}-path`, 'web', { name: `p-${mark}` }),
                path('/crash', 'crash'),
                path('/pull', 'pull'),
                path('/typo', 'typo'),
                path('/port', 'port'),
                path('/outside', 'elsewhere'),
                path('/missing', 'missing'),
                path('/wrong', 'web', { number: 8099 }),
              ],
            },
          },
          { host: `two.${own}`, http: { paths: [path('/', 'web')] } },
        ],
      },
      {
        'nginx.ingress.kubernetes.io/auth-secret': `${mark}-auth`,
        'nginx.ingress.kubernetes.io/auth-type': 'basic',
      },
    ),
    // The same host and path as the other tenant's.
    ingress('shared', {
      rules: [{ host: 'shared.example', http: { paths: [path('/', 'web'), path(`/${mark}-own`, 'crash')] } }],
    }),
    ingress('everywhere', { rules: [{ http: { paths: [path(`/${mark}-any`, 'web')] } }] }),
    ingress('own-class', {
      ingressClassName: `${mark}-class`,
      rules: [{ host: `gate.${own}`, http: { paths: [path('/', 'web')] } }],
    }),
    ingress('no-class', {
      ingressClassName: `${mark}-absent`,
      rules: [{ host: `lost.${own}`, http: { paths: [path('/', 'web')] } }],
    }),
    ingress('default', { defaultBackend: { service: { name: `${mark}-web`, port: { number: 80 } } } }),
  ];
  return all.map((made) => [`/apis/networking.k8s.io/v1/namespaces/${namespace}/ingresses`, made] as const);
}

/** What two DNS servers answer for the names of a tenant. */
export function tenantRecords(mark: Mark): readonly object[] {
  return [
    { name: `${mark}.example`, type: 'CNAME', values: [`${mark}-alias.example`] },
    { name: `${mark}-alias.example`, values: ['203.0.113.77'] },
    { name: `two.${mark}.example`, answer: 'NXDOMAIN' },
    { name: `${mark}-balanced.example`, values: ['203.0.113.78'], server: 1 },
  ];
}

/** Lines that the shared controller logs about a tenant. */
export function tenantLines(mark: Mark): readonly string[] {
  const at = 'W1123 12:00:00.000000       7 controller.go:1207]';
  return [
    `${at} Service "${mark}-ns/${mark}-typo" does not have any active Endpoint.`,
    `${at} Error getting SSL certificate "${mark}-ns/${mark}-no-tls": local SSL certificate ${mark}-ns/${mark}-no-tls was not found`,
  ];
}
