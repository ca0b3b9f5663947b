/* A cluster with a canary in every place where people keep secrets. */

/** Stands in every secret value, in clear and in base64. */
export const CANARY = 'CANARY-7f3a91';

const PLACES = [
  'opaque',
  'tls-key',
  'string-data',
  'last-applied',
  'environment',
  'argument',
  'snippet',
  'basic-auth',
  'token',
] as const;

const secret = (place: (typeof PLACES)[number]): string => `${CANARY}-${place}-${'x'.repeat(20)}`;
const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** Every form in which one could leak: plain, base64, and base64 with the canary at each of the three offsets. */
export const TRACES: readonly string[] = [
  CANARY,
  ...[0, 1, 2].map((offset) => base64(`${' '.repeat(offset)}${CANARY}`).slice(offset === 0 ? 0 : 4, -4)),
];

const COLLECTIONS: Readonly<Record<string, string>> = {
  Secret: '/api/v1/namespaces/shop/secrets',
  Deployment: '/apis/apps/v1/namespaces/shop/deployments',
  Service: '/api/v1/namespaces/shop/services',
  Ingress: '/apis/networking.k8s.io/v1/namespaces/shop/ingresses',
};

const SECRETS: readonly object[] = [
  {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: 'canary-opaque',
      namespace: 'shop',
      annotations: {
        'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify({
          kind: 'Secret',
          stringData: { password: secret('last-applied') },
        }),
      },
    },
    data: { password: base64(secret('opaque')) },
    stringData: { another: secret('string-data') },
  },
  {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'canary-auth', namespace: 'shop' },
    data: { auth: base64(`admin:${secret('basic-auth')}`) },
  },
  {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'canary-tls', namespace: 'shop' },
    type: 'kubernetes.io/tls',
    data: {
      'tls.crt': base64('no certificate'),
      'tls.key': base64(`-----BEGIN PRIVATE KEY-----\n${secret('tls-key')}`),
    },
  },
];

const DEPLOYMENT = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: {
    name: 'canary',
    namespace: 'shop',
    annotations: {
      'kubectl.kubernetes.io/last-applied-configuration': `{"env":"${secret('last-applied')}"}`,
    },
  },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: 'canary' } },
    template: {
      metadata: { labels: { app: 'canary' } },
      spec: {
        containers: [
          {
            name: 'canary',
            image: 'registry.example/canary:v1',
            args: [`--password=${secret('argument')}`, '--api-key', secret('argument')],
            env: [
              { name: 'DATABASE_PASSWORD', value: secret('environment') },
              { name: 'DATABASE_URL', value: `postgres://app:${secret('environment')}@db:5432/app` },
            ],
            ports: [{ containerPort: 8080 }],
          },
        ],
      },
    },
  },
};

const SERVICE = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'canary', namespace: 'shop' },
  spec: { selector: { app: 'canary' }, ports: [{ port: 80, targetPort: 8080 }] },
};

const INGRESS = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: {
    name: 'canary',
    namespace: 'shop',
    annotations: {
      'nginx.ingress.kubernetes.io/auth-type': 'basic',
      'nginx.ingress.kubernetes.io/auth-secret': 'canary-auth',
      'nginx.ingress.kubernetes.io/configuration-snippet': `proxy_set_header Authorization "Bearer ${secret('snippet')}";`,
      'kubectl.kubernetes.io/last-applied-configuration': `{"note":"${secret('last-applied')}"}`,
    },
  },
  spec: {
    ingressClassName: 'nginx',
    tls: [{ hosts: ['canary.example'], secretName: 'canary-tls' }],
    rules: [
      {
        host: 'canary.example',
        http: {
          paths: [
            { path: '/', pathType: 'Prefix', backend: { service: { name: 'canary', port: { number: 80 } } } },
          ],
        },
      },
    ],
  },
};

/** Collection and object, in the order in which they are to be created. */
export const CANARIES: readonly (readonly [string, object])[] = [
  ...SECRETS,
  DEPLOYMENT,
  SERVICE,
  INGRESS,
].map((object) => [COLLECTIONS[(object as { kind: string }).kind] ?? '', object] as const);

/** A bearer token that must not stand in a log. */
export const TOKEN = secret('token');
