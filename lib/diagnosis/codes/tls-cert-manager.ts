import type { codesOf } from './code';

/** What keeps cert-manager from making or renewing a certificate. */
export const CERT_MANAGER_TABLE: Parameters<typeof codesOf>[1] = {
  'certmanager-issuer-missing': {
    severity: 'broken',
    meaning: 'The issuer that is to make the certificate does not exist.',
    when: 'An annotation or a Certificate names an Issuer or ClusterIssuer that is not there, or cert-manager is not installed at all. With a certificate still in the Secret: degraded.',
    traps: [
      'Issuers of other groups are looked up by their own controllers.',
      'kubernetes.io/tls-acme leaves the issuer to cert-manager’s flags.',
      'Issuers that may not be read are not missing.',
    ],
    mend: 'Create the issuer, or name one that exists.',
  },
  'certmanager-issuer-not-ready': {
    severity: 'broken',
    meaning: 'The issuer cannot issue.',
    when: 'Its condition Ready is not True. With a certificate still in the Secret: degraded.',
    traps: ['An issuer without conditions has not been looked at yet.'],
    mend: 'Mend what the condition names: account, credentials, address.',
  },
  'certmanager-annotations-conflict': {
    severity: 'broken',
    meaning: 'The Ingress names an Issuer and a ClusterIssuer.',
    when: 'Both cert-manager.io/issuer and cert-manager.io/cluster-issuer are set: cert-manager then does nothing (event BadConfig).',
    traps: ['An empty annotation names nobody.'],
    mend: 'Keep one annotation.',
  },
  'certmanager-annotation-no-tls': {
    severity: 'warning',
    impact: 'risk',
    meaning: 'An issuer is named, but no TLS entry says for what.',
    when: 'An issuer annotation without spec.tls, or with an entry that lacks hosts or secretName.',
    traps: ['Ingresses that cert-manager makes to answer challenges need none.'],
    mend: 'Add a TLS entry with hosts and secretName.',
  },
  'certmanager-secret-shared': {
    severity: 'broken',
    meaning: 'Two certificates would be written into one Secret.',
    when: 'Two TLS entries of an annotated Ingress name one Secret, or two Certificates have the same secretName. With a certificate in the Secret: degraded.',
    traps: ['Ingresses of one namespace may use one Secret, and one Certificate may serve them all.'],
    mend: 'One Secret for each Certificate.',
  },
  'certmanager-not-ready': {
    severity: 'broken',
    meaning: 'The certificate could not be made by cert-manager.',
    when: 'The Certificate’s condition Ready is not True, and it has failed or been at it for more than ten minutes. With a certificate still in the Secret: degraded.',
    traps: ['It is at it for less than ten minutes and has not failed.', 'Certificates may not be readable.'],
    mend: 'Follow Certificate, CertificateRequest, Order and Challenge to the first that fails.',
  },
  'certmanager-renewal-overdue': {
    severity: 'degraded',
    meaning: 'A renewal by cert-manager is a day late.',
    when: 'status.renewalTime passed more than 24 hours ago.',
    traps: ['A Certificate that is not to be renewed has no time for it.'],
    mend: 'See that cert-manager runs, and why the last attempt failed.',
  },
  'certmanager-challenge-stuck': {
    severity: 'broken',
    meaning: 'The authority’s proof of control fails or does not get on.',
    when: 'An Order or Challenge of the Certificate’s newest request is invalid, errored or expired, or a challenge has been pending for more than 15 minutes.',
    traps: ['A challenge that is minutes old.', 'Those of former requests, whose certificate came later.'],
    mend: 'HTTP-01: DNS, port 80, no login before it, a class that is served. DNS-01: credentials and zone.',
  },
};
