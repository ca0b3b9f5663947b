/*
 * The kubelets: start, crash, restart, make ready and end the containers of every assigned pod.
 * A small machine per pod; its only memory besides the pod itself is which stage comes next.
 */
import { type Cluster, type ControllerDefinition, own } from './cluster'
import { type Behaviour, behaviourOf } from './pod-behaviour'
import { crash, finishCrash, pullFails, waitForConfig, waitForMount } from './pod-faults'
import { CONTAINER_CREATING, type ContainerChange, withContainers } from './pod-status'
import type { Node, Pod } from './shapes'

export const START_MS = 350
const READY_MS = 450
const STOP_MS = 1500
const PROBE_MS = 10_000

/** Runs the pods of all nodes. */
export const kubelet: ControllerDefinition = {
  name: 'kubelet',
  delayMs: 10,
  watches: {
    pods: (event, cluster) => {
      if (event.type !== 'DELETED') return own(event)
      forget(cluster, event.object.metadata.uid ?? '')
      return []
    },
    'deployments.apps': podsOfNamespace,
    'statefulsets.apps': podsOfNamespace,
    'daemonsets.apps': podsOfNamespace,
    configmaps: podsOfNamespace,
    secrets: podsOfNamespace,
  },
  reconcile(cluster, namespace, name) {
    const pod = cluster.get<Pod>('pods', namespace, name)
    if (!pod) return
    if (pod.metadata.deletionTimestamp) stop(cluster, pod)
    else if (pod.spec.nodeName) drive(cluster, pod)
  },
}

/** A change of a workload's annotations or of a ConfigMap may change how its pods behave. */
function podsOfNamespace(event: { object: { metadata: { namespace?: string } }; type: string }, cluster: Cluster): readonly string[] {
  const pods = cluster.list<Pod>('pods', event.object.metadata.namespace)
  return pods.map((pod) => `${pod.metadata.namespace}/${pod.metadata.name}`)
}

function forget(cluster: Cluster, uid: string): void {
  cluster.runs.delete(uid)
  cluster.addresses.releasePod(uid)
  cluster.scheduler.cancel(`pod ${uid}`)
}

/** Brings the pod on if its behaviour is a new one; otherwise its timer does that. */
function drive(cluster: Cluster, pod: Pod): void {
  const uid = pod.metadata.uid ?? ''
  const behaviour = behaviourOf(cluster, pod)
  const run = cluster.runs.get(uid)
  if (!run) {
    cluster.runs.set(uid, { behaviour: behaviour.name, stage: 'created' })
    admit(cluster, pod)
    next(cluster, pod, START_MS)
    return
  }
  if (run.behaviour === behaviour.name) return
  run.behaviour = behaviour.name
  next(cluster, pod, run.stage === 'created' ? START_MS : 200)
}

function admit(cluster: Cluster, pod: Pod): void {
  const node = cluster.list<Node>('nodes').find((candidate) => candidate.metadata.name === pod.spec.nodeName)
  const hostIP = node?.status?.addresses?.find((address) => address.type === 'InternalIP')?.address ?? '10.0.0.11'
  pod.status = { ...pod.status, startTime: cluster.scheduler.timestamp(), hostIP, hostIPs: [{ ip: hostIP }] }
  setContainers(cluster, pod, { state: CONTAINER_CREATING, ready: false })
}

/** Schedules the pod's next step; only the last one counts. */
export function next(cluster: Cluster, pod: Pod, ms: number): void {
  const { uid = '', namespace = '', name } = pod.metadata
  cluster.scheduler.once(`pod ${uid}`, ms, () => {
    const fresh = cluster.get<Pod>('pods', namespace, name)
    if (fresh && fresh.metadata.uid === uid && !fresh.metadata.deletionTimestamp) step(cluster, fresh)
  })
}

function step(cluster: Cluster, pod: Pod): void {
  const run = cluster.runs.get(pod.metadata.uid ?? '')
  if (!run) return
  const behaviour = behaviourOf(cluster, pod)
  const started = pod.status?.containerStatuses?.[0]?.state.running !== undefined
  if (run.stage === 'created' && behaviour.name === 'mount-error') return waitForMount(cluster, pod, behaviour)
  if (!started) return startOrFail(cluster, pod, behaviour)
  if (behaviour.name === 'crashloop' || behaviour.name === 'oom') return crash(cluster, pod, behaviour)
  probe(cluster, pod, behaviour)
}

function startOrFail(cluster: Cluster, pod: Pod, behaviour: Behaviour): void {
  const run = cluster.runs.get(pod.metadata.uid ?? '')
  const state = pod.status?.containerStatuses?.[0]?.state
  if (behaviour.name === 'image-pull-error') return pullFails(cluster, pod)
  if (behaviour.name === 'config-error') return waitForConfig(cluster, pod, behaviour)
  if (state?.terminated && (behaviour.name === 'crashloop' || behaviour.name === 'oom')) return finishCrash(cluster, pod)
  const again = run?.stage === 'started'
  if (run) run.stage = 'started'
  assignAddress(cluster, pod)
  podEvent(cluster, pod, 'Pulled', `Container image "${pod.spec.containers[0]?.image}" already present on machine`)
  podEvent(cluster, pod, 'Created', `Created container: ${pod.spec.containers[0]?.name}`)
  podEvent(cluster, pod, 'Started', `Started container ${pod.spec.containers[0]?.name}`)
  const before = pod.status?.containerStatuses?.[0]
  const restartCount = (before?.restartCount ?? 0) + (again ? 1 : 0)
  const state2 = before?.state.terminated ? { lastState: { terminated: before.state.terminated } } : {}
  setContainers(cluster, pod, { state: { running: { startedAt: cluster.scheduler.timestamp() } }, ready: false, restartCount, ...state2 })
  next(cluster, pod, behaviour.name === 'crashloop' ? 1500 : READY_MS)
}

function probe(cluster: Cluster, pod: Pod, behaviour: Behaviour): void {
  const status = pod.status?.containerStatuses?.[0]
  if (!status) return
  const ready = behaviour.name !== 'unready'
  if (status.ready !== ready) setContainers(cluster, pod, { state: status.state, ready })
  if (ready) return
  const port = pod.spec.containers[0]?.ports?.[0]?.containerPort ?? 80
  const text = behaviour.message || `Readiness probe failed: Get "http://${pod.status?.podIP}:${port}/healthz": dial tcp ${pod.status?.podIP}:${port}: connect: connection refused`
  podEvent(cluster, pod, 'Unhealthy', text, 'Warning')
  next(cluster, pod, cluster.scheduler.live ? PROBE_MS : 6 * PROBE_MS)
}

function assignAddress(cluster: Cluster, pod: Pod): void {
  if (pod.status?.podIP) return
  const nodes = cluster.list<Node>('nodes').map((node) => node.metadata.name)
  const index = Math.max(0, nodes.indexOf(pod.spec.nodeName ?? ''))
  const used = (address: string): boolean => cluster.list<Pod>('pods').some((other) => other.status?.podIP === address)
  const podIP = pod.spec.hostNetwork ? (pod.status?.hostIP ?? '') : cluster.addresses.podAddress(pod.metadata.uid ?? '', index, used)
  pod.status = { ...pod.status, podIP, podIPs: [{ ip: podIP }] }
}

/** Writes the first container's state and all that follows from it. */
export function setContainers(cluster: Cluster, pod: Pod, change: ContainerChange): void {
  pod.status = withContainers(pod, change, cluster.scheduler.timestamp())
  cluster.updateStatus('pods', pod, 'kubelet')
}

export function podEvent(cluster: Cluster, pod: Pod, reason: string, message: string, type: 'Normal' | 'Warning' = 'Normal'): void {
  const fieldPath = `spec.containers{${pod.spec.containers[0]?.name}}`
  cluster.event({ about: pod, apiVersion: 'v1', kind: 'Pod', component: 'kubelet', host: pod.spec.nodeName ?? '', fieldPath, type, reason, message })
}

function stop(cluster: Cluster, pod: Pod): void {
  const { uid = '', namespace = '', name, deletionGracePeriodSeconds = 30 } = pod.metadata
  const key = `stop ${uid}`
  if (cluster.scheduler.has(key)) return
  cluster.scheduler.cancel(`pod ${uid}`)
  if (pod.status?.containerStatuses?.[0]?.state.running) podEvent(cluster, pod, 'Killing', `Stopping container ${pod.spec.containers[0]?.name}`)
  cluster.scheduler.once(key, pod.spec.nodeName ? Math.min(STOP_MS, deletionGracePeriodSeconds * 1000) : 0, () => {
    const fresh = cluster.get<Pod>('pods', namespace, name)
    if (fresh?.metadata.uid === uid) cluster.remove('pods', namespace, name)
  })
}
