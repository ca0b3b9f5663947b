/** Every code that a finding may carry: where on the way it stands, how bad it gets, what it means (CHECKS.md). */
import type { Hop, Severity } from '@/lib/topology/model';

export interface CodeInfo {
  readonly hop: Hop;
  /** At its worst; a check lowers it where less is at stake. */
  readonly severity: Severity;
  readonly meaning: string;
}

function code(hop: Hop, severity: Severity, meaning: string): CodeInfo {
  return { hop, severity, meaning };
}

export const CODES: Readonly<Record<string, CodeInfo>> = {
  'dns-name-unresolved': code('dns', 'broken', 'The host name resolves to no address.'),
  'dns-points-elsewhere': code(
    'dns',
    'broken',
    'The host name leads to an address that is not this cluster’s.',
  ),
  'dns-partial-mismatch': code(
    'dns',
    'degraded',
    'Some of the host name’s addresses are not this cluster’s.',
  ),
  'lb-service-pending': code('loadbalancer', 'broken', 'A Service of type LoadBalancer has got no address.'),
  'controller-service-not-exposed': code(
    'loadbalancer',
    'broken',
    'Nothing leads from outside to the controller’s pods.',
  ),
  'controller-missing': code('controller', 'broken', 'Ingresses exist, and no ingress controller runs.'),
  'controller-pod-not-ready': code('controller', 'broken', 'Pods of the ingress controller are not ready.'),
  'controller-scaled-to-zero': code('controller', 'broken', 'The ingress controller wants no replicas.'),
  'controller-k8s-version-unsupported': code(
    'controller',
    'broken',
    'The controller is too old for the API of these Ingresses.',
  ),
  'controller-watch-scope-excludes': code(
    'controller',
    'broken',
    'The controller of the class does not look at this Ingress.',
  ),
  'ingress-class-missing': code('class', 'broken', 'The Ingress names an IngressClass that does not exist.'),
  'ingress-class-unset': code(
    'class',
    'broken',
    'The Ingress names no class, and nobody takes such Ingresses.',
  ),
  'ingress-class-no-controller': code('class', 'broken', 'No running controller claims the class.'),
  'tls-secret-missing': code('tls', 'broken', 'The Secret that TLS names does not exist.'),
  'tls-secret-unreadable': code('tls', 'info', 'Secrets may not be read, so certificates cannot be judged.'),
  'service-missing': code('service', 'broken', 'The backend Service does not exist.'),
  'service-in-other-namespace': code(
    'service',
    'broken',
    'A Service of that name exists, but in another namespace.',
  ),
  'service-port-missing': code('service', 'broken', 'The Service has no such port.'),
  'service-port-is-targetport': code(
    'service',
    'broken',
    'The Ingress names a target port instead of the Service’s port.',
  ),
  'service-selector-no-match': code(
    'service',
    'broken',
    'The Service’s selector matches no pod and no workload.',
  ),
  'service-no-endpoints': code('endpoints', 'broken', 'The Service has no endpoints.'),
  'service-no-ready-endpoints': code('endpoints', 'broken', 'The Service has endpoints, none of them ready.'),
  'endpoints-partially-ready': code(
    'endpoints',
    'degraded',
    'Only some of the Service’s endpoints are ready.',
  ),
  'endpoints-only-terminating': code(
    'endpoints',
    'broken',
    'Only pods that are shutting down are left behind the Service.',
  ),
  'endpoints-port-unresolved': code(
    'endpoints',
    'broken',
    'The named target port exists on none of the pods.',
  ),
  'workload-scaled-to-zero': code('pod', 'broken', 'The workload behind the Service wants no replicas.'),
  'pod-crashloop': code('pod', 'broken', 'Pods crash again and again.'),
  'pod-image-pull': code('pod', 'broken', 'Pods cannot pull their image.'),
  'pod-config-error': code('pod', 'broken', 'Pods cannot start with their configuration.'),
  'pod-pending': code('pod', 'broken', 'Pods do not get to run.'),
  'pod-readiness-failing': code('pod', 'broken', 'Pods run and are not ready.'),
  'check-failed': code('rule', 'warning', 'The dashboard itself failed to judge something.'),
};
