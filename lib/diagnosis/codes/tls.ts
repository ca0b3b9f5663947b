import { codesOf } from './code';
import { CERT_MANAGER_TABLE } from './tls-cert-manager';
import { TLS_INGRESS_TABLE } from './tls-ingress';

/** What is wrong with the Secret that is to be served, or with the certificate in it. */
const SECRETS: Parameters<typeof codesOf>[1] = {
  'tls-secret-missing': {
    severity: 'broken',
    meaning: 'The Secret that TLS names does not exist.',
    when: 'spec.tls names a Secret, and asking for it gives 404. Most controllers then serve their default certificate, which browsers reject: degraded. Those that refuse TLS altogether: broken. A default certificate that covers the host, or cannot be read: warning.',
    traps: [
      'A Secret that may not be read is not missing.',
      'cert-manager may be about to make it.',
      'Where TLS ends at a cloud’s load balancer, or is passed through to pods, the Secret is not used.',
      'Istio looks for it in the namespace of its gateway, Contour where a delegation says.',
    ],
    mend: 'Create the Secret, or correct its name.',
  },
  'tls-secret-in-other-namespace': {
    severity: 'degraded',
    meaning: 'A Secret of that name exists in another namespace only.',
    when: 'The Secret that spec.tls names is missing, and a Secret of the same name is known in another namespace.',
    traps: ['Reflector, replicator or kubed copy it: their copy is missing, not misplaced.'],
    mend: 'Have the Secret made in the namespace of the Ingress, or move the Ingress.',
  },
  'tls-secret-unreadable': {
    severity: 'info',
    meaning: 'Secrets may not be read, so certificates cannot be judged.',
    when: 'The API server refuses the dashboard the Secrets that Ingresses name.',
    traps: ['Not asked for yet is not refused.'],
    mend: 'Grant get on these Secrets by name, if you want certificates checked.',
  },
  'tls-secret-type': {
    severity: 'broken',
    meaning: 'The Secret is not of the type kubernetes.io/tls.',
    when: 'A Secret named by spec.tls has another type. F5’s controller refuses it: broken. Others that may insist: warning.',
    traps: ['ingress-nginx, Traefik and the HAProxy controllers look at the keys alone.'],
    mend: 'Create it anew as kubernetes.io/tls; the type cannot be changed.',
  },
  'tls-secret-keys-missing': {
    severity: 'broken',
    meaning: 'The Secret lacks its certificate or its private key.',
    when: 'tls.crt or tls.key is absent or empty, so the controller serves what it has instead.',
    traps: [
      'cert-manager writes the key first while it issues.',
      'A Secret with ca.crt alone is right for client authentication.',
      'A default certificate that covers the host: warning.',
    ],
    mend: 'Create the Secret with both files.',
  },
  'tls-cert-unparseable': {
    severity: 'broken',
    meaning: 'Certificate or private key cannot be read.',
    when: 'tls.crt holds no PEM certificate, one that is damaged, or base64 of base64; or tls.key is no private key without passphrase.',
    traps: [
      'Other keys of the Secret may hold anything.',
      'Contents that have not been read are not damaged.',
    ],
    mend: 'Put in certificate and key as PEM, encoded once.',
  },
  'tls-key-mismatch': {
    severity: 'broken',
    meaning: 'The private key belongs to another certificate.',
    when: 'The public key of tls.key is not that of the certificate in tls.crt.',
    traps: ['Where an authority’s certificate stands first, that is the fault.'],
    mend: 'Pair the certificate with its own key.',
  },
  'tls-chain-order': {
    severity: 'broken',
    meaning: 'An authority’s certificate stands before the server’s own.',
    when: 'The first certificate of tls.crt is an authority’s, and a server’s comes after it: key and first certificate do not fit, so the controller does not load it.',
    traps: ['The order of the intermediates among themselves does not matter to clients (RFC 8446).'],
    mend: 'Order them: server, intermediates; no root.',
  },
  'tls-chain-incomplete': {
    severity: 'degraded',
    meaning: 'An intermediate certificate is missing from the chain.',
    when: 'The issuer of a certificate in tls.crt is neither in it nor a public root. Only certificates with Certificate Transparency timestamps, which public authorities issue, count as degraded.',
    traps: [
      'Of a private authority, clients may have it already: one hint for each namespace.',
      'The root itself need not be sent.',
    ],
    mend: 'Append the intermediate certificates.',
  },
  'tls-self-signed': {
    severity: 'warning',
    meaning: 'The certificate is signed by itself, a placeholder, or of a staging authority.',
    when: 'Issuer and subject are one and the same, or the name is that of a controller’s fake certificate or of Let’s Encrypt’s staging.',
    traps: [
      'A private authority’s certificate with its root beside it is neither.',
      'For names of private networks (.local, .internal, .test) nobody else signs.',
    ],
    mend: 'Use an authority that your clients trust.',
  },
  'tls-cert-expired': {
    severity: 'broken',
    meaning: 'The certificate, or an intermediate that it needs, has expired.',
    when: 'More than five minutes have passed since the first end of validity on the way from the server’s certificate to a public root. It is served all the same, and clients refuse it.',
    traps: [
      'Clocks may be off by five minutes.',
      'An expired cross-signature above a public root is on no client’s way.',
    ],
    mend: 'Renew it; where cert-manager should have, see why it did not.',
  },
  'tls-cert-expiring': {
    severity: 'degraded',
    meaning: 'The certificate ends soon.',
    when: 'Less than 21 days are left, or a third of a shorter life: warning. Less than three days, or a tenth: degraded. Of cert-manager’s certificates only when their renewal is a day late.',
    traps: [
      'Certificates of 6 or 47 days are young at 21 days before their end.',
      'cert-manager renews by its own date.',
    ],
    mend: 'Renew it, or let cert-manager do it.',
  },
  'tls-cert-not-yet-valid': {
    severity: 'broken',
    meaning: 'The certificate is not valid yet.',
    when: 'Its validity begins more than five minutes from now.',
    traps: ['Clocks may be off by five minutes.'],
    mend: 'Compare clocks; serve the former certificate until then.',
  },
  'tls-san-mismatch': {
    severity: 'broken',
    meaning: 'The certificate is not for the host.',
    when: 'No alternative name equals the rule’s host, nor is a wildcard for exactly one label of it. ingress-nginx and Traefik then serve their default certificate.',
    traps: [
      'Capitals and punycode do not count.',
      'A rule for *.example.com needs the name *.example.com.',
      'A default certificate that covers the host: warning.',
    ],
    mend: 'Have a certificate issued that names the host.',
  },
  'tls-cn-only': {
    severity: 'degraded',
    meaning: 'The host stands in the common name only, which clients ignore.',
    when: 'The certificate has no subject alternative name (RFC 9525).',
    traps: ['Alternative names that do not fit are a mismatch.'],
    mend: 'Have it issued anew with alternative names.',
  },
  'tls-weak-key-or-signature': {
    severity: 'warning',
    meaning: 'Key or signature of the certificate is weak.',
    when: 'RSA below 2048 bits, an elliptic curve below 224, or a signature by MD5 or SHA-1.',
    traps: ['A root’s own signature convinces nobody anyway.'],
    mend: 'Reissue with RSA 2048 or ECDSA P-256, and SHA-256.',
  },
};

export const TLS_CODES = codesOf('tls', { ...SECRETS, ...TLS_INGRESS_TABLE, ...CERT_MANAGER_TABLE });
