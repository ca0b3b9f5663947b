import { codesOf } from './code';

export const CONTROLLER_CODES = codesOf('controller', {
  'controller-missing': {
    severity: 'broken',
    meaning: 'Ingresses exist, and no ingress controller runs.',
    when: 'No workload is recognised as a controller, and no class names one that runs outside the cluster.',
    traps: [
      'GKE and AWS run theirs outside: the class tells.',
      'A view limited to some namespaces, or workloads that may not be read: unknown.',
    ],
    mend: 'Install a maintained ingress controller and an IngressClass for it.',
  },
  'controller-pod-not-ready': {
    severity: 'broken',
    meaning: 'Pods of the ingress controller are not ready.',
    when: 'None of the wanted pods is ready; where some are, it is degraded.',
    traps: [
      'During a rollout the old pods still serve.',
      'Of a controller that only programs a cloud’s load balancer traffic flows on: degraded, since its configuration is frozen.',
    ],
    mend: 'Follow the finding of its pods.',
  },
  'controller-scaled-to-zero': {
    severity: 'broken',
    meaning: 'The ingress controller wants no replicas.',
    when: 'Its Deployment or StatefulSet has replicas 0, or no node wants its DaemonSet.',
    traps: ['Of two flavours one may be switched off on purpose: where no Ingress misses it, it is a hint.'],
    mend: 'Scale it up again.',
  },
  'controller-k8s-version-unsupported': {
    severity: 'broken',
    meaning: 'The controller is too old for the API of these Ingresses.',
    when: 'Its version reads only APIs that this cluster does not serve any more: ingress-nginx before 1.0 knows no networking.k8s.io/v1.',
    traps: ['A version that cannot be read from the image is not judged.'],
    mend: 'Update the controller to a version that serves networking.k8s.io/v1.',
  },
  'controller-watch-scope-excludes': {
    severity: 'broken',
    meaning: 'The controller of the class does not look at this Ingress.',
    when: 'Its arguments limit it to namespaces or labels that leave the Ingress out.',
    traps: ['Arguments that come from where we may not read make it unknown.'],
    mend: 'Widen what the controller watches, or move or label the Ingress.',
  },
});
