/** Containers that were killed for memory, as one finding of their workload. */
import type { ContainerState, Pod } from '@/lib/kube/objects';
import { refOf } from '@/lib/kube/resources';
import type { Reader } from '@/lib/state/cells';
import { type Draft, draft, evidence } from './draft';
import { managedBy } from './managed-by';
import { groupByWorkload, type PodGroup } from './pods-of-workload';
import { sh } from './shell';

/** An OOM kill counts this long (ms; CHECKS `controller-oom-killed` says the same of controllers). */
const RECENT_MS = 24 * 3_600_000;
/** So fresh it is no hint any more: requests failed just now. */
const FRESH_MS = 3_600_000;

interface Kill {
  readonly pod: Pod;
  readonly state: ContainerState;
  readonly at: number;
}

const NONE: readonly Kill[] = [];

function isKilled({ terminated }: ContainerState): boolean {
  return terminated?.reason === 'OOMKilled';
}

function killsOf(read: Reader, pod: Pod): readonly Kill[] {
  if (!pod.states.some(isKilled)) return NONE;
  return pod.states.flatMap((state) => {
    const at = state.terminated?.reason === 'OOMKilled' ? state.terminated.at : null;
    return at === null || read.reached(at + RECENT_MS) ? [] : [{ pod, state, at }];
  });
}

/** `pod-oom`: a container's current or last end was OOMKilled, within 24 hours; one finding a workload. */
export function oomFindings(read: Reader, pods: readonly Pod[]): readonly Draft[] {
  const killed = pods.filter((pod) => killsOf(read, pod).length > 0);
  return groupByWorkload(read, killed).flatMap((group) => {
    const kills = group.pods.flatMap((pod) => killsOf(read, pod)).sort((a, b) => b.at - a.at);
    return kills[0] ? [oom(read, group, kills, kills[0])] : [];
  });
}

function oom(read: Reader, { subject, who }: PodGroup, kills: readonly Kill[], last: Kill): Draft {
  const pods = new Set(kills.map(({ pod }) => pod));
  const hurts = kills.some(({ state }) => !state.ready) || !read.reached(last.at + FRESH_MS);
  const { namespace, name } = last.pod;
  return draft({
    code: 'pod-oom',
    severity: hurts ? 'degraded' : 'warning',
    hop: 'pod',
    subject,
    related: [...pods].slice(0, 50).map((pod) => refOf('pods', pod.namespace, pod.name, pod.uid)),
    title: `${who} was killed for memory`,
    detail: `container ${last.state.name} of Pod ${name} was OOMKilled${pods.size > 1 ? `, and ${pods.size - 1} more of its pods` : ''} within 24 hours: requests under way were cut off`,
    evidence: kills
      .slice(0, 3)
      .map(({ pod, state, at }) =>
        evidence(
          refOf('pods', pod.namespace, pod.name, pod.uid),
          'status.containerStatuses[].lastState.terminated.reason',
          `OOMKilled, ${state.name}, exit ${state.terminated?.exitCode ?? 137}`,
          at,
        ),
      ),
    fix: {
      summary: 'Raise its memory limit, or find what takes the memory.',
      look: [
        sh`kubectl -n ${namespace} top pod ${name} --containers`,
        sh`kubectl -n ${namespace} describe pod ${name}`,
        sh`kubectl -n ${namespace} logs ${name} --previous --tail=50`,
      ],
      managedBy: managedBy(last.pod),
    },
    startedAt: last.at,
  });
}
