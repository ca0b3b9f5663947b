import { CLOUD_HOLD_MS, type Draft, draft, evidence } from '@/lib/diagnosis/draft';
import { eventEvidence, freshEvents } from '@/lib/diagnosis/events';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { sh } from '@/lib/diagnosis/shell';
import type { Service } from '@/lib/kube/objects';
import { objectKey, splitKey } from '@/lib/kube/refs';
import { refOf } from '@/lib/kube/resources';
import type { Reader } from '@/lib/state/cells';
import type { Controller } from '@/lib/topology/controllers';
import type { LoadBalancer } from '@/lib/topology/exposure';
import type { Status } from '@/lib/topology/model';
import { object } from '@/lib/topology/reads';
import { workloadRef } from '@/lib/topology/workloads';

/** `controller-service-not-exposed`: no LoadBalancer, NodePort, externalIP or host port leads to the controller's pods. */
export function notExposed(
  read: Reader,
  controller: Controller,
  services: readonly string[],
  blind: string | null,
): Draft {
  const subject = workloadRef(
    read,
    controller.namespace,
    controller.workload ?? { kind: 'Deployment', name: controller.name },
  );
  const entry = entryService(read, controller, services);
  const what = entry ? `its Service ${entry.name} is of type ${entry.type}` : 'no Service selects its pods';
  return draft({
    code: 'controller-service-not-exposed',
    severity: 'broken',
    state: blind ? 'unknown' : 'open',
    hop: 'loadbalancer',
    subject,
    related: services.map((key) => refOf('services', splitKey(key).namespace, splitKey(key).name)),
    title: blind
      ? `Controller ${controller.name}: whether it can be reached from outside is not known`
      : `Controller ${controller.name} cannot be reached from outside`,
    detail: blind ?? `no load balancer, node port or host port leads to ${controller.name}: ${what}`,
    evidence: [
      entry
        ? evidence(refOf('services', entry.namespace, entry.name, entry.uid), 'spec.type', entry.type)
        : evidence(subject, 'services', what),
    ],
    fix: {
      summary: blind
        ? 'Grant list on what cannot be seen, or look for a Service or host port that leads to its pods.'
        : 'Expose the controller: a Service of type LoadBalancer, or NodePort behind a load balancer of your own. A tunnel or an outer proxy may be on purpose.',
      look: [sh`kubectl -n ${controller.namespace} get services -o wide`],
      change:
        entry && !blind
          ? [
              sh`kubectl -n ${entry.namespace} patch service ${entry.name} -p '{"spec":{"type":"LoadBalancer"}}'`,
            ]
          : [],
    },
  });
}

/** Events are kept an hour. */
const EVENTS_MS = 60 * 60_000;

const WEB = /^(https?|web|websecure)$/;

/** The Service that users should come through: the one that it publishes, else one with the web's ports (not its metrics). */
function entryService(read: Reader, controller: Controller, keys: readonly string[]): Service | null {
  const found = keys.flatMap((key) => object(read, 'services', key) ?? []);
  const published = controller.recognised?.publishService;
  const isEntry = ({ ports }: Service) =>
    ports.some((port) => port.port === 80 || port.port === 443 || WEB.test(port.name));
  return (
    found.find((service) => objectKey(service.namespace, service.name) === published) ??
    found.find(isEntry) ??
    found[0] ??
    null
  );
}

/** `lb-service-pending`: no address 5 minutes after creation; until then it is merely pending. */
export function loadBalancerPending(read: Reader, lb: LoadBalancer): { status: Status; draft: Draft | null } {
  if (lb.service === null) return { status: 'pending', draft: null };
  const service = object(read, 'services', lb.service);
  if (!service) return { status: 'unknown', draft: null };
  const overdue = lb.created === null || read.reached(lb.created + CLOUD_HOLD_MS);
  const subject = refOf('services', lb.namespace, lb.name, service.uid);
  const found = draft({
    code: 'lb-service-pending',
    severity: 'broken',
    hop: 'loadbalancer',
    subject,
    title: `Service ${lb.name} got no load balancer address`,
    detail: `Service ${lb.name} is of type LoadBalancer and has no address: no cloud controller or address pool has answered${service.loadBalancerClass ? ` (class ${service.loadBalancerClass})` : ''}`,
    evidence: [
      evidence(subject, 'status.loadBalancer.ingress', '[]', lb.created),
      ...freshEvents(read, { kind: 'Service', ...service }, EVENTS_MS)
        .slice(0, 3)
        .map(eventEvidence),
    ],
    fix: {
      summary:
        'Look at the Service’s events; install what hands out addresses (a cloud controller, MetalLB), or use a NodePort.',
      look: [
        sh`kubectl -n ${lb.namespace} describe service ${lb.name}`,
        sh`kubectl -n ${lb.namespace} get events --field-selector involvedObject.name=${lb.name}`,
      ],
      managedBy: managedBy(service),
    },
    holdMs: CLOUD_HOLD_MS,
    startedAt: lb.created,
  });
  return { status: overdue ? 'broken' : 'pending', draft: found };
}
