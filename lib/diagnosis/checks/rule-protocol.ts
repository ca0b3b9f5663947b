/** Plain and encrypted, where the two ends do not agree (ingress-nginx). */
import type { Found, IngressUnit } from '@/lib/diagnosis/check';
import { draft, evidence } from '@/lib/diagnosis/draft';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { sh } from '@/lib/diagnosis/shell';
import type { Service, ServicePort } from '@/lib/kube/objects';
import { objectKey } from '@/lib/kube/refs';
import { refOf } from '@/lib/kube/resources';
import type { Reader } from '@/lib/state/cells';
import type { Controller } from '@/lib/topology/controllers';
import { exposure, planeWorkload } from '@/lib/topology/exposure';
import { object } from '@/lib/topology/reads';
import { addressOf, type Rule } from '@/lib/topology/rules';
import { annotate, annotationEvidence, ingressRef, isCanary, listed, lookAt, NGINX } from './ingress-parts';

const PROTOCOL = `${NGINX}backend-protocol`;

/** What a Service port says of itself; null where it says nothing, or two things. */
function speaks({ name, port, targetPort, appProtocol }: ServicePort): 'tls' | 'plain' | null {
  const words = [name, appProtocol, typeof targetPort === 'string' ? targetPort : ''].map((word) =>
    word.toLowerCase(),
  );
  const tls = words.some((word) => /^(https|grpcs|wss)(-|$)/.test(word) || word === 'kubernetes.io/wss');
  const plain = words.some((word) => /^(http|http2|h2c|grpc|ws)(-|$)/.test(word));
  if (tls !== plain) return tls ? 'tls' : 'plain';
  if (tls) return null;
  const both = (numbers: readonly number[]) => numbers.includes(port) && numbers.includes(Number(targetPort));
  return both([443, 8443]) ? 'tls' : both([80, 8080]) ? 'plain' : null;
}

interface Mismatch {
  readonly rule: Rule;
  readonly service: Service;
  readonly port: ServicePort;
}

/** `rule-backend-protocol-mismatch`: names and numbers are a hint, so it is a warning (CHECKS). */
export function protocolMismatch(
  read: Reader,
  { ingress, controller, rules }: IngressUnit,
): readonly Found[] {
  if (controller?.type !== 'ingress-nginx' || isCanary(ingress)) return [];
  const written = (ingress.annotations[PROTOCOL] ?? 'HTTP').toUpperCase();
  if (ingress.annotations[`${NGINX}ssl-passthrough`] === 'true') return [];
  if (!['HTTP', 'HTTPS', 'GRPC', 'GRPCS'].includes(written)) return [];
  const encrypts = written.endsWith('S');
  const odd = rules.flatMap((rule): Mismatch[] => {
    const service = rule.service === null ? undefined : object(read, 'services', rule.service);
    const port = service?.ports.find((one) =>
      typeof rule.port === 'number' ? one.port === rule.port : one.name === rule.port,
    );
    return service && port && speaks(port) === (encrypts ? 'plain' : 'tls') ? [{ rule, service, port }] : [];
  });
  const first = odd[0];
  if (!first) return [];
  const { service, port } = first;
  const subject = refOf('services', service.namespace, service.name, service.uid);
  const right = encrypts ? written.slice(0, -1) : `${written}S`;
  const words = `port ${port.port}${port.name ? ` (${port.name})` : ''} of Service ${service.name}`;
  const found = draft({
    code: 'rule-backend-protocol-mismatch',
    severity: 'warning',
    hop: 'rule',
    subject: ingressRef(ingress),
    related: [subject],
    title: `${addressOf(first.rule)}: ${written} is sent to ${words}`,
    detail: `the controller speaks ${written} to ${words}, which looks ${encrypts ? 'plain' : 'encrypted'}; if it is, users get 502 or 400: ${listed(odd.map(({ rule }) => addressOf(rule)))}`,
    evidence: [
      annotationEvidence(ingress, PROTOCOL),
      evidence(subject, 'spec.ports[]', `${port.name || 'unnamed'} ${port.port} → ${port.targetPort}`),
    ],
    fix: {
      summary: `Set backend-protocol to ${right} if the pods speak it; the controller's log says so for certain.`,
      look: [sh`kubectl -n ${service.namespace} get service ${service.name} -o yaml`, lookAt(ingress)],
      change: odd.length === rules.length ? [annotate(ingress, PROTOCOL, right)] : [],
      managedBy: managedBy(ingress),
    },
  });
  return [{ draft: found, rules: odd.map(({ rule }) => rule.id) }];
}

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
