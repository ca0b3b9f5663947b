import 'server-only';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { CertificateFacts, Secret } from '@/lib/kube/objects';
import type { Interner } from '@/lib/kube/project/interner';
import { meta } from '@/lib/kube/project/meta';
import { cut, type Raw, record, text } from '@/lib/kube/project/raw';

const LONGEST_PEM = 65_536;
const MOST_NAMES = 500;
const LONGEST_NAME = 253;
const PEM_BEGIN = /-----BEGIN (?:TRUSTED )?CERTIFICATE-----/;
const PEM_END = /-----END (?:TRUSTED )?CERTIFICATE-----/;

/** The first certificate; without an end there is none, and nobody looks for one from every beginning. */
function firstPem(chain: string): string | null {
  const begin = chain.search(PEM_BEGIN);
  const end = begin < 0 ? null : PEM_END.exec(chain.slice(begin));
  return end && chain.slice(begin, begin + end.index + end[0].length);
}

function decoded(data: Raw, key: string): string | null {
  const value = data[key];
  if (typeof value !== 'string') return null;
  return Buffer.from(value, 'base64').toString('latin1');
}

/** The common name of a distinguished name as Node writes it (one attribute a line), else its first line. */
function commonName(distinguished: string | undefined): string {
  const lines = (distinguished ?? '').split('\n');
  const name = lines.find((line) => line.startsWith('CN='))?.slice(3) ?? lines[0] ?? '';
  return cut(name, LONGEST_NAME);
}

/** `DNS:a, IP Address:1.2.3.4` as names; a name with odd characters comes quoted as JSON. */
function alternativeNames(value: string | undefined): string[] {
  const names: string[] = [];
  for (const match of (value ?? '').matchAll(/(?:^|, )(?:DNS|IP Address):("(?:[^"\\]|\\.)*"|[^,]*)/g)) {
    const raw = match[1] ?? '';
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

/** Null: there is no key to judge. A key that OpenSSL cannot read (or only with a passphrase) serves no controller either. */
function keyMatches(certificate: X509Certificate, pem: string | null): boolean | null {
  if (pem === null) return null;
  try {
    return certificate.checkPrivateKey(createPrivateKey(pem.slice(0, LONGEST_PEM)));
  } catch {
    return false;
  }
}

interface CertificateReading {
  readonly certificate: CertificateFacts | null;
  readonly certificateError: string;
}

/** Error texts are ours, never OpenSSL's: those may quote what they read. */
function readCertificate(data: Raw): CertificateReading {
  const chain = decoded(data, 'tls.crt');
  if (chain === null) return { certificate: null, certificateError: '' };
  if (chain.trim() === '') return { certificate: null, certificateError: 'tls.crt is empty' };
  const leaf = firstPem(chain.slice(0, LONGEST_PEM));
  if (leaf === null) return { certificate: null, certificateError: 'tls.crt holds no PEM certificate' };
  try {
    const certificate = new X509Certificate(leaf);
    const facts: CertificateFacts = {
      subject: commonName(certificate.subject),
      issuer: commonName(certificate.issuer),
      names: alternativeNames(certificate.subjectAltName),
      notBefore: certificate.validFromDate.getTime(),
      notAfter: certificate.validToDate.getTime(),
      keyMatches: keyMatches(certificate, decoded(data, 'tls.key')),
    };
    return { certificate: facts, certificateError: '' };
  } catch {
    return { certificate: null, certificateError: 'the first certificate of tls.crt cannot be parsed' };
  }
}

/**
 * What may be known of a Secret: type, key names and the public facts of its certificate (the leaf, which stands first
 * in `tls.crt`). Values and the private key live in this function only. Annotations are dropped but for
 * cert-manager's and Helm's: tools put copies of values there.
 */
export function projectSecret(raw: Raw, interner: Interner): Secret | null {
  const metadata = record(raw.metadata);
  const annotations = Object.entries(record(metadata.annotations)).filter(
    ([key]) => key.startsWith('cert-manager.io/') || key.startsWith('meta.helm.sh/'),
  );
  const common = meta({ metadata: { ...metadata, annotations: Object.fromEntries(annotations) } }, interner);
  if (common === null) return null;
  const data = record(raw.data);
  return {
    ...common,
    type: interner.text(text(raw.type)),
    keys: Object.keys(data).sort(),
    ...readCertificate(data),
  };
}
