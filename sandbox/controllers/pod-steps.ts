/* One step in the life of a pod's containers. Each says after how many ms the next is due, if any. */
import { type Cluster, controllerOf } from './cluster';
import { withCondition } from './conditions';
import { type Behaviour, behaviourOf } from './pod-behaviour';
import { crash, finishCrash, pullFails, waitForConfig, waitForMount } from './pod-faults';
import { podEvent, setContainers } from './pod-writes';
import type { Node, Pod } from './shapes';

const READY_MS = 450;
const CRASH_AFTER_MS = 1500;
const PROBE_MS = 10_000;

/** Takes the pod one step on: start, become ready, fail, wait, restart. */
export function stepPod(cluster: Cluster, pod: Pod): number | undefined {
  const run = cluster.runs.get(pod.metadata.uid ?? '');
  if (!run) return undefined;
  const behaviour = behaviourOf(cluster, pod);
  if (run.stage === 'created' && behaviour.name === 'mount-error')
    return waitForMount(cluster, pod, behaviour);
  if (pod.status?.phase === 'Succeeded') return undefined;
  const state = pod.status?.containerStatuses?.[0]?.state;
  if (!state?.running) return startOrFail(cluster, pod, behaviour);
  if (isCrashing(behaviour)) return crash(cluster, pod, behaviour);
  return controllerOf(pod)?.kind === 'Job' ? complete(cluster, pod) : probe(cluster, pod, behaviour);
}

function isCrashing(behaviour: Behaviour): boolean {
  return behaviour.name === 'crashloop' || behaviour.name === 'oom';
}

function startOrFail(cluster: Cluster, pod: Pod, behaviour: Behaviour): number {
  if (behaviour.name === 'image-pull-error') return pullFails(cluster, pod);
  if (behaviour.name === 'config-error') return waitForConfig(cluster, pod, behaviour);
  const state = pod.status?.containerStatuses?.[0]?.state;
  return state?.terminated && isCrashing(behaviour)
    ? finishCrash(cluster, pod)
    : start(cluster, pod, behaviour);
}

function start(cluster: Cluster, pod: Pod, behaviour: Behaviour): number {
  const run = cluster.runs.get(pod.metadata.uid ?? '');
  const isRestart = run?.stage === 'started';
  if (run) run.stage = 'started';
  assignAddress(cluster, pod);
  const { image, name } = pod.spec.containers[0] ?? {};
  podEvent(cluster, pod, 'Pulled', `Container image "${image}" already present on machine`);
  podEvent(cluster, pod, 'Created', `Created container: ${name}`);
  podEvent(cluster, pod, 'Started', `Started container ${name}`);
  const before = pod.status?.containerStatuses?.[0];
  const ended = before?.state.terminated;
  setContainers(cluster, pod, {
    state: { running: { startedAt: cluster.scheduler.timestamp() } },
    ready: false,
    restartCount: (before?.restartCount ?? 0) + (isRestart ? 1 : 0),
    ...(ended ? { lastState: { terminated: ended } } : {}),
  });
  return isCrashing(behaviour) ? CRASH_AFTER_MS : READY_MS;
}

/** A Job's pod has done its work. */
function complete(cluster: Cluster, pod: Pod): undefined {
  const time = cluster.scheduler.timestamp();
  const containerStatuses = (pod.status?.containerStatuses ?? []).map((status) => {
    const startedAt = status.state.running?.startedAt ?? time;
    const terminated = { exitCode: 0, reason: 'Completed', startedAt, finishedAt: time };
    return { ...status, ready: false, started: false, state: { terminated } };
  });
  let conditions = pod.status?.conditions;
  for (const type of ['Ready', 'ContainersReady'])
    conditions = withCondition(conditions, { type, status: 'False', reason: 'PodCompleted' }, time);
  const status = { ...pod.status, phase: 'Succeeded', conditions: conditions ?? [], containerStatuses };
  cluster.updateStatus('pods', { ...pod, status }, 'kubelet');
}

function probe(cluster: Cluster, pod: Pod, behaviour: Behaviour): number | undefined {
  const status = pod.status?.containerStatuses?.[0];
  if (!status) return undefined;
  const ready = behaviour.name !== 'unready';
  if (status.ready !== ready) setContainers(cluster, pod, { state: status.state, ready });
  if (ready) return undefined;
  const port = pod.spec.containers[0]?.ports?.[0]?.containerPort ?? 80;
  const address = `${pod.status?.podIP}:${port}`;
  const refused = `Readiness probe failed: Get "http://${address}/healthz": dial tcp ${address}: connect: connection refused`;
  podEvent(cluster, pod, 'Unhealthy', behaviour.message || refused, 'Warning');
  // The simulated past needs fewer probes to look the same.
  return cluster.scheduler.live ? PROBE_MS : 6 * PROBE_MS;
}

function assignAddress(cluster: Cluster, pod: Pod): void {
  if (pod.status?.podIP) return;
  const nodes = cluster.list<Node>('nodes').map((node) => node.metadata.name);
  const index = Math.max(0, nodes.indexOf(pod.spec.nodeName ?? ''));
  const used = (address: string): boolean =>
    cluster.list<Pod>('pods').some((other) => other.status?.podIP === address);
  const podIP = pod.spec.hostNetwork
    ? (pod.status?.hostIP ?? '')
    : cluster.addresses.podAddress(pod.metadata.uid ?? '', index, used);
  pod.status = { ...pod.status, podIP, podIPs: [{ ip: podIP }] };
}
