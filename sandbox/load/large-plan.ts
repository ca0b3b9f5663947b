/* Who there is in the large cluster: namespaces, applications, which are broken, who is routed. Seeded, pure. */
import type { LargeSizes } from './large';

export type Fault =
  | 'none'
  | 'crashloop'
  | 'some-unready'
  | 'scaled-to-zero'
  | 'selector-wrong'
  | 'service-missing'
  | 'class-missing'
  | 'port-missing';

export interface App {
  readonly namespace: string;
  readonly name: string;
  readonly pods: number;
  readonly fault: Fault;
  readonly index: number;
}

export interface PlannedIngress {
  readonly namespace: string;
  readonly name: string;
  readonly host: string;
  readonly paths: readonly { readonly path: string; readonly app: App }[];
}

export interface Plan {
  readonly sizes: LargeSizes;
  readonly namespaces: readonly string[];
  readonly apps: readonly App[];
  readonly ingresses: readonly PlannedIngress[];
}

const TEAMS = [
  'shop',
  'search',
  'billing',
  'media',
  'identity',
  'logistics',
  'partner',
  'mobile',
  'data',
  'support',
];
const WORDS = [
  'cart',
  'catalog',
  'orders',
  'payments',
  'profile',
  'reviews',
  'stock',
  'pricing',
  'shipping',
  'media',
  'search',
  'login',
  'reports',
  'invoices',
  'banner',
  'wish',
  'gift',
  'coupon',
  'feed',
  'chat',
];
const FAULTS: readonly Fault[] = [
  'crashloop',
  'some-unready',
  'scaled-to-zero',
  'selector-wrong',
  'service-missing',
  'class-missing',
  'port-missing',
];
/** One application in a hundred is broken. */
const BROKEN_SHARE = 0.01;
const ROUTED_SHARE = 0.8;

/** Spreads pods over Services and Services over Ingresses of their namespace. */
export function makePlan(sizes: LargeSizes): Plan {
  const random = generator(sizes.seed);
  const namespaceCount = Math.max(1, Math.min(sizes.namespaces, sizes.services));
  const namespaces = Array.from(
    { length: namespaceCount },
    (_, index) =>
      `${TEAMS[index % TEAMS.length]}-${String(Math.floor(index / TEAMS.length) + 1).padStart(2, '0')}`,
  );
  const apps = Array.from({ length: sizes.services }, (_, index): App => {
    const pods = Math.floor(sizes.pods / sizes.services) + (index < sizes.pods % sizes.services ? 1 : 0);
    const isBroken = random() < BROKEN_SHARE;
    const fault = isBroken ? (FAULTS[Math.floor(random() * FAULTS.length)] ?? 'crashloop') : 'none';
    const name = `${WORDS[index % WORDS.length]}-${Math.floor(index / WORDS.length)}`;
    return { namespace: namespaces[index % namespaceCount] ?? 'default', name, pods, fault, index };
  });
  return { sizes, namespaces, apps, ingresses: planIngresses(sizes, namespaces, apps) };
}

function planIngresses(
  sizes: LargeSizes,
  namespaces: readonly string[],
  apps: readonly App[],
): PlannedIngress[] {
  // Eight of ten in every namespace, however many namespaces there are.
  const isRouted = (_: App, index: number): boolean =>
    (index * 7 + Math.floor(index / namespaces.length) * 3) % 10 < ROUTED_SHARE * 10;
  const routed = Map.groupBy(apps.filter(isRouted), (app) => app.namespace);
  const counts = new Map<string, number>();
  const result = Array.from({ length: sizes.ingresses }, (_, index) => {
    const namespace = namespaces[index % namespaces.length] ?? 'default';
    const number = counts.get(namespace) ?? 0;
    counts.set(namespace, number + 1);
    return {
      namespace,
      name: `web-${number}`,
      host: `web-${number}.${namespace}.example.com`,
      paths: [] as { path: string; app: App }[],
    };
  });
  for (const [namespace, list] of routed) {
    const mine = result.filter((ingress) => ingress.namespace === namespace);
    for (const [index, app] of list.entries())
      mine[index % mine.length]?.paths.push({ path: `/${app.name}`, app });
  }
  // Where there are more Ingresses than Services, a Service has several.
  for (const [index, ingress] of result.entries()) {
    const list = routed.get(ingress.namespace) ?? [];
    const app = list[index % Math.max(1, list.length)];
    if (ingress.paths.length === 0 && app) ingress.paths.push({ path: '/', app });
  }
  return result.filter((ingress) => ingress.paths.length > 0);
}

/** mulberry32: the same numbers for the same seed, everywhere. */
export function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
