import type { ControllerUnit, Found } from '@/lib/diagnosis/check';
import { nodeCount, planes, practice, scaledBy, scalersKnown } from '@/lib/diagnosis/controller-planes';
import { evidence } from '@/lib/diagnosis/draft';
import { counted } from '@/lib/diagnosis/risk';
import { sh } from '@/lib/diagnosis/shell';
import type { PodDisruptionBudget } from '@/lib/kube/policy-objects';
import { matchesSelector } from '@/lib/kube/selectors';
import type { Query, Reader } from '@/lib/state/cells';
import { planeWorkload } from '@/lib/topology/exposure';
import { known, members, object } from '@/lib/topology/reads';
import { workloadRef } from '@/lib/topology/workloads';

/** Lets no pod go, ever: a drain waits for good. Percentages are left alone but the whole. */
function blocksDrains({ minAvailable, maxUnavailable }: PodDisruptionBudget, replicas: number): boolean {
  if (maxUnavailable === '0' || maxUnavailable === '0%' || minAvailable === '100%') return true;
  return /^\d+$/.test(minAvailable) && Number(minAvailable) >= replicas;
}

/** `controller-no-pdb`: a drain may take all pods at once, or none ever. */
export function noDisruptionBudget(read: Reader, unit: ControllerUnit): readonly Found[] {
  if (!known(read, 'poddisruptionbudgets').known || !scalersKnown(read)) return [];
  return planes(read, unit)
    .filter(({ kind, replicas }) => kind !== 'DaemonSet' && replicas > 1)
    .flatMap((workload) => {
      const { namespace, name, replicas, templateLabels } = workload;
      const budgets = members(read, 'budgets-of-namespace', namespace)
        .flatMap((key) => object(read, 'poddisruptionbudgets', key) ?? [])
        .filter(({ selector }) => selector !== null && matchesSelector(selector, templateLabels));
      // What an autoscaler may add makes room for a drain.
      const blocking =
        scaledBy(read, workload) === null
          ? budgets.find((budget) => blocksDrains(budget, replicas))
          : undefined;
      if (budgets.length > 0 && !blocking) return [];
      return practice(read, workload, {
        code: 'controller-no-pdb',
        severity: 'info',
        title: blocking
          ? `No node under ${name} can be drained`
          : `A drain may stop all pods of ${name} at once`,
        detail: blocking
          ? `PodDisruptionBudget ${blocking.name} lets none of ${counted(replicas, 'pod', 'pods')} of ${name} go: upgrades of nodes wait for good`
          : `${name} has ${counted(replicas, 'pod', 'pods')} and no PodDisruptionBudget: nothing keeps a drain from taking them together`,
        evidence: [evidence(workloadRef(read, namespace, workload), 'spec.replicas', String(replicas))],
        mend: 'Give it a PodDisruptionBudget with maxUnavailable: 1 (or minAvailable one below the replicas).',
        look: [sh`kubectl -n ${namespace} get poddisruptionbudgets`],
      });
    });
}

interface Placed {
  readonly pods: number;
  readonly nodes: readonly string[];
}

/** On which nodes the running pods of a controller (by id) are; changes only when one moves. */
const placement: Query<Placed> = {
  name: 'controller-placement',
  level: 5,
  compute: (read, member) => {
    const [kind = '', namespace = '', name = ''] = member.split('/');
    const workload = planeWorkload(read, { kind, namespace, name });
    const pods = members(read, 'pods-of-namespace', namespace).flatMap((key) => {
      const pod = object(read, 'pods', key);
      const isOwn = pod && workload && matchesSelector(workload.selector, pod.labels);
      return isOwn && pod.phase === 'Running' && pod.node !== '' ? [pod.node] : [];
    });
    return { pods: pods.length, nodes: [...new Set(pods)].sort() };
  },
};

/** `controller-no-spread`: nothing keeps its pods apart, and they are on one node. */
export function noSpread(read: Reader, unit: ControllerUnit): readonly Found[] {
  const nodes = nodeCount(read);
  if (nodes === null || nodes < 2 || !known(read, 'pods').known) return [];
  return planes(read, unit)
    .filter(({ kind, replicas, spreads }) => kind !== 'DaemonSet' && replicas > 1 && !spreads)
    .flatMap((workload) => {
      const { namespace, name, kind } = workload;
      const { pods, nodes: used } = read.query(placement, `${kind}/${namespace}/${name}`);
      const [node] = used;
      if (pods < 2 || used.length !== 1 || node === undefined) return [];
      return practice(read, workload, {
        code: 'controller-no-spread',
        severity: 'info',
        title: `All pods of ${name} are on one node`,
        detail: `${counted(pods, 'pod', 'pods')} of ${name} run on ${node}, and neither anti-affinity nor topologySpreadConstraints keep them apart: that node takes all traffic with it`,
        evidence: [
          evidence(
            workloadRef(read, namespace, workload),
            'spec.template.spec.topologySpreadConstraints',
            'not set',
          ),
        ],
        mend: 'Add topologySpreadConstraints on kubernetes.io/hostname, and on the zone where there are several.',
        look: [sh`kubectl -n ${namespace} get pods -o wide`],
      });
    });
}
