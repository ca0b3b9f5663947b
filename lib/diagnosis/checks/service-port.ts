import type { Answers } from '@/lib/controllers/types';
import { type Draft, draft, evidence } from '@/lib/diagnosis/draft';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { serviceRefOfKey } from '@/lib/diagnosis/port-context';
import type { PortHealth, ServiceHealth } from '@/lib/diagnosis/service-health';
import { sh } from '@/lib/diagnosis/shell';
import type { Ingress } from '@/lib/kube/objects';
import { refOf } from '@/lib/kube/resources';
import type { Reader } from '@/lib/state/cells';
import type { Rule } from '@/lib/topology/rules';
import { backendPath } from './service-missing';

/**
 * `service-port-missing`: number and name are different fields, compared exclusively (CHECKS trap 1). A number that is only a
 * targetPort is `service-port-is-targetport`: tolerated by ingress-nginx (warning), the cause of the failure elsewhere.
 */
export function portMissing(
  read: Reader,
  ingress: Ingress,
  rule: Rule,
  health: ServiceHealth,
  byTarget: PortHealth | null,
  answers: Answers | null,
): readonly Draft[] {
  // Whom nobody serves, nobody refuses: whether the controller tolerates it is not known then.
  const tolerated = byTarget !== null && answers?.portByTargetPort !== false;
  const cause = byTarget ? isTargetPort(read, ingress, rule, byTarget, answers) : null;
  if (tolerated && cause) return [cause];
  const subject = serviceRefOfKey(read, rule.service as string);
  const list =
    health.ports.map((port) => (port.name ? `${port.port} (${port.name})` : String(port.port))).join(', ') ||
    'none';
  const at = backendPath(ingress, subject.name, rule.port);
  const ingressRef = refOf('ingresses', ingress.namespace, ingress.name, ingress.uid);
  const any = health.ports.length > 0;
  // With several ports, any would be a guess.
  const right = byTarget ?? (health.ports.length === 1 ? health.ports[0] : undefined);
  const missing = draft({
    code: 'service-port-missing',
    severity: 'broken',
    hop: 'service',
    subject,
    discriminator: String(rule.port),
    cause: cause?.id ?? null,
    related: [ingressRef],
    title: `Service ${subject.name} has no port ${rule.port}`,
    detail: `Service ${subject.name} has no port ${rule.port}; it has ${list}`,
    evidence: [
      evidence(ingressRef, `${at}.service.port`, String(rule.port)),
      evidence(subject, 'spec.ports', list),
    ],
    fix: {
      summary: any ? `Use a port of the Service: ${list}.` : 'Give the Service a port.',
      look: [sh`kubectl -n ${subject.namespace} get service ${subject.name} -o wide`],
      change: right ? [patchPort(ingress, at, right.port)] : [],
      managedBy: managedBy(ingress),
    },
  });
  return cause ? [missing, cause] : [missing];
}

function isTargetPort(
  read: Reader,
  ingress: Ingress,
  rule: Rule,
  byTarget: PortHealth,
  answers: Answers | null,
): Draft {
  const tolerated = answers?.portByTargetPort !== false;
  const words =
    answers === null
      ? '; some controllers tolerate it, others do not'
      : tolerated
        ? '; this controller tolerates it, others do not'
        : '';
  const subject = serviceRefOfKey(read, rule.service as string);
  const at = backendPath(ingress, subject.name, rule.port);
  const ingressRef = refOf('ingresses', ingress.namespace, ingress.name, ingress.uid);
  return draft({
    code: 'service-port-is-targetport',
    severity: tolerated ? 'warning' : 'broken',
    hop: 'service',
    subject,
    discriminator: String(rule.port),
    related: [ingressRef],
    title: `${rule.port} is a target port of Service ${subject.name}, not a port`,
    detail: `the Ingress names ${rule.port}, the target port behind port ${byTarget.port}${words}`,
    evidence: [
      evidence(ingressRef, `${at}.service.port`, String(rule.port)),
      evidence(subject, 'spec.ports', `${byTarget.port} → ${byTarget.targetPort}`),
    ],
    fix: {
      summary: `Name port ${byTarget.port} in the Ingress.`,
      look: [sh`kubectl -n ${subject.namespace} get service ${subject.name} -o wide`],
      change: [patchPort(ingress, at, byTarget.port)],
      managedBy: managedBy(ingress),
    },
  });
}

function patchPort(ingress: Ingress, at: string, port: number): string {
  const pointer = `/${at.replaceAll('.', '/').replace(/\[(\d+)\]/g, '/$1')}/service/port`;
  const patch = JSON.stringify([{ op: 'replace', path: pointer, value: { number: port } }]);
  return sh`kubectl -n ${ingress.namespace} patch ingress ${ingress.name} --type=json -p ${patch}`;
}
