/* What ReplicaSets, StatefulSets and DaemonSets share: their pods, made from a template. */
import { type Cluster, controlledBy, isControlledBy } from './cluster';
import { isReady } from './conditions';
import type { KubeObject, Labels, Pod, PodTemplate, ReplicaSet } from './shapes';

/** Pods that still count: not ended, not on their way out. */
export function isActive(pod: Pod): boolean {
  return (
    !pod.metadata.deletionTimestamp && pod.status?.phase !== 'Failed' && pod.status?.phase !== 'Succeeded'
  );
}

/** The pods that a workload controls, ended and terminating ones too. */
export function podsOf(cluster: Cluster, owner: KubeObject): Pod[] {
  return cluster.list<Pod>('pods', owner.metadata.namespace).filter((pod) => isControlledBy(pod, owner));
}

/** The pods to take first when there are too many: not ready, then the youngest. */
export function deletionOrder(pods: readonly Pod[]): Pod[] {
  const rank = (pod: Pod): number => (pod.spec.nodeName ? 1 : 0) + (isReady(pod) ? 2 : 0);
  return [...pods].sort(
    (a, b) =>
      rank(a) - rank(b) ||
      (b.metadata.creationTimestamp ?? '').localeCompare(a.metadata.creationTimestamp ?? ''),
  );
}

/** Status numbers as the workload controllers count them. */
export function countPods(pods: readonly Pod[]): { replicas: number; ready: number } {
  const active = pods.filter(isActive);
  return { replicas: active.length, ready: active.filter(isReady).length };
}

export interface NewPod {
  readonly owner: KubeObject & { spec: ReplicaSet['spec'] | { template: PodTemplate } };
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly generateName?: string;
  readonly labels?: Labels;
  readonly nodeName?: string;
  readonly hostname?: string;
  readonly subdomain?: string;
  readonly component: string;
}

/**
 * Creates a pod from its owner's template; false (with the Event that a cluster would write) if
 * the pod is refused because its ServiceAccount does not exist.
 */
export function createPod(cluster: Cluster, input: NewPod): boolean {
  const { owner, kind, apiVersion, component } = input;
  const namespace = owner.metadata.namespace ?? 'default';
  const template = structuredClone(owner.spec.template);
  const account = template.spec.serviceAccountName || 'default';
  const about = { about: owner, apiVersion, kind, component };
  if (!cluster.storage.get('serviceaccounts', namespace, account)) {
    const reason = `error looking up service account ${namespace}/${account}: serviceaccount "${account}" not found`;
    const shown = input.generateName ?? input.name;
    cluster.event({
      ...about,
      type: 'Warning',
      reason: 'FailedCreate',
      message: `Error creating: pods "${shown}" is forbidden: ${reason}`,
    });
    return false;
  }
  const pod: Pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: input.name,
      namespace,
      ...(input.generateName ? { generateName: input.generateName } : {}),
      labels: { ...template.metadata?.labels, ...input.labels },
      ...(template.metadata?.annotations ? { annotations: template.metadata.annotations } : {}),
      ownerReferences: controlledBy(owner, apiVersion, kind),
    },
    spec: {
      restartPolicy: 'Always',
      terminationGracePeriodSeconds: 30,
      ...template.spec,
      serviceAccountName: account,
      ...(input.nodeName ? { nodeName: input.nodeName } : {}),
      ...(input.hostname ? { hostname: input.hostname } : {}),
      ...(input.subdomain ? { subdomain: input.subdomain } : {}),
    },
    status: { phase: 'Pending', qosClass: 'Burstable' },
  };
  cluster.create('pods', pod);
  cluster.event({
    ...about,
    reason: 'SuccessfulCreate',
    message:
      kind === 'StatefulSet'
        ? `create Pod ${input.name} in StatefulSet ${owner.metadata.name} successful`
        : `Created pod: ${input.name}`,
  });
  return true;
}

/** Takes a pod away gracefully, with the owner's Event. */
export function deletePod(
  cluster: Cluster,
  pod: Pod,
  owner: KubeObject,
  apiVersion: string,
  kind: string,
  component: string,
): void {
  cluster.terminate(
    'pods',
    pod.metadata.namespace ?? 'default',
    pod.metadata.name,
    pod.spec.terminationGracePeriodSeconds ?? 30,
  );
  cluster.event({
    about: owner,
    apiVersion,
    kind,
    component,
    reason: 'SuccessfulDelete',
    message: `Deleted pod: ${pod.metadata.name}`,
  });
}
