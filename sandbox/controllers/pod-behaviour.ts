/* How a pod behaves: asked for by annotation, or because something that it needs is not there. */
import { type Cluster, controllerOf, sandboxAnnotation } from './cluster';
import type { Container, KubeObject, Pod } from './shapes';

export const BEHAVIOURS = [
  'healthy',
  'crashloop',
  'oom',
  'image-pull-error',
  'config-error',
  'pending',
  'unready',
] as const;
export type BehaviourName = (typeof BEHAVIOURS)[number];

export interface Behaviour {
  readonly name: BehaviourName | 'mount-error';
  readonly message: string;
  readonly exitCode: number;
}

const KIND_RESOURCES: Readonly<Record<string, string>> = {
  ReplicaSet: 'replicasets.apps',
  Deployment: 'deployments.apps',
  StatefulSet: 'statefulsets.apps',
  DaemonSet: 'daemonsets.apps',
};

/**
 * Reads `behaviour`, `message` and `exit-code`. What the workload itself (its Deployment, not the
 * template) says counts first, so that a whole Deployment can be broken and mended in place, without
 * a rollout that would heal half of it; then what the pod says, from its template.
 */
export function behaviourOf(cluster: Cluster, pod: Pod): Behaviour {
  const asked = annotationOf(cluster, pod, 'behaviour');
  const message = annotationOf(cluster, pod, 'message') ?? '';
  const name = BEHAVIOURS.find((known) => known === asked);
  if (name && name !== 'healthy') return { name, message, exitCode: exitCode(cluster, pod, name) };
  const image = pod.spec.containers.find((container) => isMissingImage(container.image));
  if (image && name === undefined) return { name: 'image-pull-error', message: '', exitCode: 0 };
  return missingReference(cluster, pod) ?? { name: 'healthy', message: '', exitCode: 0 };
}

/** A sandbox annotation of the pod's workload, else of the pod itself. */
export function annotationOf(cluster: Cluster, pod: KubeObject, name: string): string | undefined {
  const workload = workloadOf(cluster, pod);
  // What is said of the behaviour at the workload holds alone: its message must not come from the template.
  const says = sandboxAnnotation(workload, 'behaviour') === undefined ? undefined : workload;
  return sandboxAnnotation(says ?? pod, name);
}

function workloadOf(cluster: Cluster, pod: KubeObject): KubeObject | undefined {
  let object: KubeObject | undefined;
  for (let owner = controllerOf(pod); owner; owner = object && controllerOf(object)) {
    const resource: string | undefined = KIND_RESOURCES[owner.kind];
    const found = resource
      ? (cluster.storage.get(resource, pod.metadata.namespace, owner.name) as KubeObject | undefined)
      : undefined;
    if (!found) break;
    object = found;
  }
  return object;
}

function exitCode(cluster: Cluster, pod: Pod, name: BehaviourName): number {
  if (name === 'oom') return 137;
  const given = Number(annotationOf(cluster, pod, 'exit-code') ?? 1);
  return Number.isInteger(given) && given >= 0 && given < 256 ? given : 1;
}

/** Images that no registry has: the sandbox pulls everything else. */
function isMissingImage(image: string): boolean {
  const tag = image.split('/').at(-1)?.split(':')[1] ?? '';
  return /does-?not-?exist|no-such|nonexist|missing|invalid/i.test(tag);
}

/** The first ConfigMap or Secret that a container or volume needs and the namespace lacks. */
function missingReference(cluster: Cluster, pod: Pod): Behaviour | undefined {
  const namespace = pod.metadata.namespace;
  const has = (resource: string, name: string | undefined): boolean =>
    !name || cluster.storage.get(resource, namespace, name) !== undefined;
  for (const volume of pod.spec.volumes ?? []) {
    const { configMap, secret } = volume;
    if (configMap && !configMap.optional && !has('configmaps', configMap.name))
      return {
        name: 'mount-error',
        exitCode: 0,
        message: `MountVolume.SetUp failed for volume "${volume.name}" : configmap "${configMap.name}" not found`,
      };
    if (secret && !secret.optional && !has('secrets', secret.secretName))
      return {
        name: 'mount-error',
        exitCode: 0,
        message: `MountVolume.SetUp failed for volume "${volume.name}" : secret "${secret.secretName}" not found`,
      };
  }
  for (const container of pod.spec.containers) {
    const message = missingInEnvironment(container, has);
    if (message) return { name: 'config-error', exitCode: 0, message };
  }
  return undefined;
}

function missingInEnvironment(
  container: Container,
  has: (resource: string, name: string | undefined) => boolean,
): string | undefined {
  const maps = [
    ...(container.env ?? []).map((entry) => entry.valueFrom?.configMapKeyRef),
    ...(container.envFrom ?? []).map((entry) => entry.configMapRef),
  ];
  const secrets = [
    ...(container.env ?? []).map((entry) => entry.valueFrom?.secretKeyRef),
    ...(container.envFrom ?? []).map((entry) => entry.secretRef),
  ];
  const map = maps.find((ref) => ref && !ref.optional && !has('configmaps', ref.name));
  if (map) return `configmap "${map.name}" not found`;
  const secret = secrets.find((ref) => ref && !ref.optional && !has('secrets', ref.name));
  return secret ? `secret "${secret.name}" not found` : undefined;
}
