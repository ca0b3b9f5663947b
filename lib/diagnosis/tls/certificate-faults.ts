/** What is wrong with a TLS Secret's contents, judged for the hosts that it serves (CHECKS, hop tls). */
import type { ControllerType } from '@/lib/controllers/types';
import { isoTime } from '@/lib/diagnosis/draft';
import type { CertificateFacts, Secret } from '@/lib/kube/objects';
import type { Reader } from '@/lib/state/cells';
import { anyCovers, certificateCovers, isNameless, isPrivateName } from '@/lib/topology/host-names';
import type { Severity, Status } from '@/lib/topology/model';
import { timeFault } from './certificate-times';

export interface Fault {
  readonly code: string;
  /** Where nothing better is served instead. */
  readonly severity: Severity;
  /** Whether the controller serves this certificate all the same; else it takes its fallback. */
  readonly served: boolean;
  /** What it is to https clients: all of them fail, some may, or none does yet. */
  readonly harm: 'all' | 'some' | 'none';
  /** What a user sees. */
  readonly word: string;
  readonly detail: string;
  readonly path: string;
  readonly value: string;
  readonly summary: string;
  readonly discriminator?: string;
}

export interface Judged {
  readonly secret: Secret;
  /** Hosts for which it is to serve; empty: every host. */
  readonly hosts: readonly string[];
  readonly type: ControllerType | undefined;
  /** Renewed by cert-manager: when it wants to have done so (epoch ms), null where that is not known. */
  readonly managed: { readonly renewalTime: number | null } | null;
}

/** Insists on the type `kubernetes.io/tls` (SEMANTICS 2.2); those of the second list look at keys alone (2.1, 2.3, 2.4). */
const STRICT: readonly (ControllerType | undefined)[] = ['f5-nginx'];
const EASY: readonly (ControllerType | undefined)[] = [
  'ingress-nginx',
  'traefik',
  'haproxytech',
  'haproxy-ingress',
];
/** Choose by the names of the certificate, and fall back where none of them fits (SEMANTICS 2.1, 2.3). */
const CHOOSE_BY_NAME: readonly (ControllerType | undefined)[] = ['ingress-nginx', 'traefik'];

const UNUSED = { severity: 'broken', served: false, harm: 'all', word: 'bad certificate' } as const;

/** All faults of a Secret; what keeps it from being loaded stands alone. Nothing where its contents have not been read. */
export function secretFaults(read: Reader, judged: Judged): readonly Fault[] {
  const unusable = typeFault(judged, true) ?? unloadable(judged.secret);
  if (unusable) return [unusable];
  const { certificate } = judged.secret;
  const type = typeFault(judged, false);
  if (!certificate) return type ? [type] : [];
  const served = [timeFault(read, judged, certificate), nameFault(judged, certificate), type];
  const found = served.filter((fault) => fault !== null);
  const trust = trustFault(judged, certificate) ?? weakFault(certificate);
  return trust ? [...found, trust] : found;
}

/** Keys absent or empty, contents that are no certificate, a key of another one, an authority first. */
function unloadable({ keys, certificate, certificateError }: Secret): Fault | null {
  const absent = ['tls.crt', 'tls.key'].filter((key) => !keys.includes(key));
  if (absent.length > 0 || certificateError.endsWith(' is empty')) {
    const what = absent.length > 0 ? `has no ${absent.join(' and no ')}` : `: ${certificateError}`;
    return {
      ...UNUSED,
      code: 'tls-secret-keys-missing',
      detail: what,
      path: 'data',
      value: absent.length > 0 ? `keys: ${keys.join(', ') || 'none'}` : certificateError,
      summary: 'Create the Secret with both files: certificate chain and private key.',
    };
  }
  if (certificateError !== '')
    return {
      ...UNUSED,
      code: 'tls-cert-unparseable',
      detail: `cannot be used: ${certificateError}`,
      path: certificateError.includes('tls.key') ? 'data[tls.key]' : 'data[tls.crt]',
      value: certificateError,
      summary: 'Put in certificate and key as PEM; the API encodes them in base64 once, kubectl does that.',
    };
  return certificate ? pairFault(certificate) : null;
}

function pairFault({ leafFirst, keyMatches, subject, issuer }: CertificateFacts): Fault | null {
  if (!leafFirst)
    return {
      ...UNUSED,
      code: 'tls-chain-order',
      severity: 'degraded',
      detail: `holds an authority’s certificate before that of ${subject || 'the server'}`,
      path: 'data[tls.crt]',
      value: `the certificate of ${subject || 'the server'} does not stand first`,
      summary: 'Put the certificates in order: the server’s own, then the intermediates, without the root.',
    };
  if (keyMatches !== false) return null;
  return {
    ...UNUSED,
    code: 'tls-key-mismatch',
    detail: 'holds a private key that belongs to another certificate',
    path: 'data[tls.key]',
    value: `public key is not that of the certificate ${subject || 'without name'} by ${issuer || 'an unnamed issuer'}`,
    summary: 'Pair the certificate with its own key.',
  };
}

/** `kubernetes.io/tls` is asked for by all but those that look at the keys alone; only some refuse anything else. */
function typeFault({ secret, type }: Judged, refusing: boolean): Fault | null {
  if (secret.type === 'kubernetes.io/tls' || type === undefined || EASY.includes(type)) return null;
  if (STRICT.includes(type) !== refusing) return null;
  return {
    ...UNUSED,
    code: 'tls-secret-type',
    severity: refusing ? 'broken' : 'warning',
    served: !refusing,
    harm: refusing ? 'all' : 'none',
    word: refusing ? UNUSED.word : 'is of another type',
    detail: refusing
      ? `is of type ${secret.type || 'Opaque'}, which its controller refuses`
      : `is of type ${secret.type || 'Opaque'}, which its controller may refuse`,
    path: 'type',
    value: secret.type || 'Opaque',
    summary: 'Create it anew as kubernetes.io/tls: the type of a Secret cannot be changed.',
  };
}

function nameFault({ hosts, type }: Judged, facts: CertificateFacts): Fault | null {
  const names = [...facts.names, ...facts.addresses];
  const left = hosts.filter((host) => host !== '' && !certificateCovers(facts, host));
  const first = left[0];
  if (first === undefined) return null;
  const all = left.join(', ');
  if (isNameless(facts) && left.every((host) => anyCovers([facts.subject], host)))
    return {
      code: 'tls-cn-only',
      severity: 'degraded',
      served: true,
      harm: 'all',
      word: 'bad certificate',
      detail: `names ${facts.subject} in its common name only, which clients no longer look at`,
      path: 'data[tls.crt] subjectAltName',
      value: 'none',
      summary: `Have the certificate issued anew with ${all} as subject alternative name.`,
    };
  return {
    code: 'tls-san-mismatch',
    severity: 'broken',
    served: !CHOOSE_BY_NAME.includes(type),
    harm: 'all',
    word: 'certificate for another name',
    detail: `is not for ${all}: it names ${names.slice(0, 10).join(', ') || facts.subject || 'nobody'}`,
    path: 'data[tls.crt] subjectAltName',
    value: names.slice(0, 20).join(', ') || 'none',
    summary: `Have a certificate issued for ${all}; a wildcard takes exactly one label.`,
    discriminator: first,
  };
}

/** Known by the names that their makers give them. */
const FAKES = ['Kubernetes Ingress Controller Fake Certificate', 'TRAEFIK DEFAULT CERT'];

/** For names of private networks nobody else signs: there it is what everyone does. */
function trustFault({ hosts }: Judged, facts: CertificateFacts): Fault | null {
  const { subject, issuer, selfSigned, chainEnd } = facts;
  const fake = FAKES.find((name) => subject === name || issuer === name);
  const staging = issuer.includes('(STAGING)');
  if (!selfSigned && !fake && !staging) return chainEnd === 'gap' ? gap(facts) : null;
  if (hosts.length > 0 && hosts.every(isPrivateName)) return null;
  return {
    code: 'tls-self-signed',
    severity: 'warning',
    served: true,
    harm: 'some',
    word: 'bad certificate',
    detail: staging
      ? `is by the staging authority ${issuer}, which no client trusts`
      : `is ${fake ? `a placeholder (${fake})` : 'signed by itself'}: clients that were not told to trust it refuse it`,
    path: 'data[tls.crt] issuer',
    value: issuer || subject,
    summary: staging
      ? 'Change the issuer from Let’s Encrypt’s staging address to production.'
      : 'Have the certificate issued by an authority that your clients trust.',
  };
}

/** A public authority's chain must be whole; of a private one, clients may have been given the intermediate. */
function gap({ logged, missingIssuer, subject }: CertificateFacts): Fault {
  const whose = missingIssuer || 'its issuer';
  return {
    code: 'tls-chain-incomplete',
    severity: logged ? 'degraded' : 'info',
    served: true,
    harm: logged ? 'some' : 'none',
    word: 'certificate chain incomplete',
    detail: logged
      ? `lacks the certificate of ${whose}: clients that do not fetch it themselves (curl, Java, phones) refuse`
      : `lacks the certificate of ${whose}: clients need to have it already`,
    path: 'data[tls.crt]',
    value: `no certificate of ${whose} beside that of ${subject || 'the server'}`,
    summary: `Append the certificate of ${whose} to tls.crt.`,
    ...(logged ? {} : { discriminator: whose }),
  };
}

function weakFault({ weakness, notBefore }: CertificateFacts): Fault | null {
  if (weakness === '') return null;
  return {
    code: 'tls-weak-key-or-signature',
    severity: 'warning',
    served: true,
    harm: 'some',
    word: 'weak certificate',
    detail: `has a weak key or signature (${weakness}), which newer clients refuse`,
    path: 'data[tls.crt]',
    value: `${weakness}, issued ${isoTime(notBefore) ?? 'long ago'}`,
    summary: 'Have it issued anew with RSA of 2048 bits or more, or ECDSA P-256, signed with SHA-256.',
  };
}

/** Colour of the Secret itself, where it is served. */
export const HARM_STATUS: Readonly<
  Record<Fault['harm'], { readonly secret: Status; readonly rule: Status }>
> = {
  all: { secret: 'broken', rule: 'degraded' },
  some: { secret: 'warning', rule: 'warning' },
  none: { secret: 'warning', rule: 'ok' },
};
