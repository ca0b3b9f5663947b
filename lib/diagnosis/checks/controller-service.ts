/** The Service through which users come to a controller: does it lead to the ports where the controller listens? */
import { readText } from '@/lib/controllers/arguments';
import { configMapRefs, controllerContainer } from '@/lib/controllers/config-maps';
import { type Draft, draft, evidence, OBJECT_HOLD_MS } from '@/lib/diagnosis/draft';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { serviceHealth } from '@/lib/diagnosis/service-health';
import { sh } from '@/lib/diagnosis/shell';
import type { Service, ServicePort, Workload } from '@/lib/kube/objects';
import { objectKey } from '@/lib/kube/refs';
import { matchesSelector } from '@/lib/kube/selectors';
import type { Reader } from '@/lib/state/cells';
import type { Controller } from '@/lib/topology/controllers';
import { planeWorkload } from '@/lib/topology/exposure';
import { known, members, object } from '@/lib/topology/reads';
import { serviceSubject } from './load-balancer';

/** `controller-service-targetport-mismatch`: named ports that no container has; numbers where the flags tell. */
export function targetPortMismatch(
  read: Reader,
  behind: readonly Controller[],
  service: Service,
): Draft | null {
  const [controller] = behind;
  // Blue and green may stand behind one Service, each with ports of its own.
  const planes = behind.flatMap(({ dataPlane }) =>
    dataPlane.flatMap((plane) => planeWorkload(read, plane) ?? []),
  );
  if (!controller || planes.length === 0) return null;
  const tcp = service.ports.filter(({ protocol }) => protocol === 'TCP');
  const wrong = tcp.filter((port) => planes.every((plane) => !listens(read, controller, plane, port)));
  const [first] = wrong;
  if (!first) return null;
  const subject = serviceSubject(service);
  const names = planes.flatMap(({ containers }) =>
    containers.flatMap(({ ports }) => ports.map(({ name, port }) => name || String(port))),
  );
  const told = names.length > 0 ? [...new Set(names)].join(', ') : 'none';
  return draft({
    code: 'controller-service-targetport-mismatch',
    severity: wrong.length === tcp.length ? 'broken' : 'degraded',
    hop: 'loadbalancer',
    subject,
    title: `Service ${service.name} leads to a port where controller ${controller.name} does not listen`,
    detail: `${wrong.map(({ port, targetPort }) => `${port}→${targetPort}`).join(', ')}: its containers have ${told}`,
    evidence: [
      ...wrong.map(({ port, targetPort }) =>
        evidence(subject, `spec.ports[${port}].targetPort`, String(targetPort)),
      ),
      evidence(null, 'spec.template.spec.containers[].ports', told),
    ],
    fix: {
      summary: 'Set targetPort to the port where the controller listens.',
      look: [sh`kubectl -n ${service.namespace} get service ${service.name} -o yaml`],
      managedBy: managedBy(service),
    },
    holdMs: OBJECT_HOLD_MS,
  });
}

/** Declaring a number is optional, so only flags tell that nobody listens there. */
function listens(
  read: Reader,
  controller: Controller,
  plane: Workload,
  { targetPort }: ServicePort,
): boolean {
  const declared = plane.containers.flatMap(({ ports }) => ports);
  if (typeof targetPort === 'string') return declared.some(({ name }) => name === targetPort);
  if (declared.some(({ port }) => port === targetPort)) return true;
  const ports = controller.type === 'ingress-nginx' ? nginxPorts(read, plane) : null;
  return ports === null || ports.includes(targetPort);
}

const NGINX_PORTS: readonly (readonly [flag: string, otherwise: number])[] = [
  ['http-port', 80],
  ['https-port', 443],
  ['healthz-port', 10254],
  ['ssl-passthrough-proxy-port', 442],
  ['default-server-port', 8181],
];

/** Null where it cannot be told: a flag or a ConfigMap of streams that is not readable. */
function nginxPorts(read: Reader, plane: Workload): readonly number[] | null {
  const args = controllerContainer(plane)?.args;
  if (!args) return null;
  const ports: number[] = [];
  for (const [flag, otherwise] of NGINX_PORTS) {
    const reading = readText(args, flag);
    if (reading.state === 'unreadable') return null;
    ports.push(reading.state === 'set' ? Number(reading.value) : otherwise);
  }
  for (const { role, key } of configMapRefs(plane)) {
    if (role === 'settings') continue;
    const map = object(read, 'configmaps', key);
    if (!map) return null;
    ports.push(...Object.keys(map.data).map(Number));
  }
  return ports;
}

/** `controller-service-no-endpoints`: its pods are ready, and the Service that users come through leads to none of them. */
export function serviceWithoutEndpoints(
  read: Reader,
  behind: readonly Controller[],
  service: Service,
  cause: Draft | null,
): Draft | null {
  const key = objectKey(service.namespace, service.name);
  const { ports } = read.query(serviceHealth, key);
  const isDead = ports.length > 0 && ports.every(({ status, draining }) => status === 'broken' && !draining);
  const [controller] = behind;
  if (!controller || !isDead) return null;
  if (behind.every((one) => readyPods(read, one) === 0)) return null;
  const subject = serviceSubject(service);
  return draft({
    code: 'controller-service-no-endpoints',
    severity: 'broken',
    hop: 'loadbalancer',
    subject,
    cause: cause?.id ?? null,
    title: `Service ${service.name} leads to no pod of controller ${controller.name}`,
    detail: `${service.name} has no ready endpoint, though pods of ${controller.name} are ready`,
    evidence: [
      evidence(
        subject,
        `endpointslices[kubernetes.io/service-name=${service.name}].endpoints[].conditions.ready`,
        'none',
      ),
    ],
    fix: {
      summary: 'Make the Service’s selector and ports match the controller’s pods.',
      look: [
        sh`kubectl -n ${service.namespace} get endpointslices -l kubernetes.io/service-name=${service.name}`,
        sh`kubectl -n ${service.namespace} get pods --show-labels`,
      ],
      managedBy: managedBy(service),
    },
    holdMs: OBJECT_HOLD_MS,
  });
}

/** Where pods may not be read the workload's own count stands. */
function readyPods(read: Reader, { dataPlane }: Controller): number {
  const seen = known(read, 'pods').known;
  return dataPlane.reduce((sum, plane) => {
    const workload = planeWorkload(read, plane);
    if (!workload) return sum;
    if (!seen) return sum + workload.readyReplicas;
    const ready = members(read, 'pods-of-namespace', plane.namespace).filter((key) => {
      const pod = object(read, 'pods', key);
      return (
        pod !== undefined &&
        matchesSelector(workload.selector, pod.labels) &&
        pod.conditions.some(({ type, status }) => type === 'Ready' && status === 'True')
      );
    });
    return sum + ready.length;
  }, 0);
}
