import type { ControllerUnit, Found } from '@/lib/diagnosis/check';
import { nodeCount, planes, practice, scaledBy, scalersKnown } from '@/lib/diagnosis/controller-planes';
import { evidence } from '@/lib/diagnosis/draft';
import { sh } from '@/lib/diagnosis/shell';
import type { Reader } from '@/lib/state/cells';
import { workloadRef } from '@/lib/topology/workloads';

/** `controller-single-replica`: one pod carries everything. On one node a second would not help: a hint there. */
export function singleReplica(read: Reader, unit: ControllerUnit): readonly Found[] {
  const nodes = nodeCount(read);
  if (nodes === null || !scalersKnown(read)) return [];
  return planes(read, unit)
    .filter(
      (workload) =>
        workload.kind !== 'DaemonSet' && workload.replicas === 1 && scaledBy(read, workload) === null,
    )
    .map((workload) => {
      const { namespace, name, kind } = workload;
      return practice(read, workload, {
        code: 'controller-single-replica',
        severity: nodes === 1 ? 'info' : 'warning',
        title: `One pod of ${name} carries all traffic`,
        detail: `${name} has one replica: while that pod restarts or its node is drained, no host behind it answers${nodes === 1 ? '; the cluster has one node, so a second replica would help with restarts only' : ''}`,
        evidence: [evidence(workloadRef(read, namespace, workload), 'spec.replicas', '1')],
        mend: 'Run two or more, kept apart by topologySpreadConstraints and kept up by a PodDisruptionBudget.',
        change:
          nodes > 1 ? [sh`kubectl -n ${namespace} scale ${kind.toLowerCase()}/${name} --replicas=2`] : [],
      });
    });
}

/** `controller-no-hpa`: two or more, so load matters, and nothing follows it. Optional. */
export function noAutoscaler(read: Reader, unit: ControllerUnit): readonly Found[] {
  if (!scalersKnown(read)) return [];
  return planes(read, unit)
    .filter(
      (workload) =>
        workload.kind === 'Deployment' && workload.replicas > 2 && scaledBy(read, workload) === null,
    )
    .map((workload) =>
      practice(read, workload, {
        code: 'controller-no-hpa',
        severity: 'info',
        title: `The number of pods of ${workload.name} does not follow the load`,
        detail: `${workload.name} has ${workload.replicas} replicas, and neither a HorizontalPodAutoscaler nor a KEDA ScaledObject changes that; fine where that many are enough for the worst hour`,
        evidence: [
          evidence(
            workloadRef(read, workload.namespace, workload),
            'spec.replicas',
            String(workload.replicas),
          ),
        ],
        mend: 'Optional: a HorizontalPodAutoscaler on CPU, with as many replicas as now for its minimum.',
        look: [sh`kubectl -n ${workload.namespace} get horizontalpodautoscalers`],
      }),
    );
}
