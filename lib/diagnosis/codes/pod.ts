import { codesOf } from './code';

export const POD_CODES = codesOf('pod', {
  'workload-scaled-to-zero': {
    severity: 'broken',
    meaning: 'The workload behind the Service wants no replicas.',
    when: 'The Deployment or StatefulSet whose pods the Service selects has replicas 0.',
    traps: ['A KEDA ScaledObject with minimum 0, or a downscaler’s annotation, explains it.'],
    mend: 'Scale it up, or look at what scaled it down.',
  },
  'pod-crashloop': {
    severity: 'broken',
    meaning: 'Pods crash again and again.',
    when: 'A container waits in CrashLoopBackOff.',
    traps: ['A container that has ended once and runs again is no loop.'],
    mend: 'Read the last lines that it wrote, and its exit code.',
  },
  'pod-image-pull': {
    severity: 'broken',
    meaning: 'Pods cannot pull their image.',
    when: 'A container waits with ErrImagePull, ImagePullBackOff or InvalidImageName.',
    traps: ['Pulling for the first time is pending, no error.'],
    mend: 'Correct the image, its tag or the pull Secret.',
  },
  'pod-config-error': {
    severity: 'broken',
    meaning: 'Pods cannot start with their configuration.',
    when: 'A container waits with CreateContainerConfigError or the like: a ConfigMap, Secret or key is missing.',
    traps: ['Optional references do not hold a pod up.'],
    mend: 'Create what the message names.',
  },
  'pod-pending': {
    severity: 'broken',
    meaning: 'Pods do not get to run.',
    when: 'A pod has been Pending or unschedulable for two minutes.',
    traps: ['The first two minutes.'],
    mend: 'Read the scheduler’s message.',
  },
  'pod-readiness-failing': {
    severity: 'broken',
    meaning: 'Pods run and are not ready.',
    when: 'Containers run and ContainersReady is False, beyond the hold time.',
    traps: ['A pod that has just started; one that shuts down.'],
    mend: 'Look at the readiness probe and what it is answered.',
  },
  'pod-readiness-gate-false': {
    severity: 'broken',
    meaning: 'Pods wait for a readiness gate that somebody else opens.',
    when: 'ContainersReady is True, Ready is not, and the condition of a readinessGate is missing or not True.',
    traps: [
      'While the containers themselves are not ready, that is what is told.',
      'A pod that has just started.',
    ],
    mend: 'Look at who sets the gate: mostly a load balancer’s health check of the pod.',
  },
  'pod-oom': {
    severity: 'degraded',
    meaning: 'A container was killed because it used more memory than its limit.',
    when: 'The current or last termination of a container behind a live rule is OOMKilled, within 24 hours.',
    traps: [
      'A kill more than a day ago, or one without a time.',
      'When it was more than an hour ago and the container is ready again, it is a warning.',
    ],
    mend: 'Raise the memory limit, or find the leak.',
  },
  'pod-terminating-stuck': {
    severity: 'degraded',
    meaning: 'Pods that were deleted do not go away.',
    when: 'deletionTimestamp, the time at which the grace period ends, was more than 5 minutes ago.',
    traps: [
      'A long grace period that is not over.',
      'While other pods of the Service are ready it is a warning.',
    ],
    mend: 'Look for finalizers, volumes that do not unmount and dead nodes.',
  },
  'workload-rollout-stuck': {
    severity: 'degraded',
    meaning: 'The rollout of a Deployment went over its deadline.',
    when: 'Condition Progressing is False with ProgressDeadlineExceeded, for the generation that is asked for now.',
    traps: [
      'A rollout under way or paused.',
      'A new generation that the controller has not looked at yet.',
      'While all replicas are ready, the old version still serves: a warning.',
    ],
    mend: 'Roll back, or mend what ails the new pods.',
  },
  'node-not-ready': {
    severity: 'degraded',
    meaning: 'Endpoints stand on a node that is not ready or cordoned.',
    when: 'A Node with endpoints of a live Service has Ready not True; merely cordoned, it is a hint.',
    traps: ['Nodes that may not be read are not judged.', 'Nodes without endpoints of a live Service.'],
    mend: 'Mend or drain the node.',
  },
  'pod-targetport-undeclared': {
    severity: 'warning',
    impact: 'risk',
    meaning: 'The target port is declared by no container of the pods.',
    when: 'A numeric targetPort that a live rule uses is among the declared ports of no pod, and every pod declares some.',
    traps: [
      'Pods that declare no ports at all: declaring is information.',
      'A readiness probe that asks this very port.',
    ],
    mend: 'See whether the application listens there, and declare the port.',
  },
  'pod-probe-port-undeclared': {
    severity: 'warning',
    meaning: 'The readiness probe names a port that its container does not declare.',
    when: 'readinessProbe’s port is a name, and no port of the container is called so.',
    traps: ['A probe by number needs no declaration.'],
    mend: 'Declare the port’s name, or correct the probe.',
  },
  'pod-label-mismatch-template': {
    severity: 'warning',
    meaning: 'The template has the labels that the Service selects, and its pods do not.',
    when: 'No pod matches the selector, a workload’s template does, and the pods of that workload were made without the label.',
    traps: ['While some pods match, the rollout is under way.', 'A workload that has no pods at all.'],
    mend: 'Let the rollout finish.',
  },
});
