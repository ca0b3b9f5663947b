/* The ways in which a pod fails to run, as a kubelet writes them; each says when to look again (ms). */
import type { Cluster } from './cluster';
import type { Behaviour } from './pod-behaviour';
import { CONTAINER_CREATING, containerId } from './pod-status';
import { podEvent, setContainers } from './pod-writes';
import type { ContainerState, Pod } from './shapes';

const PULL_RETRY_MS = 20_000;
const CONFIG_RETRY_MS = 15_000;
const MAX_BACK_OFF_MS = 300_000;

/** A Secret or ConfigMap volume that is not there: the containers are never created. */
export function waitForMount(cluster: Cluster, pod: Pod, behaviour: Behaviour): number {
  setContainers(cluster, pod, { state: CONTAINER_CREATING, ready: false });
  podEvent(cluster, pod, 'FailedMount', behaviour.message, 'Warning');
  return cluster.scheduler.live ? CONFIG_RETRY_MS : MAX_BACK_OFF_MS;
}

/** An image that cannot be pulled: ErrImagePull and ImagePullBackOff by turns. */
export function pullFails(cluster: Cluster, pod: Pod): number {
  const image = pod.spec.containers.find((container) => container.image)?.image ?? '';
  const wasBackOff = pod.status?.containerStatuses?.[0]?.state.waiting?.reason === 'ErrImagePull';
  if (wasBackOff) {
    const message = `Back-off pulling image "${image}"`;
    setContainers(cluster, pod, {
      state: { waiting: { reason: 'ImagePullBackOff', message: `${message}: ErrImagePull` } },
      ready: false,
    });
    podEvent(cluster, pod, 'BackOff', message);
    podEvent(cluster, pod, 'Failed', 'Error: ImagePullBackOff', 'Warning');
    return cluster.scheduler.live ? PULL_RETRY_MS * 3 : MAX_BACK_OFF_MS;
  }
  const message = `Failed to pull image "${image}": rpc error: code = NotFound desc = failed to pull and unpack image "${image}": failed to resolve reference "${image}": ${image}: not found`;
  podEvent(cluster, pod, 'Pulling', `Pulling image "${image}"`);
  podEvent(cluster, pod, 'Failed', message, 'Warning');
  podEvent(cluster, pod, 'Failed', 'Error: ErrImagePull', 'Warning');
  setContainers(cluster, pod, { state: { waiting: { reason: 'ErrImagePull', message } }, ready: false });
  return 2000;
}

/** An environment variable from something that is not there. */
export function waitForConfig(cluster: Cluster, pod: Pod, behaviour: Behaviour): number {
  const message = behaviour.message || 'configmap "settings" not found';
  setContainers(cluster, pod, {
    state: { waiting: { reason: 'CreateContainerConfigError', message } },
    ready: false,
  });
  podEvent(cluster, pod, 'Failed', `Error: ${message}`, 'Warning');
  return cluster.scheduler.live ? CONFIG_RETRY_MS : MAX_BACK_OFF_MS;
}

/** The container ends; after a moment it waits in CrashLoopBackOff. */
export function crash(cluster: Cluster, pod: Pod, behaviour: Behaviour): number {
  const status = pod.status?.containerStatuses?.[0];
  if (!status) return CONFIG_RETRY_MS;
  const time = cluster.scheduler.timestamp();
  const terminated: ContainerState['terminated'] = {
    exitCode: behaviour.exitCode,
    reason: behaviour.name === 'oom' ? 'OOMKilled' : 'Error',
    ...(behaviour.message ? { message: behaviour.message } : {}),
    startedAt: status.state.running?.startedAt ?? time,
    finishedAt: time,
    containerID: containerId(pod, status.name, status.restartCount),
  };
  setContainers(cluster, pod, { state: { terminated }, ready: false });
  return 700;
}

/** From `terminated` into the back-off, which grows to five minutes as the kubelet's does. */
export function finishCrash(cluster: Cluster, pod: Pod): number {
  const status = pod.status?.containerStatuses?.[0];
  if (!status) return CONFIG_RETRY_MS;
  const wait = Math.min(MAX_BACK_OFF_MS, 10_000 * 2 ** Math.min(status.restartCount, 10));
  const { name, namespace, uid } = pod.metadata;
  const back = `back-off ${formatWait(wait)} restarting failed container=${status.name} pod=${name}_${namespace}(${uid})`;
  setContainers(cluster, pod, {
    state: { waiting: { reason: 'CrashLoopBackOff', message: back } },
    lastState: status.state.terminated ? { terminated: status.state.terminated } : status.lastState,
    ready: false,
  });
  podEvent(
    cluster,
    pod,
    'BackOff',
    `Back-off restarting failed container ${status.name} in pod ${name}_${namespace}(${uid})`,
    'Warning',
  );
  return wait;
}

function formatWait(ms: number): string {
  const seconds = ms / 1000;
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
}
