import type { Query, Reader } from '@/lib/state/cells';
import { controllerById } from './controllers';
import { addressesOf, exposure, type LoadBalancer, serviceLoadBalancer } from './exposure';
import { ingressLoadBalancerId } from './ids';
import { members, object } from './reads';
import { ingressRules, type Rule } from './rules';
import { serving } from './serving';

/** A rule with the Ingress it stands in. */
export interface HostRule {
  readonly ingress: string;
  readonly rule: Rule;
}

/** The rules of a host ('' = every host), longest path first, then by path: the order in which they are drawn. */
export const hostRules: Query<readonly HostRule[]> = {
  name: 'host-rules',
  level: 3,
  compute: (read, host) => {
    const all = members(read, 'ingresses-by-host', host).flatMap((ingress) =>
      read
        .query(ingressRules, ingress)
        .filter((rule) => rule.host === host)
        .map((rule) => ({ ingress, rule })),
    );
    return all.sort((a, b) => b.rule.path.length - a.rule.path.length || (a.rule.id < b.rule.id ? -1 : 1));
  },
};

/** Where a host's traffic should enter. */
export interface HostEntries {
  readonly loadBalancers: readonly LoadBalancer[];
  /** Ingress status addresses: where a controller says it can be reached. */
  readonly published: readonly string[];
  readonly clusterIPs: readonly string[];
}

/** The load balancers in front of the controllers that serve a host, and of Services that claim its name. */
export const hostEntries: Query<HostEntries> = {
  name: 'host-entries',
  level: 4,
  compute: (read, host) => {
    const found = new Map<string, LoadBalancer>();
    const published = new Set<string>();
    const clusterIPs = new Set<string>();
    for (const key of members(read, 'ingresses-by-host', host)) {
      for (const address of addressesOf(object(read, 'ingresses', key)?.addresses ?? []))
        published.add(address);
      const { controllers, maybe } = read.query(serving, key);
      for (const id of [...controllers, ...maybe]) collect(read, id, key, found, clusterIPs);
    }
    for (const key of servicesOfHost(read, host)) {
      const service = object(read, 'services', key);
      if (service) add(found, serviceLoadBalancer(read, service));
    }
    return {
      loadBalancers: [...found.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
      published: [...published].sort(),
      clusterIPs: [...clusterIPs].sort(),
    };
  },
};

function add(found: Map<string, LoadBalancer>, lb: LoadBalancer): void {
  found.set(lb.id, lb);
}

function collect(
  read: Reader,
  id: string,
  ingressKey: string,
  found: Map<string, LoadBalancer>,
  clusterIPs: Set<string>,
): void {
  const controller = controllerById(read, id);
  if (isCloud(controller)) {
    const lb = ingressLoadBalancer(read, ingressKey);
    if (lb) add(found, lb);
    return;
  }
  const { loadBalancers, clusterIPs: inside } = read.query(exposure, id);
  for (const lb of loadBalancers) add(found, lb);
  for (const ip of inside) clusterIPs.add(ip);
}

const CLOUD_TYPES: ReadonlySet<string> = new Set(['gce', 'aws-alb', 'agic']);

/** Whether a controller has no data plane in the cluster: the load balancer itself carries out the rules. */
export function isCloud(controller: { readonly kind: string; readonly type: string } | undefined): boolean {
  return controller === undefined || controller.kind === 'external' || CLOUD_TYPES.has(controller.type);
}

/** The cloud load balancer made for one Ingress; its address is what the Ingress' status says. */
export function ingressLoadBalancer(read: Reader, ingressKey: string): LoadBalancer | null {
  const ingress = object(read, 'ingresses', ingressKey);
  if (!ingress) return null;
  const addresses = addressesOf(ingress.addresses);
  return {
    id: ingressLoadBalancerId(ingress.namespace, ingress.name),
    type: 'LoadBalancer',
    namespace: ingress.namespace,
    name: ingress.name,
    service: null,
    addresses,
    ports: ingress.tls.length > 0 ? ['80', '443'] : ['80'],
    pending: addresses.length === 0,
    created: ingress.created,
  };
}

/** Which load balancer of this cluster owns an address (IP or name). */
export const addressBook: Query<Readonly<Record<string, readonly string[]>>> = {
  name: 'address-book',
  level: 4,
  compute: (read) => {
    const book = new Map<string, readonly string[]>();
    for (const key of members(read, 'services-exposed', '')) {
      const service = object(read, 'services', key);
      if (!service) continue;
      const lb = serviceLoadBalancer(read, service);
      // Node addresses belong to every node port at once: they identify none.
      if (lb.type !== 'LoadBalancer') continue;
      for (const address of lb.addresses) book.set(address, [...(book.get(address) ?? []), lb.id]);
    }
    return Object.fromEntries(book);
  },
};

/** Load balancers of this cluster with an address; the name may be any (`constructor` too). */
export function ownersOf(
  book: Readonly<Record<string, readonly string[]>>,
  address: string,
): readonly string[] {
  return Object.hasOwn(book, address) ? (book[address] ?? []) : [];
}

/** Rules that a controller serves, over all Ingresses. Read it only where the controller ails: it looks at every Ingress. */
export const servedRules: Query<readonly HostRule[]> = {
  name: 'served-rules',
  level: 4,
  compute: (read, controllerId) =>
    members(read, 'ingresses-all', '').flatMap((ingress) =>
      read.query(serving, ingress).controllers.includes(controllerId)
        ? read.query(ingressRules, ingress).map((rule) => ({ ingress, rule }))
        : [],
    ),
};

/** Rules that send traffic to a Service (key `NS/NAME`), served or not. */
export const serviceRules: Query<readonly HostRule[]> = {
  name: 'service-rules',
  level: 4,
  compute: (read, serviceKey) =>
    members(read, 'ingresses-of-service', serviceKey).flatMap((ingress) =>
      rulesTo(read, ingress, serviceKey),
    ),
};

/** Of these, the rules that some controller serves. */
export const liveRules: Query<readonly HostRule[]> = {
  name: 'live-rules',
  level: 4,
  compute: (read, serviceKey) =>
    members(read, 'ingresses-of-service', serviceKey).flatMap((ingress) => {
      const { controllers, maybe } = read.query(serving, ingress);
      return controllers.length + maybe.length === 0 ? [] : rulesTo(read, ingress, serviceKey);
    }),
};

function rulesTo(read: Reader, ingress: string, serviceKey: string): readonly HostRule[] {
  return read
    .query(ingressRules, ingress)
    .filter((rule) => rule.service === serviceKey)
    .map((rule) => ({ ingress, rule }));
}

/** Whether any Service claims a name at all: in most clusters none does, and nothing is to be remembered for each host. */
const someClaimed: Query<boolean> = {
  name: 'some-hosts-of-services',
  level: 0,
  compute: (read) => members(read, 'services-with-hosts', '').length > 0,
};

/** Keys of the directly exposed Services that claim a host by an annotation of external-dns. */
export function servicesOfHost(read: Reader, host: string): readonly string[] {
  return read.query(someClaimed, '') ? members(read, 'services-by-host', host) : [];
}

/** Namespaces of the Ingresses and Services that name a host. */
export function hostNamespaces(read: Reader, host: string): readonly string[] {
  const keys = [...members(read, 'ingresses-by-host', host), ...servicesOfHost(read, host)];
  return [...new Set(keys.map((key) => key.slice(0, key.indexOf('/'))))].sort();
}
