/* StatefulSet: pods with fixed names, one after the other, updated from the last to the first. */
import { type Cluster, type ControllerDefinition, own, ownerKey } from './cluster';
import { isReady } from './conditions';
import { templateHash } from './hashing';
import type { KubeObject, Pod, StatefulSet } from './shapes';
import { createPod, deletePod, isActive, podsOf } from './workload-pods';

const RESOURCE = 'statefulsets.apps';
const COMPONENT = 'statefulset-controller';
const HASH_LABEL = 'controller-revision-hash';

/** Keeps the pods, claims and the status of every StatefulSet. */
export const statefulSetController: ControllerDefinition = {
  name: 'statefulset',
  watches: { [RESOURCE]: own, pods: ownerKey('StatefulSet') },
  reconcile(cluster, namespace, name) {
    const set = cluster.get<StatefulSet>(RESOURCE, namespace, name);
    if (!set || set.metadata.deletionTimestamp) return;
    const revision = `${name}-${templateHash(set.spec.template)}`;
    const pods = new Map(podsOf(cluster, set).map((pod) => [pod.metadata.name, pod]));
    if (!createMissing(cluster, set, pods, revision)) replaceOrRemove(cluster, set, pods, revision);
    writeStatus(cluster, set, revision);
  },
};

/** True while a pod was made or has to become ready before the next one's turn. */
function createMissing(
  cluster: Cluster,
  set: StatefulSet,
  pods: ReadonlyMap<string, Pod>,
  revision: string,
): boolean {
  const parallel = set.spec.podManagementPolicy === 'Parallel';
  for (let ordinal = 0; ordinal < (set.spec.replicas ?? 1); ordinal++) {
    const name = `${set.metadata.name}-${ordinal}`;
    const pod = pods.get(name);
    if (pod) {
      if (!parallel && (!isActive(pod) || (!isReady(pod) && pod.metadata.labels?.[HASH_LABEL] === revision)))
        return true;
      continue;
    }
    createClaims(cluster, set, name);
    const labels = {
      'statefulset.kubernetes.io/pod-name': name,
      'apps.kubernetes.io/pod-index': String(ordinal),
      [HASH_LABEL]: revision,
    };
    const subdomain = set.spec.serviceName;
    createPod(cluster, {
      owner: set,
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      name,
      hostname: name,
      component: COMPONENT,
      labels,
      ...(subdomain ? { subdomain } : {}),
    });
    if (!parallel) return true;
  }
  return false;
}

function replaceOrRemove(
  cluster: Cluster,
  set: StatefulSet,
  pods: ReadonlyMap<string, Pod>,
  revision: string,
): void {
  const wanted = set.spec.replicas ?? 1;
  const ordinal = (pod: Pod): number => Number(pod.metadata.name.slice(set.metadata.name.length + 1));
  const living = [...pods.values()].filter(isActive).sort((a, b) => ordinal(b) - ordinal(a));
  if (living.length < pods.size) return;
  const surplus = living.filter((pod) => ordinal(pod) >= wanted);
  const outdated = living.filter((pod) => pod.metadata.labels?.[HASH_LABEL] !== revision);
  const victims = surplus.length > 0 ? surplus.slice(0, 1) : outdated.slice(0, 1);
  for (const pod of victims) deletePod(cluster, pod, set, 'apps/v1', 'StatefulSet', COMPONENT);
}

function createClaims(cluster: Cluster, set: StatefulSet, podName: string): void {
  for (const template of set.spec.volumeClaimTemplates ?? []) {
    const namespace = set.metadata.namespace;
    const name = `${template.metadata.name}-${podName}`;
    if (cluster.storage.get('persistentvolumeclaims', namespace, name)) continue;
    const volumeName = `pvc-${templateHash({ namespace, name })}`;
    const storage = template.spec?.resources?.requests?.storage ?? '1Gi';
    const claim: KubeObject = {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name, namespace, labels: { ...set.spec.selector.matchLabels } },
      spec: {
        ...template.spec,
        volumeName,
        volumeMode: 'Filesystem',
        storageClassName: template.spec?.storageClassName ?? 'standard',
      },
      status: {
        phase: 'Bound',
        accessModes: template.spec?.accessModes ?? ['ReadWriteOnce'],
        capacity: { storage },
      },
    };
    cluster.create('persistentvolumeclaims', claim);
  }
}

function writeStatus(cluster: Cluster, set: StatefulSet, revision: string): void {
  const pods = podsOf(cluster, set).filter(isActive);
  const ready = pods.filter(isReady).length;
  const updated = pods.filter((pod) => pod.metadata.labels?.[HASH_LABEL] === revision).length;
  const done = updated === (set.spec.replicas ?? 1);
  set.status = {
    observedGeneration: set.metadata.generation,
    replicas: pods.length,
    readyReplicas: ready,
    availableReplicas: ready,
    updatedReplicas: updated,
    currentReplicas: done ? updated : pods.length - updated,
    currentRevision: done ? revision : (set.status?.currentRevision ?? revision),
    updateRevision: revision,
    collisionCount: 0,
  };
  cluster.updateStatus(RESOURCE, set);
}
