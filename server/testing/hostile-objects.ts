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
  'javascript:window.pwned=1',
  '</script><script>window.pwned=1</script>',
  LONGEST,
] as const;

/** Hosts that no page can name in a selector. */
export const UNSPEAKABLE = ['nul\u0000.example', 'lone\ud800.example', 'line\nbreak\r.example'] as const;

/** Valid until 2036; its subject is markup and a turn of the writing, its names are a script's address, markup and `__proto__`. */
const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIICiTCCAi+gAwIBAgIUHdF5rBF9M3SZkRbkhrhmL23zyaAwCgYIKoZIzj0EAwIw
gYAxKjAoBgNVBAMMITxzY3JpcHQ+d2luZG93LnB3bmVkID0gMTwvc2NyaXB0PjE+
MDwGA1UECgw1PC90aXRsZT48aW1nIHNyYz14IG9uZXJyb3I9d2luZG93LnB3bmVk
PTE+IOKArnR4dC5leGUxEjAQBgNVBAsMCV9fcHJvdG9fXzAeFw0yNjExMjMyMDM3
NDNaFw0zNjExMjAyMDM3NDNaMIGAMSowKAYDVQQDDCE8c2NyaXB0PndpbmRvdy5w
d25lZCA9IDE8L3NjcmlwdD4xPjA8BgNVBAoMNTwvdGl0bGU+PGltZyBzcmM9eCBv
bmVycm9yPXdpbmRvdy5wd25lZD0xPiDigK50eHQuZXhlMRIwEAYDVQQLDAlfX3By
b3RvX18wWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAATDblYDhdeNE81s0ZjPB5XM
bPt/pFadExnRqP07ZWDrAYsqIWQmIja6OEfPX8/zTIH8drjh8G8YN1ETZz6peIHK
o4GEMIGBMGAGA1UdEQRZMFeCE2phdmFzY3JpcHQ6YWxlcnQoMSmCIjxpbWcgc3Jj
PXggb25lcnJvcj13aW5kb3cucHduZWQ9MT6CCV9fcHJvdG9fX4IDKi4qggxldmls
LmV4YW1wbGUwHQYDVR0OBBYEFMEAYdcrzR5yaiPEp3qpxlTmfED9MAoGCCqGSM49
BAMCA0gAMEUCIQDsGlIbPJsrG18/KmDVjMkZoP2eRtFE02ILBNPXLTvNMgIgK1yJ
F5h19j6Nu4ToKlltbNX6IillkugAImfhruEGvno=
-----END CERTIFICATE-----
`;

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
        'nginx.ingress.kubernetes.io/configuration-snippet': index === 0 ? SCRIPT.repeat(30_000) : SCRIPT,
        'nginx.ingress.kubernetes.io/auth-url': 'javascript:window.pwned=1',
        'link.example/docs': 'javascript:window.pwned=1',
        'argocd.argoproj.io/tracking-id': `${SCRIPT}:apps/Deployment:x/javascript:alert(1)`,
        'nginx.ingress.kubernetes.io/rewrite-target': `"><img src=x onerror="window.pwned = 1">`,
        __proto__: SCRIPT,
        [TURN]: TURN,
      },
    },
    spec: {
      ingressClassName: 'nginx',
      tls: [{ hosts: [host], secretName: index % 2 === 0 ? 'odd-names' : SCRIPT }],
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

const SECRET = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'odd-names', namespace: 'evil' },
  type: 'kubernetes.io/tls',
  data: {
    'tls.crt': Buffer.from(CERTIFICATE).toString('base64'),
    'tls.key': Buffer.from(SCRIPT).toString('base64'),
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
    ...[...NAMES, ...UNSPEAKABLE].map((host, index) =>
      ingress(index, host, targets[index % targets.length] ?? 'markup'),
    ),
    service('markup'),
    service('__proto__'),
    SECRET,
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
