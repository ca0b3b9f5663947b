/** A pod as a node: the same whether an entry reaches it or not. */
import type { Pod } from '@/lib/kube/objects';
import { refOf } from '@/lib/kube/resources';
import type { PodDetail } from '@/lib/topology/details';
import { podId } from '@/lib/topology/ids';
import type { Status, TopologyNode } from '@/lib/topology/model';
import type { WorkloadName } from '@/lib/topology/workloads';
import { node } from './fragments/parts';
import type { PodVerdict } from './pod-verdict';

const STATUS: Readonly<Record<PodVerdict['state'], Status>> = {
  ready: 'ok',
  starting: 'pending',
  terminating: 'pending',
  finished: 'broken',
  failing: 'broken',
};

/** What a pod's node tells; `workload` is the one that it belongs to. */
export function podDetail(pod: Pod, verdict: PodVerdict, workload: WorkloadName | null): PodDetail {
  return {
    phase: pod.phase,
    ready: verdict.state === 'ready',
    reason: verdict.reason,
    restarts: verdict.restarts,
    node: pod.node,
    ip: pod.ips[0] ?? '',
    image: pod.containers[0]?.image ?? '',
    workload: workload?.name ?? '',
    readiness: readinessOf(pod),
  };
}

function readinessOf({ containers }: Pod): string {
  if (containers.length === 1) {
    const way = containers[0]?.readiness ?? 'none';
    return way === 'none' ? '' : way;
  }
  const ways = new Set(containers.map(({ readiness }) => readiness).filter((way) => way !== 'none'));
  return [...ways].sort().join(', ');
}

/** The node of a pod that was judged. */
export function podNode(
  pod: Pod,
  verdict: PodVerdict,
  parts: { readonly detail: object; readonly findings?: readonly string[]; readonly status?: Status },
): TopologyNode {
  const { detail, findings, status = STATUS[verdict.state] } = parts;
  return node({
    id: podId(pod.namespace, pod.name),
    kind: 'pod',
    name: pod.name,
    namespace: pod.namespace,
    status,
    ref: refOf('pods', pod.namespace, pod.name, pod.uid),
    ...(findings ? { findings } : {}),
    detail,
  });
}
