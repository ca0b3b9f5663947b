/** TLS that ends before a controller which redirects to it (ingress-nginx). */
import type { Found, IngressUnit } from '@/lib/diagnosis/check';
import { draft, evidence } from '@/lib/diagnosis/draft';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { sh } from '@/lib/diagnosis/shell';
import type { Service } from '@/lib/kube/objects';
import { objectKey } from '@/lib/kube/refs';
import { refOf } from '@/lib/kube/resources';
import type { Reader } from '@/lib/state/cells';
import type { Controller } from '@/lib/topology/controllers';
import { exposure, planeWorkload } from '@/lib/topology/exposure';
import { object } from '@/lib/topology/reads';
import { ingressRef, NGINX } from './ingress-parts';

/** Annotations by which a cloud's load balancer is given the certificate. */
const TERMINATES = [
  'service.beta.kubernetes.io/aws-load-balancer-ssl-cert',
  'service.beta.kubernetes.io/do-loadbalancer-certificate-id',
  'service.beta.kubernetes.io/do-loadbalancer-certificate-name',
  'service.beta.kubernetes.io/alibaba-cloud-loadbalancer-cert-id',
  'service.beta.kubernetes.io/oci-load-balancer-ssl-ports',
  'load-balancer.hetzner.cloud/http-certificates',
];

/** The annotation by which TLS ends before the controller, on a Service that hands 443 to the plain port. */
function endsBefore({ annotations, ports }: Service): string | null {
  const annotation = TERMINATES.find((key) => annotations[key]);
  const https = ports.find((port) => port.port === 443);
  const http = ports.find((port) => port.port === 80);
  const target = https?.targetPort;
  const plain = target === 'http' || target === 80 || (http !== undefined && http.targetPort === target);
  return annotation && https && plain ? annotation : null;
}

/** The controller's ConfigMap where we may read it (`--configmap`, `$(POD_NAMESPACE)` expanded); else nothing is said. */
function settingsOf(read: Reader, controller: Controller): Readonly<Record<string, string>> | null {
  const plane = controller.dataPlane[0];
  const workload = plane ? planeWorkload(read, plane) : undefined;
  const words = workload?.containers.flatMap(({ command, args }) => [...command, ...args]) ?? [];
  const flag = words.find((word) => word.startsWith('--configmap='))?.slice('--configmap='.length);
  const key = flag?.replace('$(POD_NAMESPACE)', controller.namespace);
  const [namespace, name] = key?.split('/') ?? [];
  if (!namespace || !name) return null;
  return object(read, 'configmaps', objectKey(namespace, name))?.data ?? null;
}

/** `rule-redirect-loop-risk`: told once for each Service before a controller, with all rules concerned. */
export function redirectLoop(read: Reader, { ingress, controller }: IngressUnit): readonly Found[] {
  if (controller?.type !== 'ingress-nginx' || controller.kind !== 'workload') return [];
  const force = ingress.annotations[`${NGINX}force-ssl-redirect`] === 'true';
  const byTls = ingress.tls.length > 0 && ingress.annotations[`${NGINX}ssl-redirect`] !== 'false';
  if (!force && !byTls) return [];
  const settings = settingsOf(read, controller);
  if (!settings || settings['use-forwarded-headers'] === 'true' || settings['use-proxy-protocol'] === 'true')
    return [];
  if (!force && settings['ssl-redirect'] === 'false') return [];
  return read.query(exposure, controller.id).services.flatMap((key) => {
    const service = object(read, 'services', key);
    const annotation = service ? endsBefore(service) : null;
    return service && annotation
      ? [{ draft: loopDraft(ingressRef(ingress), controller, service, annotation) }]
      : [];
  });
}

function loopDraft(
  related: ReturnType<typeof refOf>,
  controller: Controller,
  service: Service,
  annotation: string,
) {
  const subject = refOf('services', service.namespace, service.name, service.uid);
  return draft({
    code: 'rule-redirect-loop-risk',
    severity: 'warning',
    hop: 'rule',
    subject,
    related: [related],
    title: `${controller.name} may redirect https for ever behind ${service.name}`,
    detail:
      'TLS ends at the load balancer, which hands plain http to the controller; the controller redirects it to https again, because it does not trust X-Forwarded-Proto',
    evidence: [
      evidence(subject, `metadata.annotations[${annotation}]`, 'set'),
      evidence(null, 'use-forwarded-headers', 'not true in the ConfigMap of the controller'),
    ],
    fix: {
      summary:
        'Set use-forwarded-headers (or use-proxy-protocol on both sides) in the ConfigMap, or redirect at the load balancer only.',
      look: [sh`kubectl -n ${service.namespace} get service ${service.name} -o yaml`],
      managedBy: managedBy(service),
    },
  });
}
