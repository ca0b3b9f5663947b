/* What a kubelet writes into a pod's status. Pure. */
import { createHash } from 'node:crypto';
import { withCondition } from './conditions';
import type { Container, ContainerState, ContainerStatus, Pod, PodStatus } from './shapes';

/** What changes in the first container; the others simply run. */
export interface ContainerChange {
  readonly state: ContainerState;
  readonly lastState?: ContainerState;
  readonly restartCount?: number;
  readonly ready: boolean;
}

export const CONTAINER_CREATING: ContainerState = { waiting: { reason: 'ContainerCreating' } };

/** The status after the first container changed; the conditions follow from the containers. */
export function withContainers(pod: Pod, change: ContainerChange, time: string): PodStatus {
  const running =
    change.state.running !== undefined ||
    change.state.terminated !== undefined ||
    change.lastState !== undefined;
  const statuses = pod.spec.containers.map((container, index) =>
    containerStatus(pod, container, index, change, running, time),
  );
  const ready = statuses.every((status) => status.ready);
  const unready = statuses.filter((status) => !status.ready).map((status) => status.name);
  const why = ready
    ? {}
    : { reason: 'ContainersNotReady', message: `containers with unready status: [${unready.join(' ')}]` };
  const status = ready ? ('True' as const) : ('False' as const);
  let conditions = withCondition(
    pod.status?.conditions,
    { type: 'PodReadyToStartContainers', status: running ? 'True' : 'False' },
    time,
  );
  conditions = withCondition(conditions, { type: 'Initialized', status: 'True' }, time);
  conditions = withCondition(conditions, { type: 'Ready', status, ...why }, time);
  conditions = withCondition(conditions, { type: 'ContainersReady', status, ...why }, time);
  return {
    ...pod.status,
    phase: running ? 'Running' : 'Pending',
    conditions,
    containerStatuses: statuses,
    ...(pod.spec.initContainers?.length
      ? {
          initContainerStatuses: pod.spec.initContainers.map((container) =>
            initStatus(pod, container, running, time),
          ),
        }
      : {}),
  };
}

function containerStatus(
  pod: Pod,
  container: Container,
  index: number,
  change: ContainerChange,
  running: boolean,
  time: string,
): ContainerStatus {
  const before = pod.status?.containerStatuses?.find((status) => status.name === container.name);
  const sidecar: ContainerChange = running
    ? { state: before?.state.running ? before.state : { running: { startedAt: time } }, ready: true }
    : { state: CONTAINER_CREATING, ready: false };
  const own = index === 0 ? change : sidecar;
  const restartCount = own.restartCount ?? before?.restartCount ?? 0;
  const started = own.state.running !== undefined;
  return {
    name: container.name,
    image: container.image,
    imageID: started || before?.imageID ? imageId(container.image) : '',
    ...(started || before?.containerID
      ? { containerID: containerId(pod, container.name, restartCount) }
      : {}),
    ready: own.ready,
    started,
    restartCount,
    state: own.state,
    lastState: own.lastState ?? before?.lastState ?? {},
  };
}

function initStatus(pod: Pod, container: Container, done: boolean, time: string): ContainerStatus {
  const before = pod.status?.initContainerStatuses?.find((status) => status.name === container.name);
  if (before?.state.terminated) return before;
  const state: ContainerState = done
    ? { terminated: { exitCode: 0, reason: 'Completed', startedAt: time, finishedAt: time } }
    : { waiting: { reason: 'PodInitializing' } };
  return {
    name: container.name,
    image: container.image,
    imageID: done ? imageId(container.image) : '',
    ready: done,
    started: false,
    restartCount: 0,
    state,
    lastState: {},
  };
}

/** A plausible container id that changes with every restart. */
export function containerId(pod: Pod, container: string, restarts: number): string {
  return `containerd://${digest(`${pod.metadata.uid}/${container}/${restarts}`)}`;
}

function imageId(image: string): string {
  return `${image.replace(/@.*$/, '').replace(/:[^/:]*$/, '')}@sha256:${digest(image)}`;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
