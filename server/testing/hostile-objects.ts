/* Objects as nobody should name them. The dump serves them exactly so, whatever a real API server would refuse. */

export const LONGEST =
  `${'a'.repeat(63)}.${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(53)}.example`.slice(0, 253);

/** Hosts whose cards must be there, as text. */
export const NAMES = [
  '<script>window.pwned=1</script>',
  '<img src=x onerror=window.pwned=1>',
  'שלום.example',
  '🦊🔥.example',
  'constructor',
  '__proto__',
  LONGEST,
] as const;

const SCRIPT = '<script>window.pwned = 1</script>';
const TURN = '\u202etxt.exe';

function ingress(index: number, host: string, service: string): object {
  const backend = { service: { name: service, port: { number: 80 } } };
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: {
      name: `evil-${index}`,
      namespace: 'evil',
      annotations: {
        'nginx.ingress.kubernetes.io/configuration-snippet': SCRIPT,
        'nginx.ingress.kubernetes.io/rewrite-target': `"><img src=x onerror="window.pwned = 1">`,
        __proto__: SCRIPT,
        [TURN]: TURN,
      },
    },
    spec: {
      ingressClassName: 'nginx',
      rules: [{ host, http: { paths: [{ path: `/${TURN}${SCRIPT}`, pathType: 'Prefix', backend }] } }],
    },
  };
}

function service(name: string): object {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: 'evil', annotations: { note: SCRIPT }, labels: { constructor: 'x' } },
    spec: { type: 'LoadBalancer', selector: { app: SCRIPT }, ports: [{ port: 80, targetPort: SCRIPT }] },
    status: { loadBalancer: { ingress: [{ hostname: SCRIPT }] } },
  };
}

const CRASHING = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: `pod-${TURN}`, namespace: 'evil', labels: { app: SCRIPT } },
  spec: { containers: [{ name: SCRIPT, image: `${SCRIPT}:latest` }] },
  status: {
    phase: 'Running',
    podIP: SCRIPT,
    conditions: [{ type: 'Ready', status: 'False', reason: SCRIPT, message: SCRIPT }],
    containerStatuses: [
      {
        name: SCRIPT,
        ready: false,
        restartCount: 7,
        state: { waiting: { reason: 'CrashLoopBackOff', message: SCRIPT } },
        lastState: { terminated: { exitCode: 1, reason: SCRIPT, message: SCRIPT } },
      },
    ],
  },
};

/** Objects that are no objects: the reader must skip them and go on. */
const DEFORMED: readonly object[] = [
  { apiVersion: 'v1', kind: 'Service', metadata: { name: 'no-spec', namespace: 'evil' } },
  {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'numbers', namespace: 'evil', labels: 7 },
    spec: [],
    status: 'x',
  },
  {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name: 'nulls', namespace: 'evil', annotations: null },
    spec: { rules: [null, { http: { paths: null } }, { host: 5 }], tls: 'no' },
  },
  {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'odd', namespace: 'evil', labels: { 'kubernetes.io/service-name': 'markup' } },
    addressType: 'IPv4',
    endpoints: [null, { addresses: 'x' }, { addresses: [SCRIPT], conditions: { ready: 'yes' } }],
    ports: [{ port: 'http' }],
  },
];

/** A cluster of them. */
export function hostileObjects(): readonly object[] {
  const targets = ['markup', '<img src=x onerror=window.pwned=1>', '__proto__'];
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'evil' } },
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'IngressClass',
      metadata: { name: 'nginx' },
      spec: { controller: SCRIPT },
    },
    ...NAMES.map((host, index) => ingress(index, host, targets[index % targets.length] ?? 'markup')),
    service('markup'),
    service('__proto__'),
    CRASHING,
    ...DEFORMED,
  ];
}

const SCRAPS: readonly unknown[] = [
  null,
  true,
  -1,
  1e308,
  '',
  'x',
  SCRIPT,
  TURN,
  [],
  {},
  [null],
  [{}],
  [[[]]],
  { '': '' },
  { constructor: null, toString: 1 },
];
const FIELDS = [
  'rules',
  'host',
  'http',
  'paths',
  'path',
  'backend',
  'service',
  'name',
  'port',
  'number',
  'ports',
  'selector',
  'tls',
  'endpoints',
  'addresses',
  'conditions',
  'ready',
  'status',
  'template',
  'containers',
  'replicas',
  'matchLabels',
  'type',
  'targetPort',
  'loadBalancer',
  'ingress',
  'ip',
  'metadata',
  'labels',
] as const;

/** An object of a kind whose inside is whatever comes: the right fields with the wrong things in them. */
export function garbage(kind: string, name: string, random: (below: number) => number) {
  const scrap = (depth: number): unknown => {
    if (depth > 4 || random(3) === 0) return SCRAPS[random(SCRAPS.length)];
    const fields = Array.from({ length: 1 + random(4) }, () => [
      FIELDS[random(FIELDS.length)] ?? '',
      scrap(depth + 1),
    ]);
    const object: unknown = Object.fromEntries(fields);
    return random(3) === 0 ? [object, scrap(depth + 1)] : object;
  };
  return {
    apiVersion: API_VERSIONS[kind] ?? 'v1',
    kind,
    metadata: { name, namespace: 'evil', labels: scrap(3), annotations: scrap(3), ownerReferences: scrap(3) },
    spec: scrap(0),
    status: scrap(0),
    endpoints: scrap(1),
    ports: scrap(1),
  };
}

const API_VERSIONS: Readonly<Record<string, string>> = {
  Ingress: 'networking.k8s.io/v1',
  EndpointSlice: 'discovery.k8s.io/v1',
  Deployment: 'apps/v1',
};
