/** Pods by the workload that made them. */
import type { Pod } from '@/lib/kube/objects';
import type { Ref } from '@/lib/kube/refs';
import { refOf } from '@/lib/kube/resources';
import type { Reader } from '@/lib/state/cells';
import { workloadLookup, workloadRef } from '@/lib/topology/workloads';

export interface PodGroup {
  /** The workload, or the pod itself where it has none. */
  readonly subject: Ref;
  /** `Deployment shop`, `Pod debug`. */
  readonly who: string;
  readonly pods: readonly Pod[];
}

/** Groups pods, in the order in which each group's first pod comes. */
export function groupByWorkload(read: Reader, pods: readonly Pod[]): readonly PodGroup[] {
  const groups = new Map<string, { subject: Ref; who: string; pods: Pod[] }>();
  const workloadOf = workloadLookup(read);
  for (const pod of pods) {
    const workload = workloadOf(pod);
    const who = workload ? `${workload.kind} ${workload.name}` : `Pod ${pod.name}`;
    const key = `${pod.namespace} ${who}`;
    const group = groups.get(key);
    if (group) {
      group.pods.push(pod);
      continue;
    }
    const subject = workload
      ? workloadRef(read, pod.namespace, workload)
      : refOf('pods', pod.namespace, pod.name, pod.uid);
    groups.set(key, { subject, who, pods: [pod] });
  }
  return [...groups.values()];
}
