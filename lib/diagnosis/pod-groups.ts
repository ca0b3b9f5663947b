/** Pods that fail alike, as one finding of their workload: one crashed rollout is one cause, not three. */
import type { Pod } from '@/lib/kube/objects';
import type { Ref } from '@/lib/kube/refs';
import { refOf } from '@/lib/kube/resources';
import type { Reader } from '@/lib/state/query-engine';
import { type WorkloadName, workloadOf, workloadRef } from '@/lib/topology/workloads';
import { type Draft, draft, evidence, OBJECT_HOLD_MS, PENDING_HOLD_MS } from './draft';
import { managedBy } from './managed-by';
import { type PodProblem, type PodVerdict, podVerdict } from './pod-verdict';
import { sh } from './shell';

export interface JudgedPod {
  readonly pod: Pod;
  readonly verdict: PodVerdict;
}

/** The verdicts of pods at the present time. */
export function judge(read: Reader, pods: readonly Pod[]): readonly JudgedPod[] {
  return pods.map((pod) => ({ pod, verdict: podVerdict(pod, read.reached) }));
}

const WORDS: Readonly<Record<PodProblem, string>> = {
  'pod-crashloop': 'crash again and again',
  'pod-image-pull': 'cannot pull their image',
  'pod-config-error': 'cannot be started with their configuration',
  'pod-pending': 'cannot be scheduled',
  'pod-readiness-failing': 'run but are not ready',
};

/**
 * Findings for the failing ones among `judged`, one per workload and problem, most pods first.
 * `broken` where no pod is ready, `degraded` where some are (CHECKS, hop pod).
 */
export function podFindings(read: Reader, judged: readonly JudgedPod[]): readonly Draft[] {
  const anyReady = judged.some(({ verdict }) => verdict.state === 'ready');
  const groups = new Map<string, { code: PodProblem; workload: WorkloadName | null; members: JudgedPod[] }>();
  for (const entry of judged) {
    const code = entry.verdict.problem;
    if (!code || entry.verdict.state !== 'failing') continue;
    const workload = workloadOf(read, entry.pod);
    const key = workload ? `${code} ${workload.kind}/${workload.name}` : `${code} ${entry.pod.name}`;
    const group = groups.get(key) ?? { code, workload, members: [] };
    group.members.push(entry);
    groups.set(key, group);
  }
  return [...groups.values()]
    .sort((a, b) => b.members.length - a.members.length || (a.code < b.code ? -1 : 1))
    .map((group) =>
      groupFinding(
        read,
        group.code,
        group.workload,
        group.members,
        anyReady ? judged.length : group.members.length,
        anyReady,
      ),
    );
}

function groupFinding(
  read: Reader,
  code: PodProblem,
  workload: WorkloadName | null,
  members: readonly JudgedPod[],
  total: number,
  anyReady: boolean,
): Draft {
  const first = members[0] as JudgedPod;
  const { pod, verdict } = first;
  const podRefs = members.map(({ pod: p }) => refOf('pods', p.namespace, p.name, p.uid));
  const subject = workload ? workloadRef(read, pod.namespace, workload) : (podRefs[0] as Ref);
  const who = workload ? `${workload.kind} ${workload.name}` : `pod ${pod.name}`;
  const restarts = Math.max(...members.map((member) => member.verdict.restarts));
  const why = [
    verdict.exitCode !== null ? `exit ${verdict.exitCode}` : verdict.reason,
    verdict.message,
    restarts > 0 ? `${restarts} restarts` : '',
  ];
  const image = pod.containers[0]?.image ?? '';
  return draft({
    code,
    severity: anyReady ? 'degraded' : 'broken',
    hop: 'pod',
    subject,
    related: podRefs,
    title: `${who}: pods ${WORDS[code]}`,
    detail: `${members.length} of ${total} pods of ${who} ${WORDS[code]}: ${[...new Set(why)].filter((text) => text !== '').join(' · ')}`,
    evidence: [
      ...members.slice(0, 3).map((member) => podEvidence(member)),
      evidence(podRefs[0] as Ref, 'spec.containers[0].image', image),
    ],
    fix: { ...podFix(code, subject, pod, verdict), managedBy: managedBy(pod) },
    holdMs: code === 'pod-pending' ? PENDING_HOLD_MS : OBJECT_HOLD_MS,
    startedAt: latest(members.map((member) => member.verdict.since)),
  });
}

function podEvidence({ pod, verdict }: JudgedPod) {
  const ref = refOf('pods', pod.namespace, pod.name, pod.uid);
  const waiting =
    verdict.problem === 'pod-crashloop' ||
    verdict.problem === 'pod-image-pull' ||
    verdict.problem === 'pod-config-error';
  const path = waiting ? 'status.containerStatuses[].state.waiting.reason' : 'status.conditions[Ready]';
  return evidence(
    ref,
    path,
    verdict.message ? `${verdict.reason}: ${verdict.message}` : verdict.reason,
    verdict.since,
  );
}

function podFix(code: PodProblem, subject: Ref, pod: Pod, verdict: PodVerdict) {
  const ns = pod.namespace;
  const target =
    subject.kind === 'Pod' ? `pod/${subject.name}` : `${subject.kind.toLowerCase()}/${subject.name}`;
  const describe = sh`kubectl -n ${ns} describe pod ${pod.name}`;
  const undo = subject.kind === 'Pod' ? [] : [sh`kubectl -n ${ns} rollout undo ${target}`];
  if (code === 'pod-crashloop') {
    return {
      summary: 'Read the last lines before the crash; if a new version brought it, roll back.',
      look: [sh`kubectl -n ${ns} logs ${pod.name} --previous --tail=50`, describe],
      change: undo,
    };
  }
  if (code === 'pod-image-pull') {
    return {
      summary: `Correct the image name, its tag or the pull secret (${verdict.reason}).`,
      look: [describe],
      change: undo,
    };
  }
  if (code === 'pod-config-error') {
    return {
      summary: 'Create the ConfigMap, Secret or key that the message names.',
      look: [describe, sh`kubectl -n ${ns} get configmap,secret`],
      change: undo,
    };
  }
  if (code === 'pod-pending') {
    return {
      summary:
        'Give the scheduler what its message asks for: free capacity, matching nodes, or smaller requests.',
      look: [describe, 'kubectl get nodes'],
      change: [],
    };
  }
  return {
    summary:
      'Find out why the readiness probe fails: the probe, its port, or a dependency of the application.',
    look: [describe, sh`kubectl -n ${ns} logs ${pod.name} --tail=50`],
    change: undo,
  };
}

/** The latest of several times; null if any is not known. */
export function latest(times: readonly (number | null)[]): number | null {
  const found = times.filter((time): time is number => time !== null);
  return found.length < times.length || found.length === 0 ? null : Math.max(...found);
}
