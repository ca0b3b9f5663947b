import type { KindName, Pod, Workload } from '@/lib/kube/objects';
import { objectKey, type Ref } from '@/lib/kube/refs';
import { refOf } from '@/lib/kube/resources';
import type { Reader } from '@/lib/state/cells';
import { splitMember } from '@/lib/state/store';
import { members, object } from './reads';

export type WorkloadKind = 'deployments' | 'statefulsets' | 'daemonsets';

/** By kind. A Map: kinds come from owner references, and one may be called `constructor`. */
const RESOURCE: ReadonlyMap<string, WorkloadKind> = new Map([
  ['Deployment', 'deployments'],
  ['StatefulSet', 'statefulsets'],
  ['DaemonSet', 'daemonsets'],
]);

/** Name of a workload among the objects of its namespace. */
export interface WorkloadName {
  readonly kind: string;
  readonly name: string;
}

/**
 * The workload that a pod belongs to. A ReplicaSet's name is its Deployment's with the pod-template-hash appended, so
 * ReplicaSets need not be watched; where no Deployment has that name (an Argo Rollout), the ReplicaSet itself is named.
 */
export function workloadOf(read: Reader, pod: Pod): WorkloadName | null {
  if (!pod.owner) return null;
  const hash = pod.labels['pod-template-hash'];
  if (pod.owner.kind === 'ReplicaSet' && hash && pod.owner.name.endsWith(`-${hash}`)) {
    const name = pod.owner.name.slice(0, -hash.length - 1);
    const deployment = object(read, 'deployments', objectKey(pod.namespace, name));
    // Its own name rather than the equal text: one for all its pods.
    if (deployment) return { kind: 'Deployment', name: deployment.name };
  }
  return { kind: pod.owner.kind, name: pod.owner.name };
}

/** Whether two pods come from one template of one owner, so that they belong to one workload. */
export function areSiblings(a: Pod, b: Pod): boolean {
  return (
    a.owner !== null &&
    b.owner !== null &&
    (a.owner === b.owner || (a.owner.kind === b.owner.kind && a.owner.name === b.owner.name)) &&
    a.namespace === b.namespace &&
    a.labels['pod-template-hash'] === b.labels['pod-template-hash']
  );
}

/**
 * {@link workloadOf} for many pods of one computation, which come from few templates: the last answer is kept. Never to be
 * kept longer than the computation, whose reads it records once.
 */
export function workloadLookup(read: Reader): (pod: Pod) => WorkloadName | null {
  let last: Pod | null = null;
  let answer: WorkloadName | null = null;
  return (pod) => {
    if (last === null || !areSiblings(last, pod)) answer = workloadOf(read, pod);
    last = pod;
    return answer;
  };
}

/** Reference to a workload by kind and name, a ghost reference where its kind is not watched. */
export function workloadRef(read: Reader, namespace: string, { kind, name }: WorkloadName): Ref {
  const resource = RESOURCE.get(kind);
  if (resource)
    return refOf(resource, namespace, name, object(read, resource, objectKey(namespace, name))?.uid);
  return {
    group: kind === 'ReplicaSet' ? 'apps' : '',
    version: 'v1',
    resource: `${kind.toLowerCase()}s`,
    kind,
    namespace,
    name,
  };
}

/** A workload by kind and name; undefined where it is not there or its kind is not watched. */
export function watchedWorkload(
  read: Reader,
  namespace: string,
  { kind, name }: WorkloadName,
): Workload | undefined {
  const resource = RESOURCE.get(kind);
  return resource && object(read, resource, objectKey(namespace, name));
}

/** The watched workload under a member of an index over the workload kinds. */
export function workloadMember(read: Reader, member: string): Workload | undefined {
  const { kind, key } = splitMember(member);
  return object(read, kind as WorkloadKind, key);
}

/** All watched workloads of a namespace. */
export function workloadsOfNamespace(read: Reader, namespace: string): readonly Workload[] {
  return members(read, 'workloads-of-namespace', namespace).flatMap(
    (member) => workloadMember(read, member) ?? [],
  );
}

/** Store kind of a workload. */
export function workloadResource(workload: Workload): WorkloadKind & KindName {
  return RESOURCE.get(workload.kind) as WorkloadKind;
}
