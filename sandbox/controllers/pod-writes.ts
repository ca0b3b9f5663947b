/* What the kubelet's parts write about a pod: container states and Events. */
import type { Cluster } from './cluster';
import { type ContainerChange, withContainers } from './pod-status';
import type { Pod } from './shapes';

/** Writes the first container's state and all that follows from it. */
export function setContainers(cluster: Cluster, pod: Pod, change: ContainerChange): void {
  pod.status = withContainers(pod, change, cluster.scheduler.timestamp());
  cluster.updateStatus('pods', pod, 'kubelet');
}

/** Writes an Event of the pod's node about its first container. */
export function podEvent(
  cluster: Cluster,
  pod: Pod,
  reason: string,
  message: string,
  type: 'Normal' | 'Warning' = 'Normal',
): void {
  const fieldPath = `spec.containers{${pod.spec.containers[0]?.name}}`;
  const host = pod.spec.nodeName ?? '';
  const about = { about: pod, apiVersion: 'v1', kind: 'Pod', component: 'kubelet', host, fieldPath };
  cluster.event({ ...about, type, reason, message });
}
