/** Findings at a TLS Secret's contents (CHECKS, hop tls: `tls-secret-type` to `tls-cn-only`). */
import { type Draft, draft, evidence } from '@/lib/diagnosis/draft';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { sh } from '@/lib/diagnosis/shell';
import type { Fault } from '@/lib/diagnosis/tls/certificate-faults';
import type { Issuing } from '@/lib/diagnosis/tls/issuing';
import type { Instead, TlsEntry } from '@/lib/diagnosis/tls/judge-entry';
import { refOf } from '@/lib/kube/resources';
import type { Severity } from '@/lib/topology/model';

/** Public parts only: the certificate is what every client gets to see. */
export function showCertificate(namespace: string, name: string): string {
  return `${sh`kubectl -n ${namespace} get secret ${name} -o jsonpath=`}'{.data.tls\\.crt}' | base64 -d | openssl x509 -noout -subject -issuer -dates -ext subjectAltName`;
}

/** The finding of one fault. `served`: what is served instead; null where this certificate is served all the same. */
export function certificateDraft(
  entry: TlsEntry,
  fault: Fault,
  served: Instead | null,
  issuing: Issuing,
): Draft {
  // What a private authority's clients may have already is said once for all its certificates.
  if (fault.severity === 'info') return privateChain(entry, fault);
  const { ingress, secretName, at } = entry;
  const { namespace } = ingress;
  const subject = refOf('secrets', namespace, secretName);
  const ingressRef = refOf('ingresses', namespace, ingress.name, ingress.uid);
  const severity: Severity = served ? served.severity(fault.severity) : fault.severity;
  const gap = fault.detail.startsWith(':') ? '' : ' ';
  return draft({
    code: fault.code,
    severity,
    hop: 'tls',
    subject,
    ...(fault.discriminator === undefined ? {} : { discriminator: fault.discriminator }),
    related: [ingressRef],
    cause: issuing.drafts[0]?.id ?? null,
    title: titleOf(entry, fault, served),
    detail: `Secret ${secretName}${gap}${fault.detail}${served ? `; ${served.words}` : ''}`,
    evidence: [
      evidence(ingressRef, `spec.tls[${at}].secretName`, secretName),
      evidence(subject, fault.path, fault.value),
    ],
    fix: {
      summary: fault.summary,
      look: [
        issuing.managed
          ? sh`kubectl -n ${namespace} get certificates,certificaterequests,orders,challenges`
          : showCertificate(namespace, secretName),
      ],
      change: issuing.managed ? [] : changes(fault, namespace, secretName),
      managedBy: managedBy(ingress),
    },
  });
}

/** What a user gets where some are harmed, else what is the matter. */
function titleOf({ secretName, hosts }: TlsEntry, fault: Fault, served: Instead | null): string {
  if (served?.covers === true) return `Secret ${secretName} is not used`;
  if (fault.harm === 'none') return `Secret ${secretName} ${fault.word}`;
  return `https://${hosts[0] || '*'} → ${served?.refused ? 'handshake fails' : fault.word}`;
}

const REPLACED = '--cert=tls.crt --key=tls.key';

function changes({ code }: Fault, namespace: string, name: string): readonly string[] {
  const create = `${sh`kubectl -n ${namespace} create secret tls ${name}`} ${REPLACED}`;
  if (code === 'tls-secret-type') return [sh`kubectl -n ${namespace} delete secret ${name}`, create];
  return [`${create} --dry-run=client -o yaml | kubectl -n ${sh`${namespace}`} apply -f -`];
}

function privateChain({ ingress, secretName }: TlsEntry, fault: Fault): Draft {
  const { namespace } = ingress;
  const whose = fault.discriminator ?? 'its issuer';
  return draft({
    code: fault.code,
    severity: 'info',
    impact: 'risk',
    hop: 'tls',
    subject: refOf('secrets', namespace, '*'),
    discriminator: whose,
    related: [refOf('secrets', namespace, secretName)],
    title: `Certificates in ${namespace} come without that of ${whose}`,
    detail: `certificates that a private authority signed lack the certificate of ${whose}: clients need to have it already`,
    evidence: [evidence(refOf('secrets', namespace, secretName), fault.path, fault.value)],
    fix: { summary: fault.summary, look: [showCertificate(namespace, secretName)] },
  });
}
