/** What a Service is by itself: about to vanish, or without selector. */
import type { Check, ServiceUnit } from '@/lib/diagnosis/check';
import { draft, evidence, OBJECT_HOLD_MS } from '@/lib/diagnosis/draft';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { serviceRef } from '@/lib/diagnosis/port-context';
import { sh } from '@/lib/diagnosis/shell';
import { harmed } from './service-unit';

/** `service-terminating`: deleted, and held by a finalizer; it serves until that is taken off. */
export const serviceTerminating: Check<ServiceUnit> = {
  name: 'service-terminating',
  run: (_read, unit) => {
    const { service } = unit;
    if (service.deleting === null) return [];
    const ref = serviceRef(service);
    const found = draft({
      code: 'service-terminating',
      severity: 'degraded',
      hop: 'service',
      subject: ref,
      affects: harmed(unit),
      title: `Service ${service.name} is being deleted`,
      detail: `Service ${service.name} was deleted and a finalizer still holds it: traffic stops when that is taken off`,
      evidence: [evidence(ref, 'metadata.deletionTimestamp', 'set', service.deleting)],
      fix: {
        summary:
          'Find out who deleted it and which finalizer holds it; create it anew if it is still wanted.',
        look: [
          sh`kubectl -n ${service.namespace} get service ${service.name} -o jsonpath=${'{.metadata.finalizers}'}`,
          sh`kubectl -n ${service.namespace} get events --field-selector involvedObject.name=${service.name}`,
        ],
        managedBy: managedBy(service),
      },
      holdMs: OBJECT_HOLD_MS,
      startedAt: service.deleting,
    });
    return [{ draft: found, status: 'warning' }];
  },
};

/** `service-selectorless`: endpoints are kept by hand or by an operator; legal, and worth knowing when they are wrong. */
export const serviceSelectorless: Check<ServiceUnit> = {
  name: 'service-selectorless',
  run: (_read, { service, live }) => {
    if (service.selector !== null || service.type === 'ExternalName' || live.length === 0) return [];
    const ref = serviceRef(service);
    const found = draft({
      code: 'service-selectorless',
      severity: 'info',
      impact: 'risk',
      hop: 'service',
      subject: ref,
      title: `Service ${service.name} has no selector`,
      detail: `Service ${service.name} has no selector: somebody or something else keeps its endpoints, and readiness means what they say`,
      evidence: [evidence(ref, 'spec.selector', 'none')],
      fix: {
        summary: 'Nothing to mend if that is meant; know who keeps its EndpointSlices.',
        look: [
          sh`kubectl -n ${service.namespace} get endpointslices -l kubernetes.io/service-name=${service.name} -o yaml`,
        ],
        managedBy: managedBy(service),
      },
    });
    return [{ draft: found }];
  },
};
