/* What DNS records that follow the cluster answer: addresses of Services, Ingresses and hosts. */
import { createHash } from 'node:crypto';
import type { Storage } from '../api/storage';
import type { Ingress, LoadBalancerIngress, Service } from '../controllers/shapes';
import type { HostLookup, TargetLookup } from './resolve';

const INGRESSES = 'ingresses.networking.k8s.io';

/** Lookups into a storage; the table of hosts is made anew only when an Ingress or a Service changed. */
export function clusterLookups(storage: Storage): {
  target: TargetLookup;
  host: HostLookup;
  close: () => void;
} {
  let hosts: Map<string, Set<string>> | undefined;
  const close = storage.onChange((event) => {
    if (event.resource === INGRESSES || event.resource === 'services') hosts = undefined;
  });
  return {
    target: ({ service, ingress }) => {
      const [namespace, name = ''] = (service ?? ingress ?? '').split('/');
      const object = storage.get(service ? 'services' : INGRESSES, namespace, name) as unknown as
        | Service
        | Ingress
        | undefined;
      return addressesOf(object?.status?.loadBalancer?.ingress);
    },
    host: (name) => {
      hosts ??= hostTable(storage);
      const exact = hosts.get(name) ?? hosts.get(`*.${name.split('.').slice(1).join('.')}`);
      return exact && [...exact];
    },
    close,
  };
}

/** Every host of an Ingress with the Ingress's addresses; names of load balancers get an address of their own. */
function hostTable(storage: Storage): Map<string, Set<string>> {
  const table = new Map<string, Set<string>>();
  const add = (name: string, addresses: readonly string[]): void => {
    const known = table.get(name) ?? new Set();
    for (const address of addresses) known.add(address);
    table.set(name, known);
  };
  const balancerNames = (list: readonly LoadBalancerIngress[] = []): void => {
    for (const { hostname } of list) if (hostname) add(hostname.toLowerCase(), [syntheticAddress(hostname)]);
  };
  for (const ingress of storage.list(INGRESSES) as unknown as Ingress[]) {
    const status = ingress.status?.loadBalancer?.ingress;
    balancerNames(status);
    const names = [
      ...(ingress.spec?.rules ?? []).map((rule) => rule.host),
      ...(ingress.spec?.tls ?? []).flatMap((tls) => tls.hosts ?? []),
    ];
    for (const name of new Set(names)) if (name) add(name.toLowerCase(), addressesOf(status));
  }
  for (const service of storage.list('services') as unknown as Service[])
    balancerNames(service.status?.loadBalancer?.ingress);
  return table;
}

function addressesOf(list: readonly LoadBalancerIngress[] = []): string[] {
  return list.map((entry) => entry.ip ?? entry.hostname ?? '').filter(Boolean);
}

/** 198.18.0.0/15 is for benchmarks: no such address is anybody's. */
function syntheticAddress(name: string): string {
  const [a = 0, b = 0] = createHash('sha256').update(name.toLowerCase()).digest();
  return `198.18.${a}.${b}`;
}
