/** A Service port without any endpoint: why, down to the deepest cause known. */

import { type Draft, draft, evidence, OBJECT_HOLD_MS } from '@/lib/diagnosis/draft';
import { type JudgedPod, judge, podFindings } from '@/lib/diagnosis/pod-groups';
import { type PortContext, type PortFinding, selectedPods, serviceRef } from '@/lib/diagnosis/port-context';
import type { Pod, Service, Workload } from '@/lib/kube/objects';
import { refOf } from '@/lib/kube/resources';
import { matchesLabels } from '@/lib/kube/selectors';
import type { Reader } from '@/lib/state/cells';
import { known } from '@/lib/topology/reads';
import { workloadsOfNamespace } from '@/lib/topology/workloads';
import { labelMismatch } from './label-mismatch';
import { podsCommand, portWord, slicesCommand } from './not-ready';
import { onlyTerminating } from './only-terminating';
import { portUnresolved } from './port-unresolved';
import { scaledToZero } from './scaled-to-zero';
import { selectorNoMatch } from './selector-no-match';
import { sliceNotLabelled } from './slice-not-labelled';

/** `service-no-endpoints` with its cause (CHECKS, hops service, endpoints, pod). */
export function emptyFindings(read: Reader, context: PortContext): PortFinding {
  const { service } = context;
  if (context.draining) return onlyTerminating(read, context);
  if (service.selector === null) {
    const cause = sliceNotLabelled(read, service);
    const why = 'it has no selector, and no EndpointSlice gives it endpoints';
    return { status: 'broken', drafts: [noEndpoints(context, cause, why), ...(cause ? [cause] : [])] };
  }
  const pods = known(read, 'pods');
  if (!pods.known) return unseen(context, `its pods cannot be seen (${pods.reason})`);
  const judged = judge(read, selectedPods(read, service));
  const alive = judged.filter(
    ({ verdict }) => verdict.state !== 'terminating' && verdict.state !== 'finished',
  );
  // Evicted and finished pods stay behind for long: they say nothing of who should be at work now.
  return alive.length > 0 ? withPods(read, context, alive) : withoutPods(read, context, judged);
}

/** A Service of Argo Rollouts may stand for the idle colour; we don't read Rollouts. */
const MANAGED_BY_ROLLOUTS = 'argo-rollouts.argoproj.io/managed-by-rollouts';
const ROLLOUT_HASH = 'rollouts-pod-template-hash';

function rolloutOf({ annotations, selector }: Service): string | null {
  const name = annotations[MANAGED_BY_ROLLOUTS];
  if (name !== undefined) return `Argo Rollout ${name} manages it`;
  return selector && ROLLOUT_HASH in selector ? 'an Argo Rollout manages it' : null;
}

const JOB_LABELS: readonly string[] = [
  'batch.kubernetes.io/job-name',
  'batch.kubernetes.io/controller-uid',
  'job-name',
  'controller-uid',
];

/** A suspended Job has no pods, and Jobs are not read: only the labels that its controller gives its pods tell of it. */
function jobOf({ selector }: Service): string | null {
  const label = JOB_LABELS.find((key) => selector?.[key] !== undefined);
  if (label === undefined) return null;
  const which = label.endsWith('job-name') ? `Job ${selector?.[label]}` : 'a Job';
  return `it selects the pods of ${which}, which may be suspended, and Jobs are not read`;
}

function withoutPods(read: Reader, context: PortContext, ended: readonly JudgedPod[]): PortFinding {
  const { service } = context;
  const rollout = rolloutOf(service);
  if (rollout) return unseen(context, `${rollout}: this may be its idle colour, and Rollouts are not read`);
  const workloads = workloadsOfNamespace(read, service.namespace).filter((workload) =>
    matchesLabels(service.selector ?? {}, workload.templateLabels),
  );
  const idle = workloads.filter((workload) => workload.replicas === 0);
  if (workloads.length > 0 && idle.length === workloads.length)
    return nobodyAtWork(read, context, idle[0] as Workload);
  for (const resource of ['deployments', 'statefulsets', 'daemonsets'] as const) {
    const seen = known(read, resource);
    if (!seen.known)
      return unseen(
        context,
        `a workload scaled to zero may explain it, which cannot be seen (${seen.reason})`,
      );
  }
  if (ended.length > 0) return allEnded(context, ended);
  if (workloads.length === 0) {
    const job = jobOf(service);
    if (job) return unseen(context, job);
    const cause = selectorNoMatch(read, context);
    return { status: 'broken', drafts: [noEndpoints(context, cause, 'its selector matches no pod'), cause] };
  }
  const relabelled = labelMismatch(read, service, workloads);
  if (relabelled) {
    const why = 'the pods of its workload do not carry the labels that it selects';
    return { status: 'broken', drafts: [noEndpoints(context, relabelled, why), relabelled] };
  }
  const names = workloads.map((workload) => `${workload.kind} ${workload.name}`).join(', ');
  const why = `${names} has created no pod: a quota, an admission webhook or a missing service account may refuse it`;
  return { status: 'broken', drafts: [noEndpoints(context, null, why)] };
}

/** Pods of a finished Job leave an empty Service behind as they should. */
function allEnded(context: PortContext, ended: readonly JudgedPod[]): PortFinding {
  const pods = ended.map(({ pod }) => pod);
  const job = pods.every((pod) => pod.owner?.kind === 'Job') ? pods[0]?.owner?.name : undefined;
  if (job === undefined)
    return {
      status: 'broken',
      drafts: [noEndpoints(context, null, 'all its pods have ended or are shutting down', pods)],
    };
  const symptom = noEndpoints(context, null, `its pods belonged to Job ${job}, which is done`, pods);
  return { status: 'warning', drafts: [{ ...symptom, severity: 'warning' }] };
}

/** No endpoints for certain, but whether that is meant cannot be told. */
function unseen(context: PortContext, why: string): PortFinding {
  const found = noEndpoints(context, null, why);
  return {
    status: 'unknown',
    drafts: [{ ...found, severity: 'warning', state: 'unknown' }],
    reason: `no endpoints: ${why}`,
  };
}

function nobodyAtWork(read: Reader, context: PortContext, workload: Workload): PortFinding {
  const { draft: cause, explained } = scaledToZero(read, workload);
  const symptom = noEndpoints(context, cause, `${workload.kind} ${workload.name} is scaled to zero`);
  if (explained === 'no') return { status: 'broken', drafts: [symptom, cause] };
  const severity = 'warning' as const;
  const state = explained === 'unknown' ? ('unknown' as const) : ('open' as const);
  return {
    status: explained === 'unknown' ? 'unknown' : 'warning',
    drafts: [{ ...symptom, severity, state }, cause],
    reason: cause.detail,
  };
}

function withPods(read: Reader, context: PortContext, judged: readonly JudgedPod[]): PortFinding {
  const pods = judged.map(({ pod }) => pod);
  const unresolved = portUnresolved(context, pods);
  if (unresolved)
    return {
      status: 'broken',
      drafts: [noEndpoints(context, unresolved, 'its target port resolves on none of its pods'), unresolved],
    };
  const causes = podFindings(read, judged);
  const starting = judged.some(({ verdict }) => verdict.state === 'starting' || verdict.state === 'ready');
  const words = starting ? 'its pods are starting' : `none of its ${pods.length} pods has an address yet`;
  const cause = causes[0] ?? null;
  return { status: 'broken', drafts: [noEndpoints(context, cause, words, pods), ...causes] };
}

function noEndpoints(
  context: PortContext,
  cause: Draft | null,
  why: string,
  pods: readonly Pod[] = [],
): Draft {
  const { service, port } = context;
  const ref = serviceRef(service);
  const byHand = service.selector === null;
  return draft({
    code: 'service-no-endpoints',
    severity: 'broken',
    hop: 'endpoints',
    subject: ref,
    discriminator: portWord(context),
    title: `Service ${service.name}: no endpoints`,
    detail: `${service.name}:${port.port} has no endpoints: ${why}`,
    evidence: [
      evidence(
        ref,
        `endpointslices[kubernetes.io/service-name=${service.name}].endpoints`,
        context.endpoints.slices === 0 ? 'no EndpointSlice' : '[]',
      ),
    ],
    cause: cause?.id ?? null,
    related: pods.slice(0, 20).map((pod) => refOf('pods', pod.namespace, pod.name, pod.uid)),
    fix: {
      summary: fixWords(cause, byHand),
      look: byHand ? [slicesCommand(context)] : [slicesCommand(context), podsCommand(context)],
    },
    // As settled as what explains it: a wrong selector is no passing state, a Service without pods yet is.
    holdMs: cause ? cause.holdMs : OBJECT_HOLD_MS,
    startedAt: cause?.startedAt ?? null,
  });
}

function fixWords(cause: Draft | null, byHand: boolean): string {
  if (cause) return `Mend its cause (${cause.title}).`;
  return byHand
    ? 'Give it a selector, or an EndpointSlice labelled kubernetes.io/service-name with the addresses behind it.'
    : 'Find out why no pod that its selector matches is there.';
}
