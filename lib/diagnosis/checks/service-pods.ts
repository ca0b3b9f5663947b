import type { Check, Found, ServiceUnit } from '@/lib/diagnosis/check';
import { type Draft, draft, evidence } from '@/lib/diagnosis/draft';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { brokenNodes, nodeNotReady } from '@/lib/diagnosis/node-finding';
import { oomFindings } from '@/lib/diagnosis/pod-oom';
import { groupByWorkload, type PodGroup } from '@/lib/diagnosis/pods-of-workload';
import { sh } from '@/lib/diagnosis/shell';
import type { Pod } from '@/lib/kube/objects';
import { refOf } from '@/lib/kube/resources';
import type { Reader } from '@/lib/state/cells';
import { harmed, podEndpoints, podsBehind } from './service-unit';

/** `pod-oom` for the pods behind a Service. */
export const servicePodsOom: Check<ServiceUnit> = {
  name: 'pod-oom',
  run: (read, unit) => {
    return oomFindings(read, podsBehind(read, unit)).map((found) => ({
      draft: { ...found, affects: harmed(unit) },
    }));
  },
};

/** How long after its grace period (ms) a pod may still be there (CHECKS `pod-terminating-stuck`). */
const STUCK_MS = 5 * 60_000;

/**
 * `pod-terminating-stuck`: deletionTimestamp is the time at which the grace period ends (API conventions, metadata), and
 * five minutes later the pod is still there. It gets no new requests while others are ready: a hint then.
 */
export const terminatingStuck: Check<ServiceUnit> = {
  name: 'pod-terminating-stuck',
  run: (read, unit) => {
    const stuck = podsBehind(read, unit).filter(
      (pod) => pod.deleting !== null && read.reached(pod.deleting + STUCK_MS),
    );
    if (stuck.length === 0) return [];
    const others = podEndpoints(read, unit).some(({ endpoint }) => endpoint.ready && !endpoint.terminating);
    return groupByWorkload(read, stuck).flatMap((group) => stuckFound(read, unit, group, others));
  },
};

function stuckFound(read: Reader, unit: ServiceUnit, group: PodGroup, others: boolean): readonly Found[] {
  const nodes = brokenNodes(read, group.pods).map((node) => ({
    ...nodeNotReady(node, group.pods),
    affects: harmed(unit),
  }));
  const symptom = { ...stuckDraft(group, others, nodes[0] ?? null), affects: harmed(unit) };
  return [{ draft: symptom }, ...nodes.map((node) => ({ draft: node }))];
}

function stuckDraft({ subject, who, pods }: PodGroup, others: boolean, cause: Draft | null): Draft {
  const first = pods[0] as Pod;
  const many = pods.length > 1 ? `${pods.length} pods of ${who}` : `Pod ${first.name}`;
  const since = Math.min(...pods.map((pod) => pod.deleting ?? 0));
  return draft({
    code: 'pod-terminating-stuck',
    severity: others ? 'warning' : 'degraded',
    hop: 'pod',
    subject,
    cause: cause?.id ?? null,
    related: pods.slice(0, 50).map((pod) => refOf('pods', pod.namespace, pod.name, pod.uid)),
    title: `${many} ${pods.length > 1 ? 'do' : 'does'} not finish terminating`,
    detail: `${many} should have ended more than 5 minutes ago: a finalizer, a volume or a dead node holds ${pods.length > 1 ? 'them' : 'it'}`,
    evidence: pods
      .slice(0, 3)
      .map((pod) =>
        evidence(
          refOf('pods', pod.namespace, pod.name, pod.uid),
          'metadata.deletionTimestamp',
          'grace period over',
          pod.deleting,
        ),
      ),
    fix: {
      summary: cause
        ? `Mend its cause (${cause.title}).`
        : 'Look at its finalizers, its volumes and its node; delete it by force only when its containers are surely gone.',
      look: [
        sh`kubectl -n ${first.namespace} get pod ${first.name} -o jsonpath=${'{.metadata.finalizers}'}`,
        sh`kubectl -n ${first.namespace} describe pod ${first.name}`,
        ...(first.node === '' ? [] : [sh`kubectl get nodes ${first.node} -o wide`]),
      ],
      managedBy: managedBy(first),
    },
    startedAt: since + STUCK_MS,
  });
}
