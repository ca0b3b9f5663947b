import type { Ingress, Service } from '@/lib/kube/objects';

/** The legacy way to name a class; controllers still honour it (Ingress v1 docs, "Deprecated annotation"). */
export const CLASS_ANNOTATION = 'kubernetes.io/ingress.class';

/** The class that an Ingress names, by field or by legacy annotation; null when it names none. */
export function classNameOf(ingress: Ingress): string | null {
  return ingress.className ?? ingress.annotations[CLASS_ANNOTATION] ?? null;
}

/** Whether a Service is an entry of its own: reachable from outside the cluster. */
export function isExposed(service: Service): boolean {
  return service.type === 'LoadBalancer' || service.type === 'NodePort' || service.externalIPs.length > 0;
}
