import type { ContainerState, Pod } from '@/lib/kube/objects';

export type PodProblem =
  | 'pod-crashloop'
  | 'pod-image-pull'
  | 'pod-config-error'
  | 'pod-pending'
  | 'pod-readiness-failing'
  | 'pod-readiness-gate-false';

export interface PodVerdict {
  readonly state: 'ready' | 'starting' | 'terminating' | 'finished' | 'failing';
  readonly problem: PodProblem | null;
  /** `CrashLoopBackOff`, `Unschedulable`, … ; empty when ready. */
  readonly reason: string;
  readonly message: string;
  readonly exitCode: number | null;
  /** It has no node yet. */
  readonly unscheduled: boolean;
  readonly restarts: number;
  /** When the pod left readiness, or was created; epoch ms. */
  readonly since: number | null;
}

const IMAGE_REASONS = new Set([
  'ErrImagePull',
  'ImagePullBackOff',
  'InvalidImageName',
  'ErrImageNeverPull',
  'RegistryUnavailable',
]);
const CONFIG_REASONS = new Set(['CreateContainerConfigError', 'CreateContainerError', 'RunContainerError']);

/** A pod this young (ms) that is merely not ready yet is starting, not failing. */
const STARTUP_MS = 30_000;
/** One that has its node may fetch images and mount volumes this long (ms). */
const PENDING_MS = 2 * 60_000;

/**
 * What keeps a pod from serving, judged from its own status alone (CHECKS, hop pod).
 * @param reached whether the clock has reached a time (epoch ms)
 */
export function podVerdict(pod: Pod, reached: (time: number) => boolean): PodVerdict {
  const ready = condition(pod, 'Ready');
  const restarts = pod.states.reduce((sum, state) => sum + state.restarts, 0);
  const base = {
    problem: null,
    reason: '',
    message: '',
    exitCode: null,
    unscheduled: condition(pod, 'PodScheduled')?.status === 'False',
    restarts,
    since: ready?.since ?? pod.created,
  };
  if (pod.deleting !== null) return { ...base, state: 'terminating', reason: 'Terminating' };
  if (pod.phase === 'Succeeded' || pod.phase === 'Failed')
    return { ...base, state: 'finished', reason: pod.phase };
  if (ready?.status === 'True') return { ...base, state: 'ready' };
  const found = failing(pod);
  const scheduled = condition(pod, 'PodScheduled');
  const since =
    found.problem === 'pod-pending' && scheduled?.status === 'False' ? scheduled.since : base.since;
  const patience =
    found.state === 'starting' ? PENDING_MS : found.problem?.startsWith('pod-readiness-') ? STARTUP_MS : 0;
  const young =
    patience > 0 && (pod.created === null ? found.state === 'starting' : !reached(pod.created + patience));
  return { ...base, ...found, since, state: young ? 'starting' : 'failing' };
}

type Failing = Pick<PodVerdict, 'state' | 'problem' | 'reason' | 'message' | 'exitCode'>;

function failing(pod: Pod): Failing {
  for (const state of pod.states) {
    const found = containerProblem(state);
    if (found) return found;
  }
  const scheduled = condition(pod, 'PodScheduled');
  if (scheduled?.status === 'False')
    return problem('pod-pending', scheduled.reason || 'Unschedulable', scheduled.message);
  if (pod.phase === 'Running') return notReady(pod);
  const waiting = pod.states.find((state) => state.waiting !== null)?.waiting;
  const reason = waiting?.reason || pod.phase || 'Pending';
  return { ...problem('pod-pending', reason, waiting?.message ?? ''), state: 'starting' };
}

function notReady(pod: Pod): Failing {
  const gate = pod.readinessGates.find((name) => condition(pod, name)?.status !== 'True');
  // Containers come first: a gate says nothing of use while they are not ready themselves.
  if (gate && condition(pod, 'ContainersReady')?.status === 'True')
    return problem('pod-readiness-gate-false', 'ReadinessGate', gateWords(pod, gate));
  if (gate) return problem('pod-readiness-failing', 'ReadinessGate', `readiness gate ${gate} is not True`);
  const waiting = pod.states.filter((state) => !state.ready).map((state) => state.name);
  const words = waiting.length > 0 ? `containers not ready: ${waiting.join(', ')}` : '';
  return problem('pod-readiness-failing', 'NotReady', condition(pod, 'Ready')?.message || words);
}

function gateWords(pod: Pod, gate: string): string {
  const found = condition(pod, gate);
  const words = found
    ? [`is ${found.status}`, found.reason, found.message]
    : ['has not been set by anybody yet'];
  return `readiness gate ${gate} ${words.filter((text) => text !== '').join(', ')}; ${gateSetter(gate)}`;
}

/** Who sets a gate's condition, by its name: AWS Load Balancer Controller "Pod readiness gate"; GKE "container-native load balancing". */
function gateSetter(gate: string): string {
  if (gate.startsWith('target-health.'))
    return 'the AWS Load Balancer Controller sets it when the target group calls the pod healthy';
  if (gate.startsWith('cloud.google.com/'))
    return 'the NEG controller of GKE sets it when the load balancer calls the pod healthy';
  return 'the controller that owns this gate sets it';
}

function containerProblem(state: ContainerState): Failing | null {
  const waiting = state.waiting;
  const exitCode = state.terminated?.exitCode ?? null;
  // Between two crashes the container runs or has just exited: its restarts and last exit still say that it crashes.
  const crashing =
    waiting?.reason === 'CrashLoopBackOff' ||
    (!state.ready && state.restarts >= 3 && exitCode !== null && exitCode !== 0);
  // The waiting message only repeats names and the back-off; how it ended is what helps.
  if (crashing) return { ...problem('pod-crashloop', 'CrashLoopBackOff', ending(state)), exitCode };
  if (!waiting) return null;
  if (IMAGE_REASONS.has(waiting.reason)) return problem('pod-image-pull', waiting.reason, waiting.message);
  if (CONFIG_REASONS.has(waiting.reason)) return problem('pod-config-error', waiting.reason, waiting.message);
  return null;
}

/** How a container last ended, beyond its exit code. */
function ending({ terminated }: ContainerState): string {
  if (!terminated) return '';
  const reason = terminated.reason === 'Error' ? '' : terminated.reason;
  return [reason, terminated.message.trim()].filter((text) => text !== '').join(': ');
}

function problem(code: PodProblem, reason: string, message: string): Failing {
  return { state: 'failing', problem: code, reason, message, exitCode: null };
}

function condition(pod: Pod, type: string) {
  return pod.conditions.find((entry) => entry.type === type);
}
