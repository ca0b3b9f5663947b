/* The status of a Deployment, with the conditions that `kubectl rollout status` and dashboards read. Pure. */
import { withCondition } from './conditions';
import { formatTime } from './scheduler';
import type { Condition, Deployment, ReplicaSet, ReplicaStatus } from './shapes';

/** The status that follows from the Deployment's ReplicaSets. */
export function deploymentStatus(
  deployment: Deployment,
  sets: readonly ReplicaSet[],
  current: ReplicaSet | undefined,
  now: number,
): ReplicaStatus {
  const desired = deployment.spec.replicas ?? 1;
  const total = (pick: (set: ReplicaSet) => number | undefined): number =>
    sets.reduce((sum, set) => sum + (pick(set) ?? 0), 0);
  const replicas = total((set) => set.status?.replicas);
  const ready = total((set) => set.status?.readyReplicas);
  const updated = current?.status?.replicas ?? 0;
  const unavailable = Math.max(0, Math.max(desired, replicas) - ready);
  const status: ReplicaStatus = {
    observedGeneration: deployment.metadata.generation,
    ...(replicas ? { replicas } : {}),
    ...(updated ? { updatedReplicas: updated } : {}),
    ...(ready ? { readyReplicas: ready, availableReplicas: ready } : {}),
    ...(unavailable ? { unavailableReplicas: unavailable } : {}),
  };
  const done =
    updated === desired && replicas === desired && (current?.status?.availableReplicas ?? 0) === desired;
  return { ...status, conditions: conditions(deployment, { desired, ready, done, current }, status, now) };
}

interface Progress {
  readonly desired: number;
  readonly ready: number;
  readonly done: boolean;
  readonly current: ReplicaSet | undefined;
}

function conditions(
  deployment: Deployment,
  progress: Progress,
  status: ReplicaStatus,
  now: number,
): Condition[] {
  const time = formatTime(now);
  const strategy = deployment.spec.strategy;
  const allowed =
    strategy?.type === 'Recreate'
      ? progress.desired
      : unavailableAllowed(strategy?.rollingUpdate?.maxUnavailable ?? '25%', progress.desired);
  const available = progress.ready >= progress.desired - (strategy?.type === 'Recreate' ? 0 : allowed);
  let list = withCondition(
    deployment.status?.conditions,
    available
      ? {
          type: 'Available',
          status: 'True',
          reason: 'MinimumReplicasAvailable',
          message: 'Deployment has minimum availability.',
        }
      : {
          type: 'Available',
          status: 'False',
          reason: 'MinimumReplicasUnavailable',
          message: 'Deployment does not have minimum availability.',
        },
    time,
  );
  const next = progressing(deployment, progress, status, now);
  if (!next) return list;
  const before = list.find((condition) => condition.type === 'Progressing');
  list = withCondition(list, next, time);
  return list.map((condition) => {
    if (condition.type !== 'Progressing') return condition;
    const same =
      before?.reason === condition.reason &&
      before?.message === condition.message &&
      !movedOn(deployment.status, status);
    return { ...condition, lastUpdateTime: (same ? before?.lastUpdateTime : time) ?? time };
  });
}

function progressing(
  deployment: Deployment,
  progress: Progress,
  status: ReplicaStatus,
  now: number,
): Condition | undefined {
  const { current, done } = progress;
  const before = deployment.status?.conditions?.find((condition) => condition.type === 'Progressing');
  if (deployment.spec.paused)
    return {
      type: 'Progressing',
      status: 'Unknown',
      reason: 'DeploymentPaused',
      message: 'Deployment is paused',
    };
  if (!current) return before;
  const subject = `ReplicaSet "${current.metadata.name}"`;
  if (done)
    return {
      type: 'Progressing',
      status: 'True',
      reason: 'NewReplicaSetAvailable',
      message: `${subject} has successfully progressed.`,
    };
  // A finished rollout stays finished when pods die later: only a new template starts progress again.
  if (before?.reason === 'NewReplicaSetAvailable' && before.message?.includes(subject)) return before;
  const stuck = before?.reason === 'ProgressDeadlineExceeded' && before.message?.includes(subject);
  if (stuck && !movedOn(deployment.status, status)) return before;
  const late = now - Date.parse(before?.lastUpdateTime ?? formatTime(now)) >= deadlineOf(deployment);
  if (before && late && before.message?.includes(subject) && !movedOn(deployment.status, status))
    return {
      type: 'Progressing',
      status: 'False',
      reason: 'ProgressDeadlineExceeded',
      message: `${subject} has timed out progressing.`,
    };
  return {
    type: 'Progressing',
    status: 'True',
    reason: 'ReplicaSetUpdated',
    message: `${subject} is progressing.`,
  };
}

function movedOn(before: ReplicaStatus | undefined, after: ReplicaStatus): boolean {
  return (
    (after.updatedReplicas ?? 0) > (before?.updatedReplicas ?? 0) ||
    (after.readyReplicas ?? 0) > (before?.readyReplicas ?? 0)
  );
}

function deadlineOf(deployment: Deployment): number {
  return (deployment.spec.progressDeadlineSeconds ?? 600) * 1000;
}

/** How long until the rollout counts as stuck; undefined if it is not under way. */
export function progressDeadlineMs(deployment: Deployment, now: number): number | undefined {
  const condition = deployment.status?.conditions?.find((entry) => entry.type === 'Progressing');
  if (condition?.reason !== 'ReplicaSetUpdated' || !condition.lastUpdateTime) return undefined;
  return Math.max(0, Date.parse(condition.lastUpdateTime) + deadlineOf(deployment) - now) + 1000;
}

function unavailableAllowed(value: number | string, desired: number): number {
  return typeof value === 'number' ? value : Math.floor((Number.parseFloat(value) * desired) / 100);
}
