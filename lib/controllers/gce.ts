/** GKE's own controller: SEMANTICS 2.6; ingress-gce pkg/utils/utils.go IsGCEIngress. It has no workload in the cluster. */
import { classAnnotation, no, yes } from './acceptance';
import type { Acceptance, AcceptanceQuery, Controller } from './types';

/** Annotation values that it takes; `gce-multi-cluster` belongs to Multi Cluster Ingress. */
export const GCE_CLASSES: readonly string[] = ['gce', 'gce-internal', 'gce-regional-external'];

/** By annotation alone: an empty or absent one only without `spec.ingressClassName`, which it never honours. */
function accept({ ingress }: AcceptanceQuery): Acceptance {
  const annotation = classAnnotation(ingress) ?? '';
  if (GCE_CLASSES.includes(annotation)) return yes(`annotation kubernetes.io/ingress.class is ${annotation}`);
  if (annotation !== '') return no(`annotation kubernetes.io/ingress.class is "${annotation}"`);
  return ingress.className === null
    ? yes('it takes Ingresses without class')
    : no('it does not honour spec.ingressClassName: only the annotation kubernetes.io/ingress.class counts');
}

export const gce: Controller = {
  type: 'gce',
  title: 'GKE Ingress (GCE)',
  note: 'Runs outside the cluster and makes one load balancer for each Ingress.\nOnly the annotation names its class; spec.ingressClassName is not honoured.',
  answers: () => ({
    serviceMissing: null,
    noEndpoints: null,
    portMissing: null,
    noRoute: 404,
    tlsFallback: 'handshake-fails',
    endpointsUse: 'ready',
    portByTargetPort: false,
    autoRedirect: null,
    dropsRoute: false,
  }),
  recognise: () => null,
  accept,
};
