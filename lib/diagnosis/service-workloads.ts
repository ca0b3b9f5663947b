/** What runs behind a Service, by its selector: workloads without their status, so that pods that come and go stop here. */
import { matchesLabels } from '@/lib/kube/selectors';
import type { Query, Reader } from '@/lib/state/cells';
import type { EditFact, ServiceWorkload } from '@/lib/topology/details';
import { labelKey } from '@/lib/topology/indexes';
import { known, members, object } from '@/lib/topology/reads';
import { editFacts, withEdits } from './edit-facts';
import { workloadShape } from './workload-shape';

/** A Service tells of so many workloads, by name; more than two are rare. */
const MOST = 5;

export interface WorkloadFacts {
  readonly workloads?: readonly ServiceWorkload[];
  readonly edits?: readonly EditFact[];
}

/** The workloads behind the Service with key `NS/NAME`, and the edits of both. */
export const serviceWorkloads: Query<WorkloadFacts> = {
  name: 'service-workloads',
  level: 2,
  compute: (read, key) => {
    const service = object(read, 'services', key);
    if (!service) return {};
    const own = editFacts('Service', service);
    if (!known(read, 'deployments').known) return withEdits(own);
    const found = candidates(read, service.namespace, service.selector ?? {})
      .flatMap((member) => read.query(workloadShape, member) ?? [])
      .filter(({ templateLabels }) => matchesLabels(service.selector ?? {}, templateLabels))
      .sort(({ told: a }, { told: b }) =>
        a.name < b.name ? -1 : a.name > b.name ? 1 : a.kind < b.kind ? -1 : 1,
      )
      .slice(0, MOST);
    return {
      workloads: found.map(({ told }) => told),
      ...withEdits([...own, ...found.flatMap(({ edits }) => edits)]),
    };
  },
};

/** To look at so few costs less than to ask for another label, which is remembered. */
const ENOUGH = 4;

/** Members under the selector's rarest label, or the first that is rare: whole namespaces may share one like `tier=web`. */
function candidates(
  read: Reader,
  namespace: string,
  selector: Readonly<Record<string, string>>,
): readonly string[] {
  let rarest: readonly string[] | null = null;
  for (const [name, value] of Object.entries(selector)) {
    const found = members(read, 'workloads-by-label', labelKey(namespace, name, value));
    if (rarest === null || found.length < rarest.length) rarest = found;
    if (rarest.length <= ENOUGH) break;
  }
  return rarest ?? [];
}
