/** What Kubernetes itself complains of at a Service, in Warning Events. */
import { saying } from '@/lib/controllers/log-lines';
import type { Check, ServiceUnit } from '@/lib/diagnosis/check';
import { draft } from '@/lib/diagnosis/draft';
import { eventEvidence, freshEvents } from '@/lib/diagnosis/events';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { serviceRef } from '@/lib/diagnosis/port-context';
import { sh } from '@/lib/diagnosis/shell';
import { harmed } from './service-unit';

const WINDOW_MS = 20 * 60_000;
/** Of the controllers that allocate addresses and ports, and of those that write endpoints (pkg/registry/core/service, pkg/controller/endpointslice). */
const ALLOCATION =
  /^(ClusterIP|Port|IPAddress)(NotAllocated|AlreadyAllocated|OutOfRange|NotValid|WrongReference)$/;
const ENDPOINTS = /^FailedTo(Create|Update|List|Delete)Endpoint(s|Slices?)?$/;
/** Two writers met: it is tried again at once, and only one that goes on for long is a fault. */
const OFTEN = 5;

/** `service-event-warning`: a fresh one of these reasons; what load balancers say is told by `lb-sync-error`. */
export const serviceEvents: Check<ServiceUnit> = {
  name: 'service-event-warning',
  run: (read, unit) => {
    const { service } = unit;
    const { namespace, name } = service;
    const events = freshEvents(read, { kind: 'Service', namespace, name }, WINDOW_MS).filter(
      ({ reason, count, involved }) =>
        (involved.uid === '' || service.uid === '' || involved.uid === service.uid) &&
        (ALLOCATION.test(reason) || (ENDPOINTS.test(reason) && count >= OFTEN)),
    );
    const [newest] = events;
    if (!newest) return [];
    const late = ENDPOINTS.test(newest.reason);
    const found = draft({
      code: 'service-event-warning',
      severity: 'warning',
      hop: 'service',
      subject: serviceRef(service),
      discriminator: newest.reason,
      affects: harmed(unit),
      title: `Kubernetes complains of Service ${service.name}: ${newest.reason}`,
      detail: `${saying(newest.message)}${late ? '; its endpoints may not follow its pods' : ''}`,
      evidence: events.slice(0, 3).map(eventEvidence),
      fix: {
        summary: late
          ? 'Mend what the message names; the control plane writes the endpoints.'
          : 'Mend what the message names; making the Service anew gives it a new address.',
        look: [
          sh`kubectl -n ${service.namespace} events --for ${`service/${service.name}`} --types=Warning`,
          sh`kubectl -n ${service.namespace} get service ${service.name} -o yaml`,
        ],
        managedBy: managedBy(service),
      },
      startedAt: newest.first,
    });
    return [{ draft: found, status: 'warning' }];
  },
};
