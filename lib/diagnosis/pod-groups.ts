/** Pods that fail alike, as one finding of their workload: one crashed rollout is one cause, not three. */
import type { Pod } from '@/lib/kube/objects';
import { objectKey, type Ref } from '@/lib/kube/refs';
import { refOf } from '@/lib/kube/resources';
import type { Reader } from '@/lib/state/cells';
import { crashFact } from '@/lib/topology/reads';
import { type WorkloadName, watchedWorkload, workloadLookup, workloadRef } from '@/lib/topology/workloads';
import { type Draft, draft, evidence, OBJECT_HOLD_MS, PENDING_HOLD_MS } from './draft';
import { editEvidence } from './edit-evidence';
import { managedBy } from './managed-by';
import { brokenNodes, nodeNotReady } from './node-finding';
import { oomFindings } from './pod-oom';
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

/** What ails one pod, and several. */
const WORDS: Readonly<Record<PodProblem, readonly [one: string, many: string]>> = {
  'pod-crashloop': ['crashes again and again', 'crash again and again'],
  'pod-image-pull': ['cannot pull its image', 'cannot pull their image'],
  'pod-config-error': [
    'cannot be started with its configuration',
    'cannot be started with their configuration',
  ],
  'pod-pending': ['does not start', 'do not start'],
  'pod-readiness-failing': ['runs but is not ready', 'run but are not ready'],
  'pod-readiness-gate-false': ['waits for a readiness gate', 'wait for a readiness gate'],
};
const UNSCHEDULED = ['cannot be scheduled', 'cannot be scheduled'] as const;

function wordsOf(code: PodProblem, verdict: PodVerdict): readonly [one: string, many: string] {
  return code === 'pod-pending' && verdict.unscheduled ? UNSCHEDULED : WORDS[code];
}

/**
 * Findings for the failing ones among `judged`, one per workload and problem, most pods first.
 * `broken` where no pod is ready, `degraded` where some are (CHECKS, hop pod).
 */
export function podFindings(read: Reader, judged: readonly JudgedPod[]): readonly Draft[] {
  const anyReady = judged.some(({ verdict }) => verdict.state === 'ready');
  const groups = new Map<string, { code: PodProblem; workload: WorkloadName | null; members: JudgedPod[] }>();
  const totals = new Map<string, number>();
  const workloadOf = workloadLookup(read);
  for (const entry of judged) {
    const workload = workloadOf(entry.pod);
    const who = workload ? `${workload.kind}/${workload.name}` : entry.pod.name;
    totals.set(who, (totals.get(who) ?? 0) + 1);
    const code = entry.verdict.problem;
    if (!code || entry.verdict.state !== 'failing') continue;
    const key = `${code} ${who}`;
    const group = groups.get(key) ?? { code, workload, members: [] };
    group.members.push(entry);
    groups.set(key, group);
  }
  const sorted = [...groups.values()].sort(
    (a, b) => b.members.length - a.members.length || (a.code < b.code ? -1 : 1),
  );
  const found = sorted.map((group) => {
    const who = group.workload ? `${group.workload.kind}/${group.workload.name}` : group.members[0]?.pod.name;
    const total = totals.get(who ?? '') ?? 0;
    const symptom = groupFinding(read, group.code, group.workload, group.members, total, anyReady);
    const causes = deeper(read, group.code, group.members);
    return { symptom: { ...symptom, cause: causes[0]?.id ?? null }, causes };
  });
  const causes = new Map(found.flatMap((entry) => entry.causes).map((cause) => [cause.id, cause]));
  return [...found.map((entry) => entry.symptom), ...causes.values()];
}

/** What explains that pods fail, beyond their own status: their memory limit, or the nodes that they stand on. */
function deeper(read: Reader, code: PodProblem, members: readonly JudgedPod[]): readonly Draft[] {
  const pods = members.map(({ pod }) => pod);
  if (code === 'pod-crashloop') {
    // Only where that is how all of them ended: else it stands beside, without a claim.
    const all = members.every(({ verdict }) => verdict.message.startsWith('OOMKilled'));
    return all ? oomFindings(read, pods) : [];
  }
  if (code !== 'pod-readiness-failing') return [];
  const nodes = brokenNodes(read, pods);
  return nodes.length > 0 && pods.every((pod) => nodes.some((node) => node.name === pod.node))
    ? nodes.map((node) => nodeNotReady(node, pods))
    : [];
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
  const [one, many] = wordsOf(code, verdict);
  const who = workload ? `${workload.kind} ${workload.name}` : `Pod ${pod.name}`;
  const restarts = Math.max(...members.map((member) => member.verdict.restarts));
  const why = [
    verdict.exitCode !== null
      ? `exit ${verdict.exitCode}`
      : verdict.reason === 'NotReady'
        ? ''
        : verdict.reason,
    verdict.message,
    restarts > 0 ? `${restarts} restarts` : '',
  ];
  const reasons = [...new Set(why)].filter((text) => text !== '').join(' · ');
  const image = pod.containers[0]?.image ?? '';
  return draft({
    code,
    severity: anyReady ? 'degraded' : 'broken',
    hop: 'pod',
    subject,
    related: podRefs,
    title: workload ? `${who}: pods ${many}` : `${who} ${one}`,
    detail: [workload ? `${members.length} of ${total} pods of ${who} ${many}` : `${who} ${one}`, reasons]
      .filter((text) => text !== '')
      .join(': '),
    evidence: [
      ...members.slice(0, 3).map((member) => podEvidence(member)),
      evidence(podRefs[0] as Ref, 'spec.containers[0].image', image),
      ...(code === 'pod-crashloop' ? lastLines(read, members) : []),
      ...(workload ? editEvidence(watchedWorkload(read, pod.namespace, workload)) : []),
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
  const condition = verdict.unscheduled ? 'PodScheduled' : 'Ready';
  const path = waiting
    ? 'status.containerStatuses[].state.waiting.reason'
    : `status.conditions[${condition}]`;
  return evidence(
    ref,
    path,
    verdict.message ? `${verdict.reason}: ${verdict.message}` : verdict.reason,
    verdict.since,
  );
}

/** What the container said before it died, where it may be read: of the first pod that said something. */
function lastLines(read: Reader, members: readonly JudgedPod[]) {
  for (const { pod } of members) {
    const fact = crashFact(read, objectKey(pod.namespace, pod.name));
    if (!fact || fact.lines.length === 0) continue;
    const ref = refOf('pods', pod.namespace, pod.name, pod.uid);
    return fact.lines.map((line) => evidence(ref, 'logs --previous (last lines)', line));
  }
  return [];
}

const UNDOABLE: ReadonlySet<string> = new Set(['Deployment', 'StatefulSet', 'DaemonSet']);

function podFix(code: PodProblem, subject: Ref, pod: Pod, verdict: PodVerdict) {
  const ns = pod.namespace;
  const target =
    subject.kind === 'Pod' ? `pod/${subject.name}` : `${subject.kind.toLowerCase()}/${subject.name}`;
  const describe = sh`kubectl -n ${ns} describe pod ${pod.name}`;
  // Other owners (a Rollout's ReplicaSet, a Job) know no `rollout undo`.
  const undo = UNDOABLE.has(subject.kind) ? [sh`kubectl -n ${ns} rollout undo ${target}`] : [];
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
  if (code === 'pod-readiness-gate-false') {
    return {
      summary:
        'Look at who sets the gate: the load balancer’s health check of the pod, or a controller that is not at work.',
      look: [
        describe,
        sh`kubectl -n ${ns} get pod ${pod.name} -o wide`,
        sh`kubectl -n ${ns} get events --field-selector involvedObject.name=${pod.name}`,
      ],
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
