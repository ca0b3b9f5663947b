/** Pods of a controller beyond what stops them now: killed for memory, and a rollout that is stuck. */
import type { ControllerUnit, Found } from '@/lib/diagnosis/check';
import { controllerHealth } from '@/lib/diagnosis/controller-health';
import {
  controllerPods,
  controllerRef,
  controllerTarget,
  controllerWorkload,
} from '@/lib/diagnosis/controller-parts';
import { draft, evidence, OBJECT_HOLD_MS } from '@/lib/diagnosis/draft';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { sh } from '@/lib/diagnosis/shell';
import type { Pod } from '@/lib/kube/objects';
import { refOf } from '@/lib/kube/resources';
import type { Reader } from '@/lib/state/cells';

const DAY = 86_400_000;

interface Killed {
  readonly pod: Pod;
  readonly container: string;
  readonly at: number;
}

/** `controller-oom-killed`: within the last 24 hours; a warning where all pods are up again. */
export function oomKilled(read: Reader, { id, controller }: ControllerUnit): readonly Found[] {
  const killed = controllerPods(read, controller).flatMap((pod) =>
    pod.states.flatMap(({ name, terminated }): Killed[] =>
      terminated?.reason === 'OOMKilled' && terminated.at !== null && !read.reached(terminated.at + DAY)
        ? [{ pod, container: name, at: terminated.at }]
        : [],
    ),
  );
  const newest = killed.toSorted((a, b) => b.at - a.at)[0];
  if (!newest) return [];
  const health = read.query(controllerHealth, id);
  const subject = controllerRef(read, controller);
  const workload = controllerWorkload(read, controller);
  const found = draft({
    code: 'controller-oom-killed',
    severity: health.ready < health.desired ? 'degraded' : 'warning',
    hop: 'controller',
    subject,
    related: killed.map(({ pod }) => refOf('pods', pod.namespace, pod.name, pod.uid)),
    title: `Controller ${controller.name} was killed for using too much memory`,
    detail: `container ${newest.container} of ${newest.pod.name} reached its memory limit within the last 24 hours; its connections were cut`,
    evidence: killed
      .slice(0, 5)
      .map(({ pod, at }) =>
        evidence(
          refOf('pods', pod.namespace, pod.name, pod.uid),
          'status.containerStatuses[].lastState.terminated.reason',
          'OOMKilled',
          at,
        ),
      ),
    fix: {
      summary:
        'Raise its memory limit, or find out what grows: large admission requests and many Ingresses do.',
      look: [sh`kubectl -n ${controller.namespace} describe pod ${newest.pod.name}`],
      managedBy: workload ? managedBy(workload) : null,
    },
    startedAt: newest.at,
  });
  return [{ draft: found }];
}

/** `controller-rollout-stuck`: the Deployment has given up; the old pods go on serving. */
export function rolloutStuck(read: Reader, { id, controller }: ControllerUnit): readonly Found[] {
  const workload = controllerWorkload(read, controller);
  const stuck = workload?.conditions.find(
    ({ type, reason }) => type === 'Progressing' && reason === 'ProgressDeadlineExceeded',
  );
  if (!workload || !stuck || workload.observedGeneration < workload.generation) return [];
  const subject = controllerRef(read, controller);
  const target = controllerTarget(controller);
  const health = read.query(controllerHealth, id);
  const cause = health.drafts.find(
    ({ code }) => code !== 'controller-pod-not-ready' && code.includes('pod-'),
  );
  const found = draft({
    code: 'controller-rollout-stuck',
    severity: health.ready < health.desired ? 'degraded' : 'warning',
    hop: 'controller',
    subject,
    cause: cause?.id ?? null,
    title: `Controller ${controller.name}: its rollout is stuck`,
    detail: `${workload.updatedReplicas} of ${workload.replicas} pods are of the new version; the deadline for progress is over${stuck.message ? `: ${stuck.message}` : ''}`,
    evidence: [evidence(subject, 'status.conditions[Progressing].reason', stuck.reason, stuck.since)],
    fix: {
      summary: cause
        ? `Mend its cause (${cause.title}), or roll back.`
        : 'See why the new pods do not become ready, or roll back.',
      look: [
        sh`kubectl -n ${controller.namespace} rollout status ${target} --timeout=5s`,
        sh`kubectl -n ${controller.namespace} get pods`,
      ],
      change: [sh`kubectl -n ${controller.namespace} rollout undo ${target}`],
      managedBy: managedBy(workload),
    },
    holdMs: OBJECT_HOLD_MS,
    startedAt: stuck.since,
  });
  return [{ draft: found }];
}
