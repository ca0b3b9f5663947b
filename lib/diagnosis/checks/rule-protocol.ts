/** Plain and encrypted, where the two ends do not agree (ingress-nginx). */
import type { Found, IngressUnit } from '@/lib/diagnosis/check';
import { draft, evidence } from '@/lib/diagnosis/draft';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { sh } from '@/lib/diagnosis/shell';
import type { Service, ServicePort } from '@/lib/kube/objects';
import { refOf } from '@/lib/kube/resources';
import type { Reader } from '@/lib/state/cells';
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
