/* Finds a node for each pod, or says why there is none. */
import { type Cluster, type ControllerDefinition, hasLabels, own } from './cluster';
import { conditionStatus, isReady, withCondition } from './conditions';
import { behaviourOf } from './pod-behaviour';
import type { Node, Pod } from './shapes';

const RETRY_MS = 60_000;

/** The kube-scheduler of the sandbox: the node with the fewest pods that the pod may use. */
export const podScheduler: ControllerDefinition = {
  name: 'scheduler',
  delayMs: 40,
  watches: {
    pods: (event) =>
      event.type === 'DELETED' || event.object.metadata.deletionTimestamp || isAssigned(event.object as never)
        ? []
        : own(event),
    // A mended workload or a node that comes back lets waiting pods through.
    'deployments.apps': waiting,
    'statefulsets.apps': waiting,
    nodes: waiting,
  },
  reconcile(cluster, namespace, name) {
    const pod = cluster.get<Pod>('pods', namespace, name);
    if (!pod || pod.spec.nodeName || pod.metadata.deletionTimestamp) return;
    const behaviour = behaviourOf(cluster, pod);
    const node = behaviour.name === 'pending' ? undefined : pickNode(cluster, pod);
    const time = cluster.scheduler.timestamp();
    const event = { about: pod, apiVersion: 'v1', kind: 'Pod', component: 'default-scheduler' };
    if (!node) {
      const count = cluster.list('nodes').length;
      const message =
        behaviour.message ||
        `0/${count} nodes are available: ${count} Insufficient cpu. preemption: 0/${count} nodes are available: ${count} No preemption victims found for incoming pod.`;
      const conditions = withCondition(
        pod.status?.conditions,
        { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message },
        time,
      );
      cluster.updateStatus(
        'pods',
        { ...pod, status: { ...pod.status, phase: 'Pending', conditions } },
        'kube-scheduler',
      );
      cluster.event({ ...event, type: 'Warning', reason: 'FailedScheduling', message });
      cluster.scheduler.once(`schedule ${pod.metadata.uid}`, RETRY_MS, () =>
        podScheduler.reconcile(cluster, namespace, name),
      );
      return;
    }
    pod.spec.nodeName = node;
    pod.status = {
      ...pod.status,
      phase: 'Pending',
      conditions: withCondition(pod.status?.conditions, { type: 'PodScheduled', status: 'True' }, time),
    };
    cluster.update('pods', pod, 'kube-scheduler');
    cluster.event({
      ...event,
      reason: 'Scheduled',
      message: `Successfully assigned ${namespace}/${name} to ${node}`,
    });
  },
};

function isAssigned(pod: Pod): boolean {
  return Boolean(pod.spec.nodeName);
}

function waiting(_event: unknown, cluster: Cluster): readonly string[] {
  const pods = cluster
    .list<Pod>('pods')
    .filter((pod) => !pod.spec.nodeName && !pod.metadata.deletionTimestamp);
  const stuck = pods.filter((pod) => conditionStatus(pod.status?.conditions, 'PodScheduled') === 'False');
  return stuck.map((pod) => `${pod.metadata.namespace}/${pod.metadata.name}`);
}

function pickNode(cluster: Cluster, pod: Pod): string | undefined {
  const usable = cluster
    .list<Node>('nodes')
    .filter(
      (node) =>
        isReady(node) &&
        !node.spec?.unschedulable &&
        hasLabels(node.metadata.labels, pod.spec.nodeSelector ?? {}),
    );
  const load = new Map(usable.map((node) => [node.metadata.name, 0]));
  const app = Object.entries(pod.metadata.labels ?? {}).filter(([key]) => key !== 'pod-template-hash');
  for (const other of cluster.list<Pod>('pods', pod.metadata.namespace)) {
    const count = load.get(other.spec.nodeName ?? '');
    if (count === undefined) continue;
    // Pods of one application are spread first of all.
    const same = app.length > 0 && hasLabels(other.metadata.labels, Object.fromEntries(app));
    load.set(other.spec.nodeName ?? '', count + (same ? 100 : 1));
  }
  return [...load].sort((a, b) => a[1] - b[1])[0]?.[0];
}
