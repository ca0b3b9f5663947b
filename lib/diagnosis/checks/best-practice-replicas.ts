import type { ControllerUnit, Found } from '@/lib/diagnosis/check';
import { controllerFacts, showWorkload } from '@/lib/diagnosis/controller-facts';
import { evidence, type Verdict } from '@/lib/diagnosis/draft';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { counted, risk } from '@/lib/diagnosis/risk';
import { sh } from '@/lib/diagnosis/shell';
import type { Workload } from '@/lib/kube/objects';
import type { PodDisruptionBudget } from '@/lib/kube/policy-objects';
import { matchesSelector } from '@/lib/kube/selectors';
import type { Query, Reader } from '@/lib/state/cells';
import { planeWorkload } from '@/lib/topology/exposure';
import { isCloud } from '@/lib/topology/hosts';
import { known, members, object } from '@/lib/topology/reads';
import { workloadRef } from '@/lib/topology/workloads';

/** The workloads that carry a controller's traffic; none where a cloud does. */
export function planes(read: Reader, { controller }: ControllerUnit): readonly Workload[] {
  if (isCloud(controller) || !controllerFacts(read, controller)) return [];
  return controller.dataPlane.flatMap((plane) => planeWorkload(read, plane) ?? []);
}

type Said = Pick<Verdict, 'code' | 'severity' | 'title' | 'detail' | 'evidence'> & {
  readonly mend: string;
  readonly look?: readonly string[];
  readonly change?: readonly string[];
};

/** A hint about a workload. */
export function practice(
  read: Reader,
  workload: Workload,
  { mend, look = [], change = [], ...said }: Said,
): Found {
  return risk({
    ...said,
    hop: 'best-practice',
    subject: workloadRef(read, workload.namespace, workload),
    fix: { summary: mend, look: [...look, showWorkload(workload)], change, managedBy: managedBy(workload) },
  });
}

/** How many nodes pods could be on; null: not known. */
function nodeCount(read: Reader): number | null {
  const nodes = known(read, 'nodes').known ? members(read, 'nodes-all', '') : [];
  return nodes.length === 0 ? null : nodes.length;
}

/** Why more than one pod comes by itself; null: the number stands as written. */
function scaledBy(read: Reader, { namespace, kind, name }: Workload): string | null {
  const isTarget = (target: { kind: string; name: string }) => target.kind === kind && target.name === name;
  const byHpa = members(read, 'autoscalers-of-namespace', namespace).find((key) => {
    const scaler = object(read, 'horizontalpodautoscalers', key);
    return scaler ? isTarget(scaler.target) : false;
  });
  if (byHpa !== undefined) return byHpa;
  const byKeda = members(read, 'scalers-of-namespace', namespace).find((key) => {
    const scaler = object(read, 'scaledobjects', key);
    return scaler ? isTarget({ kind: scaler.target.kind || 'Deployment', name: scaler.target.name }) : false;
  });
  return byKeda ?? null;
}

const scalersKnown = (read: Reader) =>
  known(read, 'horizontalpodautoscalers').known && known(read, 'scaledobjects').known;

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
