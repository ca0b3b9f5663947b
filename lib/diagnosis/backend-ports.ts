import type { ServicePort } from '@/lib/kube/objects';

/** The ports that backends name, by number or by name; of twins on one number (HTTP/3) the TCP one. */
export function backendPorts(
  ports: readonly ServicePort[],
  wanted: readonly (number | string | null)[],
): readonly ServicePort[] {
  const found = new Set<ServicePort>();
  for (const want of new Set(wanted)) {
    const named = ports.filter((port) =>
      typeof want === 'number' ? port.port === want : port.name === want && want !== '',
    );
    const port = named.find(({ protocol }) => protocol === 'TCP') ?? named[0];
    if (port) found.add(port);
  }
  return ports.filter((port) => found.has(port));
}
