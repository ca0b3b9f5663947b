import type { ServicePort } from '@/lib/kube/objects';

const NONE: readonly ServicePort[] = [];

function isMeant(port: ServicePort, want: number | string | null): boolean {
  return typeof want === 'number' ? port.port === want : port.name === want && want !== '';
}

/** The ports that backends name, by number or by name; of twins on one number (HTTP/3) the TCP one. */
export function backendPorts(
  ports: readonly ServicePort[],
  wanted: readonly (number | string | null)[],
): readonly ServicePort[] {
  const [only] = ports;
  if (only && ports.length === 1) return wanted.some((want) => isMeant(only, want)) ? ports : NONE;
  const found = new Set<ServicePort>();
  for (const want of new Set(wanted)) {
    const named = ports.filter((port) => isMeant(port, want));
    const port = named.find(({ protocol }) => protocol === 'TCP') ?? named[0];
    if (port) found.add(port);
  }
  return ports.filter((port) => found.has(port));
}
