/** Where TLS ends when the Secrets of an Ingress do not decide it (TRUTH "TLS", CHECKS `tls-absent`). */
import type { ControllerType } from '@/lib/controllers/types';
import type { Ingress, Service } from '@/lib/kube/objects';
import type { Query, Reader } from '@/lib/state/cells';
import type { Controller } from '@/lib/topology/controllers';
import { exposure } from '@/lib/topology/exposure';
import { known, object } from '@/lib/topology/reads';
import { settingsOf } from './fallback';

/** Annotations by which an Ingress has its certificates held at a cloud's load balancer, or elsewhere in the cluster. */
const HELD_BY_ANNOTATION: Readonly<Partial<Record<ControllerType, readonly string[]>>> = {
  gce: [
    'networking.gke.io/managed-certificates',
    'ingress.gcp.kubernetes.io/pre-shared-cert',
    'networking.gke.io/certmap',
  ],
  agic: [
    'appgw.ingress.kubernetes.io/appgw-ssl-certificate',
    'appgw.ingress.kubernetes.io/appgw-ssl-profile',
  ],
  contour: ['projectcontour.io/tls-cert-namespace'],
  traefik: ['traefik.ingress.kubernetes.io/router.tls.certresolver'],
};

/** Annotations that hand TLS on to the pods, by controller. */
const PASSTHROUGH: Readonly<Partial<Record<ControllerType, readonly string[]>>> = {
  'ingress-nginx': ['nginx.ingress.kubernetes.io/ssl-passthrough'],
  haproxytech: ['haproxy.org/ssl-passthrough'],
  'haproxy-ingress': ['haproxy-ingress.github.io/ssl-passthrough', 'ingress.kubernetes.io/ssl-passthrough'],
};

/** Load balancers of clouds take a certificate by an annotation of the Service; every cloud has its own (AWS, DigitalOcean, OCI, …). */
const BALANCER_CERTIFICATE = /(ssl|tls|http)[-_]?cert|certificate|tls-secret|tls-container|ssl-ports/i;

function holds(service: Service): boolean {
  return Object.entries(service.annotations).some(
    ([key, value]) => value !== '' && key.includes('/') && BALANCER_CERTIFICATE.test(key),
  );
}

/** The Service before a controller whose cloud load balancer ends TLS; null when none is seen to. */
function balancerWithCertificate(read: Reader, controller: string): Service | null {
  for (const { service: key } of read.query(exposure, controller).loadBalancers) {
    const service = key ? object(read, 'services', key) : undefined;
    if (service && holds(service)) return service;
  }
  return null;
}

/** Whether the Ingress asks for TLS to be passed through to its pods. */
export function wantsPassthrough(ingress: Ingress, type: ControllerType | undefined): boolean {
  return (type ? (PASSTHROUGH[type] ?? []) : []).some((key) => ingress.annotations[key] === 'true');
}

/** Where TLS of this Ingress ends if not by its Secrets: held there, not readable. Null: its Secrets decide. */
export function heldElsewhere(
  read: Reader,
  ingress: Ingress,
  controller: Controller | undefined,
): string | null {
  const type = controller?.type;
  if (!controller || !type) return null;
  if (type === 'aws-alb') return 'certificates of an ALB are held by AWS';
  // It looks for credentials in the namespace of its gateway, not of the Ingress (SEMANTICS 2.7).
  if (type === 'istio') return 'Istio takes certificates from the namespace of its gateway';
  const annotation = (HELD_BY_ANNOTATION[type] ?? []).find((key) => ingress.annotations[key] !== undefined);
  if (annotation) return `annotation ${annotation}`;
  if (wantsPassthrough(ingress, type) && settingsOf(read, controller)?.passthrough !== false)
    return 'TLS is passed through to the pods';
  return read.query(heldByBalancer, controller.id);
}

/**
 * Key: a controller's id. A balancer that we may not see may have a certificate; one that we have seen counts as we saw it.
 */
const heldByBalancer: Query<string | null> = {
  name: 'held-by-balancer',
  level: 3,
  compute: (read, controller) => {
    const services = known(read, 'services');
    const seen = read.query(exposure, controller).services.length > 0;
    if (!seen && !services.known)
      return `whether its load balancer ends TLS is not known: ${services.reason}`;
    const service = balancerWithCertificate(read, controller);
    return service ? `TLS ends at the load balancer of Service ${service.namespace}/${service.name}` : null;
  },
};
