import type { Check, Found, ServiceUnit } from '@/lib/diagnosis/check';
import { type Draft, draft, evidence, OBJECT_HOLD_MS } from '@/lib/diagnosis/draft';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { serviceRef } from '@/lib/diagnosis/port-context';
import { sh } from '@/lib/diagnosis/shell';
import { kept } from '@/lib/kube/kept';
import type { ServicePort } from '@/lib/kube/objects';
import type { Reader } from '@/lib/state/cells';
import { readEndpoints } from '@/lib/topology/endpoints';
import { known } from '@/lib/topology/reads';
import { rollingOut } from './not-ready';
import { harmed, type PodEndpoint, podEndpoints, usedPorts, workloadBehind } from './service-unit';

/**
 * `endpoints-port-inconsistent`: a named target port has several numbers, or some pods of one workload lack it and so get no
 * traffic (kubernetes.io "Field spec.targetPort": names are looked up pod by pod). Both are normal during a rollout.
 */
export const portInconsistent: Check<ServiceUnit> = {
  name: 'endpoints-port-inconsistent',
  run: (read, unit) => {
    const named = usedPorts(unit).filter((port) => typeof port.targetPort === 'string');
    if (named.length === 0 || !known(read, 'deployments').known) return [];
    if (!known(read, 'endpointslices').known || readEndpoints(read, unit.key).managedByHand) return [];
    const alive = kept(podEndpoints(read, unit), ({ endpoint }) => !endpoint.terminating);
    return named.flatMap((port) => ofPort(read, unit, port, alive));
  },
};

function ofPort(
  read: Reader,
  unit: ServiceUnit,
  port: ServicePort,
  alive: readonly PodEndpoint[],
): readonly Found[] {
  if (isEven(alive, port.name)) return [];
  const having = alive.filter(({ endpoint }) => Object.hasOwn(endpoint.ports, port.name));
  const numbers = [...new Set(having.map(({ endpoint }) => endpoint.ports[port.name] ?? 0))].sort(
    (a, b) => a - b,
  );
  const owners = new Set(having.map((entry) => ownerOf(read, unit, entry)));
  // Pods of another workload may share the labels and have no business here.
  const lacking = alive.filter((entry) => !having.includes(entry) && owners.has(ownerOf(read, unit, entry)));
  if (having.length === 0 || (lacking.length === 0 && numbers.length < 2)) return [];
  if (alive.some(({ pod }) => rollingOut(read, pod))) return [];
  const found = inconsistent(unit, port, numbers, lacking.length, alive.length);
  return [lacking.length > 0 ? { draft: found, status: 'degraded' } : { draft: found }];
}

/** All have the port, and with one number: so it is nearly always. */
function isEven(alive: readonly PodEndpoint[], name: string): boolean {
  const first = alive[0]?.endpoint.ports;
  return (
    first === undefined ||
    (Object.hasOwn(first, name) &&
      alive.every(({ endpoint: { ports } }) => Object.hasOwn(ports, name) && ports[name] === first[name]))
  );
}

function ownerOf(read: Reader, unit: ServiceUnit, { pod }: PodEndpoint): string {
  const owner = workloadBehind(read, unit, pod);
  return owner ? `${owner.kind}/${owner.name}` : pod.name;
}

function inconsistent(
  unit: ServiceUnit,
  port: ServicePort,
  numbers: readonly number[],
  lacking: number,
  total: number,
): Draft {
  const { service } = unit;
  const name = String(port.targetPort);
  const part = lacking > 0;
  return draft({
    code: 'endpoints-port-inconsistent',
    severity: part ? 'degraded' : 'info',
    hop: 'endpoints',
    subject: serviceRef(service),
    ...(service.ports.length > 1 ? { discriminator: port.name || String(port.port) } : {}),
    affects: part ? harmed(unit) : [],
    title: part
      ? `Service ${service.name}: ${lacking} of ${total} pods have no port ${name}`
      : `Service ${service.name}: port ${name} has ${numbers.length} numbers`,
    detail: part
      ? `target port ${name} of ${service.name}:${port.port} is found on ${total - lacking} of ${total} pods: the others get no traffic`
      : `target port ${name} of ${service.name}:${port.port} means ${numbers.join(', ')}, depending on the pod`,
    evidence: [
      evidence(serviceRef(service), 'spec.ports[].targetPort', name),
      evidence(
        serviceRef(service),
        `endpointslices[kubernetes.io/service-name=${service.name}].ports[].port`,
        numbers.join(', '),
      ),
    ],
    fix: {
      summary: `Give every pod a container port named ${name}, with one number.`,
      look: [
        sh`kubectl -n ${service.namespace} get endpointslices -l kubernetes.io/service-name=${service.name}`,
      ],
      managedBy: managedBy(service),
    },
    holdMs: OBJECT_HOLD_MS,
  });
}
