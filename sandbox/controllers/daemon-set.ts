/* DaemonSet: one pod on each node. */
import { type Cluster, type ControllerDefinition, hasLabels, own, ownerKey } from './cluster';
import { isReady } from './conditions';
import { randomSuffix, templateHash } from './hashing';
import type { DaemonSet, Node, Pod } from './shapes';
import { createPod, deletePod, isActive, podsOf } from './workload-pods';

const RESOURCE = 'daemonsets.apps';
const COMPONENT = 'daemonset-controller';
const HASH_LABEL = 'controller-revision-hash';

/** Keeps the pods and the status of every DaemonSet. */
export const daemonSetController: ControllerDefinition = {
  name: 'daemonset',
  watches: {
    [RESOURCE]: own,
    pods: ownerKey('DaemonSet'),
    nodes: (_event, cluster) =>
      cluster.list<DaemonSet>(RESOURCE).map((set) => `${set.metadata.namespace}/${set.metadata.name}`),
  },
  reconcile(cluster, namespace, name) {
    const set = cluster.get<DaemonSet>(RESOURCE, namespace, name);
    if (!set || set.metadata.deletionTimestamp) return;
    const hash = templateHash(set.spec.template);
    const nodes = cluster
      .list<Node>('nodes')
      .filter((node) => hasLabels(node.metadata.labels, set.spec.template.spec.nodeSelector ?? {}));
    placePods(
      cluster,
      set,
      nodes.map((node) => node.metadata.name),
      hash,
    );
    writeStatus(cluster, set, nodes.length, hash);
  },
};

function placePods(cluster: Cluster, set: DaemonSet, nodes: readonly string[], hash: string): void {
  const pods = podsOf(cluster, set);
  for (const nodeName of nodes) {
    if (pods.some((pod) => pod.spec.nodeName === nodeName)) continue;
    const generateName = `${set.metadata.name}-`;
    const labels = { [HASH_LABEL]: hash, 'pod-template-generation': String(set.metadata.generation ?? 1) };
    createPod(cluster, {
      owner: set,
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      name: generateName + randomSuffix(),
      generateName,
      nodeName,
      labels,
      component: COMPONENT,
    });
  }
  const remove = (pod: Pod): void => deletePod(cluster, pod, set, 'apps/v1', 'DaemonSet', COMPONENT);
  const active = pods.filter(isActive);
  active.filter((pod) => !nodes.includes(pod.spec.nodeName ?? '')).forEach(remove);
  // maxUnavailable 1: the next outdated pod goes when every other is ready.
  const outdated = active.find((pod) => pod.metadata.labels?.[HASH_LABEL] !== hash);
  if (outdated && active.length === pods.length && active.every((pod) => pod === outdated || isReady(pod)))
    remove(outdated);
}

function writeStatus(cluster: Cluster, set: DaemonSet, desired: number, hash: string): void {
  const pods = podsOf(cluster, set).filter(isActive);
  const ready = pods.filter(isReady).length;
  set.status = {
    currentNumberScheduled: pods.length,
    desiredNumberScheduled: desired,
    numberMisscheduled: 0,
    numberReady: ready,
    updatedNumberScheduled: pods.filter((pod) => pod.metadata.labels?.[HASH_LABEL] === hash).length,
    ...(ready ? { numberAvailable: ready } : {}),
    ...(desired > ready ? { numberUnavailable: desired - ready } : {}),
    observedGeneration: set.metadata.generation,
  };
  cluster.updateStatus(RESOURCE, set);
}
