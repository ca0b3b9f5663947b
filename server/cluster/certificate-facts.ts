import 'server-only';
import { X509Certificate } from 'node:crypto';
import { rootCertificates } from 'node:tls';
import type { CertificateFacts, ChainLink } from '@/lib/kube/objects';
import { cut, text } from '@/lib/kube/project/raw';

const MOST_NAMES = 500;
const LONGEST_NAME = 253;
/** More certificates than any chain has: what comes after them is not looked at. */
const MOST_CERTIFICATES = 10;
const PEM_BEGIN = /-----BEGIN (?:TRUSTED )?CERTIFICATE-----/;
const PEM_END = /-----END (?:TRUSTED )?CERTIFICATE-----/;

/** The PEM certificates of a text; without an end there is none, and nobody looks for one from every beginning. */
export function pemCertificates(chain: string): readonly string[] {
  const found: string[] = [];
  for (let rest = chain; found.length < MOST_CERTIFICATES; ) {
    const begin = rest.search(PEM_BEGIN);
    const end = begin < 0 ? null : PEM_END.exec(rest.slice(begin));
    if (!end) break;
    const until = begin + end.index + end[0].length;
    found.push(rest.slice(begin, until));
    rest = rest.slice(until);
  }
  return found;
}

/** The common name of a distinguished name as Node writes it (one attribute a line), else its first line. */
function commonName(distinguished: string | undefined): string {
  const lines = (distinguished ?? '').split('\n');
  const name = lines.find((line) => line.startsWith('CN='))?.slice(3) ?? lines[0] ?? '';
  return cut(name, LONGEST_NAME);
}

/** `DNS:a, IP Address:1.2.3.4` as names of one type; a name with odd characters comes quoted as JSON. */
function alternativeNames(value: string | undefined, type: 'DNS' | 'IP Address'): string[] {
  const names: string[] = [];
  for (const match of (value ?? '').matchAll(
    /(?:^|, )(DNS|IP Address|[A-Za-z ]+):("(?:[^"\\]|\\.)*"|[^,]*)/g,
  )) {
    const raw = match[2] ?? '';
    if (match[1] !== type) continue;
    names.push(cut(raw.startsWith('"') ? unquoted(raw) : raw, LONGEST_NAME));
    if (names.length === MOST_NAMES) break;
  }
  return names;
}

function unquoted(value: string): string {
  try {
    return text(JSON.parse(value));
  } catch {
    return value;
  }
}

let publicRoots: ReadonlySet<string> | null = null;

/** Subjects of the roots that Node brings (Mozilla's list), which clients have too. */
function isPublicRoot(distinguished: string): boolean {
  publicRoots ??= new Set(rootCertificates.map((pem) => new X509Certificate(pem).subject));
  return publicRoots.has(distinguished);
}

function isSelfSigned(certificate: X509Certificate): boolean {
  return certificate.subject === certificate.issuer && certificate.checkIssued(certificate);
}

/** The end of a certificate's DER element that starts at `at`, and where its content begins (X.690 8.1). */
function element(der: Buffer, at: number): { readonly content: number; readonly end: number } {
  const first = der[at + 1] ?? 0;
  if (first < 0x80) return { content: at + 2, end: at + 2 + first };
  const bytes = first & 0x7f;
  const content = at + 2 + bytes;
  return { content, end: content + der.readUIntBE(at + 2, Math.min(bytes, 6)) };
}

/** Hex of the object identifiers of signatures that clients refuse (RFC 3279, RFC 5758). */
const WEAK_SIGNATURES: Readonly<Record<string, string>> = {
  '2a864886f70d010102': 'MD2 signature',
  '2a864886f70d010104': 'MD5 signature',
  '2a864886f70d010105': 'SHA-1 signature',
  '2a8648ce380403': 'SHA-1 signature',
  '2a8648ce3d0401': 'SHA-1 signature',
};

/** The identifier of `Certificate.signatureAlgorithm` (RFC 5280 4.1), which stands after the signed part. */
function weakSignature({ raw }: X509Certificate): string {
  const signed = element(raw, element(raw, 0).content);
  const identifier = element(raw, element(raw, signed.end).content);
  return WEAK_SIGNATURES[raw.subarray(identifier.content, identifier.end).toString('hex')] ?? '';
}

/** RSA below 2048 bits, elliptic curves below 224 (CHECKS `tls-weak-key-or-signature`). */
function weakKey({ publicKey }: X509Certificate): string {
  const { modulusLength = 0, namedCurve = '' } = publicKey.asymmetricKeyDetails ?? {};
  const type = publicKey.asymmetricKeyType ?? '';
  if (type.startsWith('rsa') && modulusLength < 2048) return `RSA ${modulusLength}`;
  const bits = Number(/\d{3}/.exec(namedCurve)?.[0] ?? 256);
  return type === 'ec' && bits < 224 ? `elliptic curve of ${bits} bits` : '';
}

/** The OID of embedded Signed Certificate Timestamps, 1.3.6.1.4.1.11129.2.4.2 (RFC 6962 3.3). */
const TIMESTAMPS = Buffer.from('060a2b06010401d679020402', 'hex');

type Way = Pick<CertificateFacts, 'chain' | 'chainEnd' | 'missingIssuer'>;

/** Walks from the leaf to a root through what the Secret brings; trust in that root is the client's business. */
function wayToRoot(leaf: X509Certificate, others: readonly X509Certificate[]): Way {
  const chain: ChainLink[] = [];
  let current = leaf;
  while (chain.length < MOST_CERTIFICATES) {
    if (isPublicRoot(current.issuer)) return { chain, chainEnd: 'public-root', missingIssuer: '' };
    if (isSelfSigned(current)) return { chain, chainEnd: 'own-root', missingIssuer: '' };
    const issuer = others.find((other) => other !== current && current.checkIssued(other));
    if (!issuer) break;
    if (isSelfSigned(issuer)) return { chain, chainEnd: 'own-root', missingIssuer: '' };
    chain.push({
      subject: commonName(issuer.subject),
      notBefore: issuer.validFromDate.getTime(),
      notAfter: issuer.validToDate.getTime(),
      isCa: issuer.ca,
    });
    current = issuer;
  }
  return { chain, chainEnd: 'gap', missingIssuer: commonName(current.issuer) };
}

export interface Leaf {
  readonly certificate: X509Certificate;
  readonly first: boolean;
}

/** The certificate that is meant to be served: the first that is no authority's, where an authority's stands before it. */
export function leafOf(certificates: readonly X509Certificate[]): Leaf | null {
  const [first, ...others] = certificates;
  if (!first) return null;
  const meant = first.ca ? others.find((other) => !other.ca) : undefined;
  return meant ? { certificate: meant, first: false } : { certificate: first, first: true };
}

/** The public facts of a chain whose leaf is known. */
export function certificateFacts(
  { certificate: leaf, first }: Leaf,
  certificates: readonly X509Certificate[],
  keyMatches: boolean | null,
): CertificateFacts {
  const way = wayToRoot(
    leaf,
    certificates.filter((other) => other !== leaf),
  );
  return {
    subject: commonName(leaf.subject),
    issuer: commonName(leaf.issuer),
    names: alternativeNames(leaf.subjectAltName, 'DNS'),
    addresses: alternativeNames(leaf.subjectAltName, 'IP Address'),
    notBefore: leaf.validFromDate.getTime(),
    notAfter: leaf.validToDate.getTime(),
    keyMatches,
    selfSigned: isSelfSigned(leaf),
    leafFirst: first,
    ...way,
    logged: leaf.raw.includes(TIMESTAMPS),
    // A self-signed certificate's own signature convinces nobody either way.
    weakness: weakKey(leaf) || (isSelfSigned(leaf) ? '' : weakSignature(leaf)),
  };
}
