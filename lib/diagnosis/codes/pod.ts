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
});
