/** Certificates that are over, about to be, or not valid yet. Times come by the clock of the build: they pass while we watch. */
import { isoTime } from '@/lib/diagnosis/draft';
import type { CertificateFacts } from '@/lib/kube/objects';
import type { Reader } from '@/lib/state/cells';
import type { Fault, Judged } from './certificate-faults';

/** Our clock, or the authority's, may be off by so much (CHECKS `tls-cert-expired`). */
const SKEW_MS = 5 * 60_000;
const DAY_MS = 86_400_000;
const WARN_MS = 21 * DAY_MS;
const URGENT_MS = 3 * DAY_MS;
/** cert-manager has a day to do what it meant to (CHECKS `certmanager-renewal-overdue`). */
export const RENEWAL_GRACE_MS = DAY_MS;

/** The first of the certificates that clients need to end, and the last to begin. */
function span(facts: CertificateFacts): { from: number; until: number; whose: string } {
  let { notBefore: from, notAfter: until } = facts;
  let whose = '';
  for (const link of facts.chain) {
    if (link.notBefore > from) from = link.notBefore;
    if (link.notAfter < until) {
      until = link.notAfter;
      whose = link.subject;
    }
  }
  return { from, until, whose };
}

/** When to speak of a coming end: 21 days before it, of short-lived certificates a third of their life; urgent 3 days, or a tenth. */
function thresholds(facts: CertificateFacts): { readonly warn: number; readonly urgent: number } {
  const life = Math.max(0, facts.notAfter - facts.notBefore);
  return { warn: Math.min(WARN_MS, life / 3), urgent: Math.min(URGENT_MS, life / 10) };
}

/** `tls-cert-expired`, `tls-cert-expiring` or `tls-cert-not-yet-valid`; null when the times are right. */
export function timeFault(read: Reader, { managed }: Judged, facts: CertificateFacts): Fault | null {
  const { from, until, whose } = span(facts);
  const end = isoTime(until) ?? 'an unreadable time';
  const of = whose === '' ? '' : ` (the intermediate ${whose})`;
  const common = { served: true, path: 'data[tls.crt] notAfter', value: `${end}${of}` } as const;
  if (!read.reached(from - SKEW_MS))
    return {
      ...common,
      code: 'tls-cert-not-yet-valid',
      severity: 'broken',
      harm: 'all',
      word: 'certificate not valid yet',
      detail: `holds a certificate that is valid from ${isoTime(from) ?? 'an unreadable time'} only`,
      path: 'data[tls.crt] notBefore',
      value: isoTime(from) ?? 'an unreadable time',
      summary: 'Compare the clock of whoever issued it; serve the former certificate until then.',
    };
  if (read.reached(until + SKEW_MS))
    return {
      ...common,
      code: 'tls-cert-expired',
      severity: 'broken',
      harm: 'all',
      word: 'certificate expired',
      detail: `holds a certificate that expired on ${end}${of}`,
      summary: managed
        ? 'cert-manager should have renewed it: see why it did not.'
        : 'Renew the certificate and put it into the Secret.',
    };
  const { warn, urgent } = thresholds(facts);
  const soon = read.reached(until - urgent);
  if (!soon && !isDue(read, managed, until - warn)) return null;
  return {
    ...common,
    code: 'tls-cert-expiring',
    severity: soon ? 'degraded' : 'warning',
    harm: 'some',
    word: `certificate ends ${end.slice(0, 10)}`,
    detail: `holds a certificate that ends on ${end}${of}`,
    summary: managed
      ? 'cert-manager should have renewed it by now: see why it did not.'
      : 'Renew the certificate before it ends, or let cert-manager do it.',
  };
}

/** By hand: when the time has come. By cert-manager: only when it has missed its own date. */
function isDue(read: Reader, managed: Judged['managed'], warnAt: number): boolean {
  if (!managed) return read.reached(warnAt);
  return managed.renewalTime !== null && read.reached(managed.renewalTime + RENEWAL_GRACE_MS);
}
