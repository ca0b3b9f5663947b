import type { Labels } from '@/lib/kube/objects';
import type { Query } from '@/lib/state/cells';
import type { EditFact, ServiceWorkload } from '@/lib/topology/details';
import { workloadMember } from '@/lib/topology/workloads';
import { editFacts } from './edit-facts';

/** What of a workload its owners set, without what becomes of its pods. */
export interface WorkloadShape {
  /** As Services tell of it. */
  readonly told: ServiceWorkload;
  readonly uid: string;
  readonly templateLabels: Labels;
  /** Whether any container of the template has a readiness probe. */
  readonly probed: boolean;
  readonly edits: readonly EditFact[];
}

/** A workload (key: a member of an index over the kinds) without its status, so that pods that come and go stop here. */
export const workloadShape: Query<WorkloadShape | null> = {
  name: 'workload-shape',
  level: 1,
  compute: (read, member) => {
    const workload = workloadMember(read, member);
    if (!workload) return null;
    const { kind, name, uid, containers, replicas, generation, templateLabels } = workload;
    return {
      told: {
        kind,
        name,
        images: Object.fromEntries(containers.map((container) => [container.name, container.image])),
        replicas: kind === 'DaemonSet' ? null : replicas,
        generation,
      },
      uid,
      templateLabels,
      probed: containers.length === 0 || containers.some(({ readiness }) => readiness !== 'none'),
      edits: editFacts(kind, workload),
    };
  },
};
