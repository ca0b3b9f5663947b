import type { Check, ServiceUnit } from '@/lib/diagnosis/check';
import { type Draft, draft, evidence, OBJECT_HOLD_MS } from '@/lib/diagnosis/draft';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { serviceRef } from '@/lib/diagnosis/port-context';
import { sh } from '@/lib/diagnosis/shell';
import type { Pod } from '@/lib/kube/objects';
import { splitKey } from '@/lib/kube/refs';
import { refOf } from '@/lib/kube/resources';
import type { Reader } from '@/lib/state/cells';
import { endpointPods, type JoinedEndpoint, readEndpoints } from '@/lib/topology/endpoints';
import { known, object } from '@/lib/topology/reads';
import { harmed } from './service-unit';

/** Why an endpoint's pod does not stand behind its address; null while it does. */
function staleness({ address }: JoinedEndpoint, pod: Pod | undefined): string | null {
  if (!pod) return 'its pod does not exist';
  if (pod.phase === 'Failed' || pod.phase === 'Succeeded') return `its pod has ended (${pod.phase})`;
  if (pod.ips.length > 0 && !pod.ips.includes(address)) return `its pod has address ${pod.ips.join(', ')}`;
  return null;
}

/**
 * `endpoints-stale`: an endpoint that gets traffic, and whose pod is gone, ended or has another address. Slices that are
 * kept by hand may name other addresses of a pod (a second network): they are not judged.
 */
export const endpointsStale: Check<ServiceUnit> = {
  name: 'endpoints-stale',
  run: (read, unit) => {
    if (!known(read, 'endpointslices').known || !known(read, 'pods').known) return [];
    const all = readEndpoints(read, unit.key);
    if (all.managedByHand) return [];
    const pods = read.query(endpointPods, unit.key);
    const stale: Stale[] = [];
    for (const [i, endpoint] of all.endpoints.entries()) {
      const { pod, ready, terminating } = endpoint;
      const why = pod === null || !ready || terminating ? null : staleness(endpoint, pods[i]);
      if (why !== null) stale.push({ endpoint, pod: pod ?? '', why });
    }
    if (stale.length === 0) return [];
    const ready = all.endpoints.filter((endpoint) => endpoint.ready && !endpoint.terminating).length;
    return [{ draft: staleDraft(read, unit, stale, ready), status: 'degraded' }];
  },
};

interface Stale {
  readonly endpoint: JoinedEndpoint;
  readonly pod: string;
  readonly why: string;
}

function staleDraft(read: Reader, unit: ServiceUnit, stale: readonly Stale[], ready: number): Draft {
  const { service } = unit;
  const first = stale[0] as Stale;
  return draft({
    code: 'endpoints-stale',
    severity: 'degraded',
    hop: 'endpoints',
    subject: serviceRef(service),
    affects: harmed(unit),
    related: stale.slice(0, 50).map(({ pod }) => {
      const { namespace, name } = splitKey(pod);
      return refOf('pods', namespace, name, object(read, 'pods', pod)?.uid);
    }),
    title: `Service ${service.name}: ${stale.length} of ${ready} ready endpoints lead nowhere`,
    detail: `endpoint ${first.endpoint.address} is called ready, but ${first.why}: requests that go there fail`,
    evidence: stale.slice(0, 3).map(({ endpoint, pod, why }) => {
      const { namespace, name } = splitKey(pod);
      return evidence(
        refOf('pods', namespace, name),
        `endpointslices[kubernetes.io/service-name=${service.name}].endpoints[]`,
        `${endpoint.address}: ${why}`,
      );
    }),
    fix: {
      summary:
        'See whether the EndpointSlice controller (kube-controller-manager) is at work and up to date.',
      look: [
        sh`kubectl -n ${service.namespace} get endpointslices -l kubernetes.io/service-name=${service.name} -o yaml`,
        sh`kubectl -n ${service.namespace} get pods -o wide`,
      ],
      managedBy: managedBy(service),
    },
    holdMs: OBJECT_HOLD_MS,
  });
}
