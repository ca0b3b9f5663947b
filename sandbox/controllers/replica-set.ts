/* ReplicaSet: as many pods as asked for. */
import { type Cluster, type ControllerDefinition, own, ownerKey } from './cluster';
import { randomSuffix } from './hashing';
import type { ReplicaSet } from './shapes';
import { countPods, createPod, deletePod, deletionOrder, isActive, podsOf } from './workload-pods';

const RESOURCE = 'replicasets.apps';
const COMPONENT = 'replicaset-controller';
const RETRY_MS = 5000;

/** Keeps the number of pods and the status of every ReplicaSet. */
export const replicaSetController: ControllerDefinition = {
  name: 'replicaset',
  watches: { [RESOURCE]: own, pods: ownerKey('ReplicaSet') },
  reconcile(cluster, namespace, name) {
    const set = cluster.get<ReplicaSet>(RESOURCE, namespace, name);
    if (!set || set.metadata.deletionTimestamp) return;
    scale(cluster, set);
    writeStatus(cluster, set);
  },
};

function scale(cluster: Cluster, set: ReplicaSet): void {
  const pods = podsOf(cluster, set).filter(isActive);
  const wanted = set.spec.replicas ?? 1;
  for (let missing = wanted - pods.length; missing > 0; missing--) {
    const generateName = `${set.metadata.name}-`;
    const name = `${generateName.slice(0, 58)}${randomSuffix()}`;
    const made = createPod(cluster, {
      owner: set,
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      name,
      generateName,
      component: COMPONENT,
    });
    if (made) continue;
    const { namespace = 'default', name: setName } = set.metadata;
    cluster.scheduler.after(RETRY_MS, () => replicaSetController.reconcile(cluster, namespace, setName));
    break;
  }
  const surplus = deletionOrder(pods).slice(0, Math.max(0, pods.length - wanted));
  for (const pod of surplus) deletePod(cluster, pod, set, 'apps/v1', 'ReplicaSet', COMPONENT);
}

function writeStatus(cluster: Cluster, set: ReplicaSet): void {
  const { replicas, ready } = countPods(podsOf(cluster, set));
  set.status = {
    observedGeneration: set.metadata.generation,
    replicas,
    ...(replicas ? { fullyLabeledReplicas: replicas } : {}),
    ...(ready ? { readyReplicas: ready, availableReplicas: ready } : {}),
  };
  cluster.updateStatus(RESOURCE, set);
}
