/** How cert-manager stands to the Secret of a TLS entry: whether it makes it, is at it, or what keeps it from it. */
import {
  isIssuing,
  notReady,
  renewalOverdue,
  secretShared,
} from '@/lib/diagnosis/checks/cert-manager-certificate';
import { challengeProblem } from '@/lib/diagnosis/checks/cert-manager-challenge';
import {
  annotationsConflict,
  askedIssuer,
  asksCertManager,
} from '@/lib/diagnosis/checks/cert-manager-ingress';
import { issuerProblem } from '@/lib/diagnosis/checks/cert-manager-issuer';
import type { Draft } from '@/lib/diagnosis/draft';
import type { Certificate } from '@/lib/kube/cert-manager-objects';
import type { Ingress } from '@/lib/kube/objects';
import { objectKey } from '@/lib/kube/refs';
import { refOf } from '@/lib/kube/resources';
import type { Reader } from '@/lib/state/cells';
import { known, members, object } from '@/lib/topology/reads';
import type { SecretState } from './secret-state';

/** An Ingress that has just come may have no Certificate yet (CHECKS `tls-secret-missing`). */
const ISSUING_MS = 10 * 60_000;

export interface Issuing {
  /** When it means to renew, where it makes the Secret; null where it does not. */
  readonly managed: { readonly renewalTime: number | null } | null;
  /** It may still be at it: that the Secret is not there means nothing yet. */
  readonly pending: boolean;
  /** Why it may still be at it where we cannot see; null where we can. */
  readonly unseen: string | null;
  /** Symptom first. The first explains what is wrong with the Secret; none while nothing is known to be wrong. */
  readonly drafts: readonly Draft[];
}

const NOT_ITS_BUSINESS: Issuing = { managed: null, pending: false, unseen: null, drafts: [] };

/** Only where it is known that nobody has a certificate is it worse than a renewal that fails. */
function severityOf(found: SecretState): 'broken' | 'degraded' {
  if (found.state === 'missing') return 'broken';
  return found.state === 'present' && !found.secret.certificate ? 'broken' : 'degraded';
}

/** Judges the way from the Ingress' annotation, or from the Certificate, to the Secret. */
export function issuingOf(read: Reader, ingress: Ingress, secretName: string, found: SecretState): Issuing {
  const secret = found.state === 'present' ? found.secret : null;
  // Old knowledge of a Certificate says nothing of how far it is now.
  const seen = known(read, 'certificates');
  const certificates = seen.known ? certificatesOf(read, ingress, secretName) : [];
  const asked = asksCertManager(ingress);
  const marked = secret?.annotations['cert-manager.io/certificate-name'] !== undefined;
  const certificate = certificates[0];
  const unseen = seen.known ? null : seen.reason;
  // cert-manager made it, and no Certificate is left to renew it: that is as by hand.
  if (!asked && !certificate)
    return marked && unseen !== null
      ? { ...NOT_ITS_BUSINESS, managed: { renewalTime: null }, unseen }
      : NOT_ITS_BUSINESS;
  const severity = severityOf(found);
  const wrong = [
    annotationsConflict(ingress, severity),
    secretShared(ingress, secretName, certificates, asked, severity),
    annotatedIssuer(read, ingress, severity),
  ].filter((found) => found !== null);
  const chain = certificate ? certificateChain(read, certificate, severity, wrong[0]?.id ?? null) : [];
  const drafts = [...chain, ...wrong.filter((found) => !chain.some(({ id }) => id === found.id))];
  return {
    managed: { renewalTime: certificate?.renewalTime ?? null },
    pending: drafts.length === 0 && isPending(read, ingress, certificate),
    unseen: drafts.length === 0 ? unseen : null,
    drafts,
  };
}

function certificatesOf(read: Reader, ingress: Ingress, secretName: string): readonly Certificate[] {
  return members(read, 'certificates-by-secret', objectKey(ingress.namespace, secretName)).flatMap(
    (key) => object(read, 'certificates', key) ?? [],
  );
}

function isPending(read: Reader, ingress: Ingress, certificate: Certificate | undefined): boolean {
  if (certificate && isIssuing(read, certificate)) return true;
  return ingress.created !== null && !read.reached(ingress.created + ISSUING_MS);
}

function annotatedIssuer(read: Reader, ingress: Ingress, severity: 'broken' | 'degraded'): Draft | null {
  const asked = askedIssuer(ingress);
  if (!asked) return null;
  return issuerProblem(read, {
    issuer: asked.issuer,
    namespace: ingress.namespace,
    by: refOf('ingresses', ingress.namespace, ingress.name, ingress.uid),
    owner: ingress,
    path: `metadata.annotations[${asked.annotation}]`,
    severity,
  });
}

/** The Certificate's own state, and below it the first failure on its way (issuer before challenge). */
function certificateChain(
  read: Reader,
  certificate: Certificate,
  severity: 'broken' | 'degraded',
  known: string | null,
): readonly Draft[] {
  const issuer = issuerProblem(read, {
    issuer: certificate.issuer,
    namespace: certificate.namespace,
    by: refOf('certificates', certificate.namespace, certificate.name, certificate.uid),
    owner: certificate,
    path: 'spec.issuerRef.name',
    severity,
  });
  const deepest = issuer ?? challengeProblem(read, certificate, severity);
  const cause = deepest?.id ?? known;
  const state = notReady(read, certificate, severity, cause) ?? renewalOverdue(read, certificate, cause);
  return [state, deepest].filter((found) => found !== null);
}
