import { type Draft, draft, evidence } from '@/lib/diagnosis/draft';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { sh } from '@/lib/diagnosis/shell';
import type { Service } from '@/lib/kube/objects';
import { refOf } from '@/lib/kube/resources';
import type { Reader } from '@/lib/state/cells';
import { members, object } from '@/lib/topology/reads';

const LABEL = 'kubernetes.io/service-name';

/**
 * `endpoints-slice-not-labelled`: a slice is called after a Service without selector, and lacks the label by which alone it
 * would belong to it (EndpointSlice v1; kubernetes.io "Services without selectors").
 */
export function sliceNotLabelled(read: Reader, service: Service): Draft | null {
  for (const key of members(read, 'slices-unlabelled', service.namespace)) {
    const slice = object(read, 'endpointslices', key);
    if (slice && (slice.name === service.name || slice.name.startsWith(`${service.name}-`))) {
      const { namespace, name, uid } = slice;
      const ref = refOf('endpointslices', namespace, name, uid);
      return draft({
        code: 'endpoints-slice-not-labelled',
        severity: 'warning',
        hop: 'endpoints',
        subject: ref,
        title: `EndpointSlice ${name} belongs to no Service`,
        detail: `EndpointSlice ${name} seems to be meant for Service ${service.name}, but has no label ${LABEL}: nobody uses it`,
        evidence: [evidence(ref, `metadata.labels[${LABEL}]`, 'not there')],
        fix: {
          summary: `Label it ${LABEL}=${service.name}.`,
          look: [sh`kubectl -n ${namespace} get endpointslice ${name} -o yaml`],
          change: [sh`kubectl -n ${namespace} label endpointslice ${name} ${`${LABEL}=${service.name}`}`],
          managedBy: managedBy(slice),
        },
      });
    }
  }
  return null;
}
