import type { ObjectStore } from '@/lib/state/store';
import { addressesOf } from '@/lib/topology/exposure';
import { outsideName } from '@/lib/topology/external-names';

/** What the probes and the Secret reader are asked for. */
export interface Wanted {
  /** Lower-case names: literal hosts of rules and exposed Services, host names of load balancers, and ExternalName backends. */
  readonly hosts: ReadonlySet<string>;
  /** Keys of the Secrets that some Ingress names for TLS. */
  readonly secrets: ReadonlySet<string>;
}

const IP = /^[\d.]+$|:/;

/** Collects the names from the store's indexes. */
export function wantedNames(store: ObjectStore): Wanted {
  const hosts = new Set<string>();
  for (const index of ['ingresses-by-host', 'services-by-host']) {
    for (const host of store.indexKeys(index))
      if (host !== '' && !host.startsWith('*')) hosts.add(host.toLowerCase());
  }
  const addresses = [
    ...store.index('services-exposed', '').flatMap((key) => store.get('services', key)?.addresses ?? []),
    ...store.index('ingresses-all', '').flatMap((key) => store.get('ingresses', key)?.addresses ?? []),
  ];
  for (const address of addressesOf(addresses)) if (!IP.test(address)) hosts.add(address);
  for (const name of externalNames(store)) hosts.add(name);
  return { hosts, secrets: new Set(store.indexKeys('ingresses-of-secret')) };
}

/** What ExternalName Services behind Ingresses stand for, where it is a name of DNS outside the cluster. */
function externalNames(store: ObjectStore): readonly string[] {
  return store.index('services-external', '').flatMap((key) => {
    if (store.index('ingresses-of-service', key).length === 0) return [];
    return outsideName(store.get('services', key)?.externalName ?? '') ?? [];
  });
}
