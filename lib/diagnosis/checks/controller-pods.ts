import { type Draft, draft, evidence, findingId, OBJECT_HOLD_MS } from '@/lib/diagnosis/draft';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { judge, latest, podFindings } from '@/lib/diagnosis/pod-groups';
import { sh } from '@/lib/diagnosis/shell';
import type { Pod, Workload } from '@/lib/kube/objects';
import { refOf } from '@/lib/kube/resources';
import type { Reader } from '@/lib/state/cells';
import type { Status } from '@/lib/topology/model';
import { known } from '@/lib/topology/reads';
import { workloadResource } from '@/lib/topology/workloads';

export interface PlaneJudgement {
  readonly status: Status;
  readonly ready: number;
  readonly desired: number;
  readonly drafts: readonly Draft[];
}

/**
 * `controller-scaled-to-zero` and `controller-pod-not-ready`. A controller that only programs a load balancer carries no
 * traffic: its loss freezes the configuration and is `degraded` (CHECKS trap 9).
 */
export function planeFindings(
  read: Reader,
  workload: Workload,
  pods: readonly Pod[],
  controlOnly: boolean,
): PlaneJudgement {
  const desired = workload.replicas;
  // How many a DaemonSet wants stands in its status, which is empty until its controller has looked at it.
  if (workload.kind === 'DaemonSet' && workload.observedGeneration < workload.generation)
    return { status: 'pending', ready: 0, desired, drafts: [] };
  if (desired === 0) {
    return {
      status: controlOnly ? 'degraded' : 'broken',
      ready: 0,
      desired,
      drafts: [scaledToZero(workload, controlOnly)],
    };
  }
  const judged = judge(read, pods);
  const counted = known(read, 'pods').known && pods.length > 0;
  const ready = counted
    ? judged.filter(({ verdict }) => verdict.state === 'ready').length
    : Math.min(workload.readyReplicas, desired);
  if (ready >= desired) return { status: 'ok', ready, desired, drafts: [] };
  const causes = podFindings(read, judged)
    .map(ofController)
    .map((cause) => (controlOnly ? { ...cause, severity: 'degraded' as const } : cause));
  const rolling = ready > 0 && causes.length === 0;
  if (rolling) return { status: 'ok', ready, desired, drafts: [] };
  const severity = ready === 0 && !controlOnly ? 'broken' : 'degraded';
  const ref = refOf(workloadResource(workload), workload.namespace, workload.name, workload.uid);
  const since = latest(
    judged.filter(({ verdict }) => verdict.state !== 'ready').map(({ verdict }) => verdict.since),
  );
  const symptom = draft({
    code: 'controller-pod-not-ready',
    severity,
    hop: 'controller',
    subject: ref,
    cause: causes[0]?.id ?? null,
    related: pods.map((pod) => refOf('pods', pod.namespace, pod.name, pod.uid)),
    title: `Controller ${workload.name}: ${ready} of ${desired} pods ready`,
    detail: `${ready} of ${desired} pods of the ingress controller ${workload.name} are ready${controlOnly ? ': routes keep their last configuration' : ''}`,
    evidence: [evidence(ref, 'status.readyReplicas', `${ready} of ${desired}`)],
    fix: {
      summary: fixWords(causes[0] ?? null, ready, controlOnly),
      look: [
        sh`kubectl -n ${workload.namespace} get pods`,
        sh`kubectl -n ${workload.namespace} logs ${`${workload.kind.toLowerCase()}/${workload.name}`} --tail=50`,
      ],
      managedBy: managedBy(workload),
    },
    holdMs: OBJECT_HOLD_MS,
    startedAt: since,
  });
  return { status: severity, ready, desired, drafts: [symptom, ...causes] };
}

/** What ails a controller's pods has codes of its own: it stops everybody, not one application. */
const OWN_CODES: ReadonlyMap<string, string> = new Map([
  ['pod-crashloop', 'controller-pod-crashloop'],
  ['pod-pending', 'controller-pod-pending'],
  ['pod-image-pull', 'controller-pod-image-pull'],
]);

function ofController(found: Draft): Draft {
  const code = OWN_CODES.get(found.code);
  return code === undefined
    ? found
    : { ...found, id: findingId(code, found.subject), code, hop: 'controller' };
}

function fixWords(cause: Draft | null, ready: number, controlOnly: boolean): string {
  const meanwhile = controlOnly
    ? 'Until then changes of Ingresses do not go live.'
    : ready === 0
      ? 'Until then nobody answers.'
      : 'Until then the others carry its load.';
  return `${cause ? `Mend its cause (${cause.title}).` : 'Find out what keeps the pods from being ready.'} ${meanwhile}`;
}

function scaledToZero(workload: Workload, controlOnly: boolean): Draft {
  const ref = refOf(workloadResource(workload), workload.namespace, workload.name, workload.uid);
  const target = `${workload.kind.toLowerCase()}/${workload.name}`;
  const daemon = workload.kind === 'DaemonSet';
  return draft({
    code: 'controller-scaled-to-zero',
    severity: controlOnly ? 'degraded' : 'broken',
    hop: 'controller',
    subject: ref,
    title: `Controller ${workload.name} is scaled to zero`,
    detail: daemon
      ? `no node matches the ingress controller ${workload.name}`
      : `the ingress controller ${workload.name} wants 0 replicas: nothing answers behind the load balancer`,
    evidence: [evidence(ref, daemon ? 'status.desiredNumberScheduled' : 'spec.replicas', 0)],
    fix: {
      summary: daemon ? 'Correct its node selector or tolerations.' : 'Scale the controller up.',
      look: [sh`kubectl -n ${workload.namespace} get ${target}`],
      change: daemon ? [] : [sh`kubectl -n ${workload.namespace} scale ${target} --replicas=2`],
      managedBy: managedBy(workload),
    },
  });
}
