import type { Reader } from '@/lib/state/cells';
import { asciiName } from '@/lib/topology/host-names';
import { members, object } from '@/lib/topology/reads';

/** `*.example.com` of `www.example.com`; null for names without a parent. */
export function wildcardOf(host: string): string | null {
  const dot = host.indexOf('.');
  return dot > 0 && !host.startsWith('*') ? `*${host.slice(dot)}` : null;
}

/** Whether some Ingress has a TLS entry for a host, whichever rules it has itself. */
export function hostTls(read: Reader, host: string): boolean {
  const name = asciiName(host);
  const wildcard = wildcardOf(name);
  if (name !== '' && members(read, 'ingresses-by-tls-host', name).length > 0) return true;
  if (wildcard !== null && members(read, 'ingresses-by-tls-host', wildcard).length > 0) return true;
  // An entry without hosts is for all that its Ingress has.
  return members(read, 'ingresses-by-host', host).some((key) =>
    object(read, 'ingresses', key)?.tls.some((entry) => entry.hosts.length === 0),
  );
}
