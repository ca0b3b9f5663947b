/* Seeded changes as people with kubectl make them, on the online store of the sandbox. */

/** Numbers from 0 below the given one; the same seed gives the same ones. */
export function seeded(from: number): (below: number) => number {
  let seed = from;
  return (below) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((seed / 2_147_483_648) * below);
  };
}

export type Call = (method: string, path: string, body?: unknown) => Promise<number>;

/** Calls the sandbox; answers the status, also that of what was refused. */
export function caller(url: string): Call {
  return async (method, path, body) => {
    const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { 'content-type': type },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    await response.arrayBuffer();
    return response.status;
  };
}

const SHOP = '/api/v1/namespaces/shop';
const DEPLOYMENTS = '/apis/apps/v1/namespaces/shop/deployments';
const INGRESSES = '/apis/networking.k8s.io/v1/namespaces/shop/ingresses';
const pick = <T>(random: (below: number) => number, list: readonly [T, ...T[]]): T =>
  list[random(list.length)] ?? list[0];

const APPS = ['wear', 'watch', 'reviews', 'gift', 'catalog-api'] as const;
const SERVICES = ['wear-service', 'watch-service', 'reviews', 'gift'] as const;
const RULES = ['ingress-wear-watch', 'ingress-host-routing', 'shop-front', 'gift'] as const;

type Change = (random: (below: number) => number) => readonly [string, string, unknown?];

const CHANGES: readonly [Change, ...Change[]] = [
  (random) => ['PATCH', `${DEPLOYMENTS}/${pick(random, APPS)}`, { spec: { replicas: random(4) } }],
  (random) => ['DELETE', `${SHOP}/services/${pick(random, SERVICES)}`],
  (random) => ['POST', `${SHOP}/services`, serviceOf(pick(random, SERVICES), pick(random, APPS), random)],
  (random) => [
    'PATCH',
    `${SHOP}/services/${pick(random, SERVICES)}`,
    { spec: { selector: { app: pick(random, APPS) } } },
  ],
  (random) => [
    'PATCH',
    `${INGRESSES}/${pick(random, RULES)}`,
    { spec: { ingressClassName: pick(random, ['nginx', 'nginx', 'ngnix']) } },
  ],
  (random) => ['POST', INGRESSES, ingressOf(random)],
  (random) => ['DELETE', `${INGRESSES}/new-${random(4)}`],
  () => ['DELETE', `${SHOP}/secrets/online-store-tls`],
  () => ['POST', `${SHOP}/secrets`, SECRET],
  (random) => ['DELETE', `${SHOP}/pods?labelSelector=app%3D${pick(random, APPS)}`],
];

const SECRET = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'online-store-tls', namespace: 'shop' },
  type: 'kubernetes.io/tls',
  data: { 'tls.crt': 'AAAA', 'tls.key': 'AAAA' },
};

function serviceOf(name: string, app: string, random: (below: number) => number): object {
  const port = random(4) === 0 ? 8080 : 80;
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: 'shop' },
    spec: { selector: { app }, ports: [{ name: 'http', port, targetPort: 'http' }] },
  };
}

function ingressOf(random: (below: number) => number): object {
  const backend = { service: { name: pick(random, SERVICES), port: { number: 80 } } };
  const paths = [{ path: pick(random, ['/', '/a', '/b']), pathType: 'Prefix', backend }];
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name: `new-${random(4)}`, namespace: 'shop' },
    spec: {
      ingressClassName: 'nginx',
      rules: [
        { host: pick(random, ['www.my-online-store.com', 'new.example', '*.example']), http: { paths } },
      ],
    },
  };
}

/** One change; a refused one (there already, not there any more) is a change that did not happen. */
export function change(call: Call, random: (below: number) => number): Promise<number> {
  const [method, path, body] = pick(random, CHANGES)(random);
  return call(method, path, body);
}
