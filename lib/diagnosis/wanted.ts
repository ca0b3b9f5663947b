import type { ObjectStore } from '@/lib/state/store';
import { addressesOf } from '@/lib/topology/exposure';

/** What the probes and the Secret reader are asked for. */
export interface Wanted {
  /** Lower-case names: literal hosts of rules and exposed Services, and host names of load balancers. */
  readonly hosts: ReadonlySet<string>;
  /** Keys of the Secrets that some Ingress names, for TLS or for access, and of the default certificates of controllers. */
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
  const secrets = ['ingresses-of-secret', 'ingresses-of-auth-secret', 'default-certificates'].flatMap(
    (index) => [...store.indexKeys(index)],
  );
  return { hosts, secrets: new Set(secrets) };
}
