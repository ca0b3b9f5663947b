/** `certmanager-not-ready`, `certmanager-renewal-overdue`, `certmanager-secret-shared`: what a Certificate says of itself. */
import { type Draft, draft, evidence, isoTime } from '@/lib/diagnosis/draft';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { sh } from '@/lib/diagnosis/shell';
import { RENEWAL_GRACE_MS } from '@/lib/diagnosis/tls/certificate-times';
import type { Certificate } from '@/lib/kube/cert-manager-objects';
import type { Condition, Ingress } from '@/lib/kube/objects';
import { refOf } from '@/lib/kube/resources';
import type { Reader } from '@/lib/state/cells';
import { currentRequest } from './cert-manager-challenge';

/** cert-manager may take so long (CHECKS `certmanager-not-ready`). */
const ISSUING_MS = 10 * 60_000;

function conditionOf({ conditions }: Certificate, type: string): Condition | undefined {
  return conditions.find((condition) => condition.type === type);
}

/** Whether cert-manager is at it, and has not failed yet. */
export function isIssuing(read: Reader, certificate: Certificate): boolean {
  if (conditionOf(certificate, 'Ready')?.status === 'True' || certificate.lastFailureTime !== null)
    return false;
  const issuing = conditionOf(certificate, 'Issuing');
  const began = (issuing?.status === 'True' ? issuing.since : null) ?? certificate.created;
  return began !== null && !read.reached(began + ISSUING_MS);
}

/** What keeps the Certificate from being ready; null when it is, or may yet become so. */
export function notReady(
  read: Reader,
  certificate: Certificate,
  severity: 'broken' | 'degraded',
  cause: string | null,
): Draft | null {
  const ready = conditionOf(certificate, 'Ready');
  if (ready?.status === 'True' || isIssuing(read, certificate)) return null;
  // Without any condition and without a date nobody can tell for how long it has been so.
  if (!ready && certificate.created === null) return null;
  const { namespace, name } = certificate;
  const subject = refOf('certificates', namespace, name, certificate.uid);
  const request = currentRequest(read, certificate);
  const refused = request?.conditions.find(({ type, status }) => type === 'Ready' && status !== 'True');
  const failed = conditionOf(certificate, 'Issuing');
  const why = ready
    ? [ready.reason, ready.message].filter((text) => text !== '').join(': ')
    : 'cert-manager has not looked at it';
  return draft({
    code: 'certmanager-not-ready',
    severity,
    hop: 'tls',
    subject,
    cause,
    related: request ? [refOf('certificaterequests', namespace, request.name, request.uid)] : [],
    title: `Certificate ${name} is not ready`,
    detail: why || 'its condition Ready is not True',
    evidence: [
      evidence(
        subject,
        'status.conditions[Ready]',
        ready ? `${ready.status} ${ready.reason}`.trim() : 'not set',
        ready?.since ?? null,
      ),
      ...(failed?.message
        ? [evidence(subject, 'status.conditions[Issuing].message', failed.message, failed.since)]
        : []),
      ...(request && refused
        ? [
            evidence(
              refOf('certificaterequests', namespace, request.name, request.uid),
              'status.conditions[Ready]',
              `${refused.reason}: ${refused.message}`,
              refused.since,
            ),
          ]
        : []),
    ],
    fix: {
      summary: ready
        ? 'Follow Certificate, CertificateRequest, Order and Challenge to the first that fails.'
        : 'See that cert-manager runs and watches this namespace.',
      look: [
        sh`kubectl -n ${namespace} describe certificate ${name}`,
        sh`kubectl -n ${namespace} get certificaterequests,orders,challenges`,
      ],
      managedBy: managedBy(certificate),
    },
    startedAt: ready?.since ?? certificate.created,
  });
}

/** A renewal that is a day late. A Certificate that is not to be renewed has no time for it. */
export function renewalOverdue(read: Reader, certificate: Certificate, cause: string | null): Draft | null {
  const { namespace, name, renewalTime, notAfter, lastFailureTime } = certificate;
  if (renewalTime === null || !read.reached(renewalTime + RENEWAL_GRACE_MS)) return null;
  const subject = refOf('certificates', namespace, name, certificate.uid);
  const failure = lastFailureTime === null ? null : isoTime(lastFailureTime);
  return draft({
    code: 'certmanager-renewal-overdue',
    severity: 'degraded',
    hop: 'tls',
    subject,
    cause,
    title: `Renewal of certificate ${name} is overdue`,
    detail: `cert-manager was to renew it on ${isoTime(renewalTime) ?? 'an unreadable date'} and has not${failure ? `; it last failed on ${failure}` : ''}`,
    evidence: [
      evidence(subject, 'status.renewalTime', isoTime(renewalTime) ?? ''),
      ...(notAfter === null ? [] : [evidence(subject, 'status.notAfter', isoTime(notAfter) ?? '')]),
      ...(failure ? [evidence(subject, 'status.lastFailureTime', failure)] : []),
    ],
    fix: {
      summary: 'See that cert-manager runs, and what it says of the last attempt.',
      look: [
        sh`kubectl -n ${namespace} describe certificate ${name}`,
        sh`kubectl -n ${namespace} get certificaterequests,orders,challenges`,
      ],
      managedBy: managedBy(certificate),
    },
  });
}

/** Two Certificates that write one Secret, or two TLS entries of one Ingress that would make such. */
export function secretShared(
  ingress: Ingress,
  secretName: string,
  certificates: readonly Certificate[],
  annotated: boolean,
  severity: 'broken' | 'degraded',
): Draft | null {
  const entries = ingress.tls.flatMap((entry, i) => (entry.secretName === secretName ? [i] : []));
  const twice = annotated && entries.length > 1;
  if (certificates.length < 2 && !twice) return null;
  const { namespace } = ingress;
  const subject = refOf('secrets', namespace, secretName);
  const ingressRef = refOf('ingresses', namespace, ingress.name, ingress.uid);
  const refs = certificates.map(({ name, uid }) => refOf('certificates', namespace, name, uid));
  const names = certificates.map(({ name }) => name).join(', ');
  return draft({
    code: 'certmanager-secret-shared',
    severity,
    hop: 'tls',
    subject,
    related: [ingressRef, ...refs],
    title: `Secret ${secretName} is claimed twice`,
    detail: twice
      ? `TLS entries ${entries.join(' and ')} of Ingress ${ingress.name} name the same Secret, so cert-manager makes no certificate for it`
      : `Certificates ${names} write the same Secret and undo each other’s work`,
    evidence: [
      ...(twice ? entries.map((i) => evidence(ingressRef, `spec.tls[${i}].secretName`, secretName)) : []),
      ...refs.map((ref) => evidence(ref, 'spec.secretName', secretName)),
    ],
    fix: {
      summary: twice
        ? 'Put all hosts of the Secret into one TLS entry, or give each entry a Secret of its own.'
        : 'Give each Certificate a Secret of its own, or remove one of them.',
      look: [
        sh`kubectl -n ${namespace} get certificates`,
        sh`kubectl -n ${namespace} get ingress ${ingress.name} -o yaml`,
      ],
      managedBy: managedBy(ingress),
    },
  });
}
