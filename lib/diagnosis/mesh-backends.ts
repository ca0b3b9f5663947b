/** The pods behind a port of a Service as the mesh sees them: who asks for mutual TLS there. */
import { objectKey, splitKey } from '@/lib/kube/refs';
import type { Query, Reader } from '@/lib/state/cells';
import { endpointsOfPort, readEndpoints } from '@/lib/topology/endpoints';
import { effectiveTls, isLeftAlone, type Membership, mayBeStrict, membershipOf } from '@/lib/topology/mesh';
import { known, object } from '@/lib/topology/reads';

/** Pods that refuse what does not come with a certificate of the mesh. */
export interface StrictPods {
  readonly count: number;
  readonly total: number;
  /** One of them; empty where pods cannot be read. */
  readonly pod: string;
  readonly port: number | null;
  /** `unknown`: whether they are in the mesh cannot be told. */
  readonly membership: Exclude<Membership, 'outside'>;
  /** Key of the PeerAuthentication. */
  readonly by: string;
}

/** Key: JSON of Service key and port name; null where nobody refuses anything. */
const strictQuery: Query<StrictPods | null> = {
  name: 'strict-pods',
  level: 2,
  compute: (read, key) => {
    const [service, portName] = JSON.parse(key) as [string, string];
    const namespace = object(read, 'services', service)?.namespace;
    if (namespace === undefined || !known(read, 'peerauthentications').known) return null;
    return known(read, 'pods').known ? bySight(read, service, portName) : assumed(read, service, portName);
  },
};

function bySight(read: Reader, service: string, portName: string): StrictPods | null {
  let first: StrictPods | null = null;
  let count = 0;
  let total = 0;
  for (const endpoint of endpointsOfPort(readEndpoints(read, service), portName)) {
    if (!endpoint.ready || endpoint.pod === null) continue;
    total++;
    const pod = object(read, 'pods', endpoint.pod);
    const membership = pod ? membershipOf(read, pod) : 'outside';
    if (!pod || membership === 'outside') continue;
    const port = endpoint.ports[portName] ?? null;
    const { mode, by } = effectiveTls(read, pod, port);
    if (mode !== 'STRICT' || !by || (membership === 'sidecar' && isLeftAlone(pod, port))) continue;
    count++;
    first ??= { count, total, pod: pod.name, port, membership, by: objectKey(by.namespace, by.name) };
  }
  return first && { ...first, count, total };
}

/** Where pods cannot be read: at least the labels that the Service selects them by. */
function assumed(read: Reader, service: string, portName: string): StrictPods | null {
  const found = object(read, 'services', service);
  const ready = endpointsOfPort(readEndpoints(read, service), portName).filter(
    (endpoint) => endpoint.ready && endpoint.pod !== null,
  );
  const [one] = ready;
  if (!one || !found?.selector) return null;
  const port = one.ports[portName] ?? null;
  const { mode, by } = effectiveTls(read, { namespace: found.namespace, labels: found.selector }, port);
  if (mode !== 'STRICT' || !by) return null;
  const total = ready.length;
  return { count: total, total, pod: '', port, membership: 'unknown', by: objectKey(by.namespace, by.name) };
}

/** The ready pods behind a port that ask for mutual TLS. */
export function strictPods(read: Reader, service: string, portName: string): StrictPods | null {
  // Where no policy is STRICT there is nothing to remember for each port.
  if (!mayBeStrict(read, splitKey(service).namespace)) return null;
  return read.query(strictQuery, JSON.stringify([service, portName]));
}
