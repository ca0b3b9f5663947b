/*
 * The kubelets: start, crash, restart, make ready and end the containers of every assigned pod.
 * A small machine per pod; its only memory besides the pod itself is which stage comes next.
 */
import { type Cluster, type ControllerDefinition, own } from './cluster';
import { behaviourOf } from './pod-behaviour';
import { CONTAINER_CREATING } from './pod-status';
import { stepPod } from './pod-steps';
import { podEvent, setContainers } from './pod-writes';
import type { Node, Pod } from './shapes';

const START_MS = 350;
const STOP_MS = 1500;

/** Runs the pods of all nodes. */
export const kubelet: ControllerDefinition = {
  name: 'kubelet',
  delayMs: 10,
  watches: {
    pods: (event, cluster) => {
      if (event.type !== 'DELETED') return own(event);
      forget(cluster, event.object.metadata.uid ?? '');
      return [];
    },
    'deployments.apps': podsOfNamespace,
    'statefulsets.apps': podsOfNamespace,
    'daemonsets.apps': podsOfNamespace,
    configmaps: podsOfNamespace,
    secrets: podsOfNamespace,
  },
  reconcile(cluster, namespace, name) {
    const pod = cluster.get<Pod>('pods', namespace, name);
    if (!pod) return;
    if (pod.metadata.deletionTimestamp) stop(cluster, pod);
    else if (pod.spec.nodeName) drive(cluster, pod);
  },
};

/** A change of a workload's annotations or of a ConfigMap may change how its pods behave. */
function podsOfNamespace(
  event: { object: { metadata: { namespace?: string } }; type: string },
  cluster: Cluster,
): readonly string[] {
  const pods = cluster.list<Pod>('pods', event.object.metadata.namespace);
  return pods.map((pod) => `${pod.metadata.namespace}/${pod.metadata.name}`);
}

function forget(cluster: Cluster, uid: string): void {
  cluster.runs.delete(uid);
  cluster.addresses.releasePod(uid);
  cluster.scheduler.cancel(`pod ${uid}`);
}

/** Brings the pod on if its behaviour is a new one; otherwise its timer does that. */
function drive(cluster: Cluster, pod: Pod): void {
  const uid = pod.metadata.uid ?? '';
  const behaviour = behaviourOf(cluster, pod);
  const run = cluster.runs.get(uid);
  if (!run) {
    cluster.runs.set(uid, { behaviour: behaviour.name, stage: 'created' });
    admit(cluster, pod);
    next(cluster, pod, START_MS);
    return;
  }
  if (run.behaviour === behaviour.name) return;
  run.behaviour = behaviour.name;
  next(cluster, pod, run.stage === 'created' ? START_MS : 200);
}

function admit(cluster: Cluster, pod: Pod): void {
  const node = cluster.list<Node>('nodes').find((candidate) => candidate.metadata.name === pod.spec.nodeName);
  const hostIP =
    node?.status?.addresses?.find((address) => address.type === 'InternalIP')?.address ?? '10.0.0.11';
  pod.status = { ...pod.status, startTime: cluster.scheduler.timestamp(), hostIP, hostIPs: [{ ip: hostIP }] };
  setContainers(cluster, pod, { state: CONTAINER_CREATING, ready: false });
}

/** Schedules the pod's next step; only the last one counts. */
function next(cluster: Cluster, pod: Pod, ms: number): void {
  const { uid = '', namespace = '', name } = pod.metadata;
  cluster.scheduler.once(`pod ${uid}`, ms, () => {
    const fresh = cluster.get<Pod>('pods', namespace, name);
    if (!fresh || fresh.metadata.uid !== uid || fresh.metadata.deletionTimestamp) return;
    const wait = stepPod(cluster, fresh);
    if (wait !== undefined) next(cluster, fresh, wait);
  });
}

function stop(cluster: Cluster, pod: Pod): void {
  const { uid = '', namespace = '', name, deletionGracePeriodSeconds = 30 } = pod.metadata;
  const key = `stop ${uid}`;
  if (cluster.scheduler.has(key)) return;
  cluster.scheduler.cancel(`pod ${uid}`);
  if (pod.status?.containerStatuses?.[0]?.state.running)
    podEvent(cluster, pod, 'Killing', `Stopping container ${pod.spec.containers[0]?.name}`);
  cluster.scheduler.once(
    key,
    pod.spec.nodeName ? Math.min(STOP_MS, deletionGracePeriodSeconds * 1000) : 0,
    () => {
      const fresh = cluster.get<Pod>('pods', namespace, name);
      if (fresh?.metadata.uid === uid) cluster.remove('pods', namespace, name);
    },
  );
}
