import 'server-only';
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import type { CertificateFacts, Secret } from '@/lib/kube/objects';
import { lastEdit } from '@/lib/kube/project/edit';
import type { Interner } from '@/lib/kube/project/interner';
import { meta } from '@/lib/kube/project/meta';
import { type Raw, record, text } from '@/lib/kube/project/raw';
import { certificateFacts, leafOf, pemCertificates } from './certificate-facts';

const LONGEST_PEM = 65_536;

function decoded(data: Raw, key: string): string | null {
  const value = data[key];
  if (typeof value !== 'string') return null;
  return Buffer.from(value, 'base64').toString('latin1');
}

/** Base64 of `-----BEGIN` starts like this: the value was encoded once more than the API does it. */
function isTwice(value: string): boolean {
  return value.trimStart().startsWith('LS0t');
}

interface KeyReading {
  readonly key: KeyObject | null;
  readonly error: string;
}

/** A key that OpenSSL cannot read (or only with a passphrase) serves no controller either. Null: there is none to judge. */
function readKey(pem: string | null): KeyReading | null {
  if (pem === null) return null;
  if (pem.trim() === '') return { key: null, error: 'tls.key is empty' };
  if (isTwice(pem)) return { key: null, error: 'tls.key is encoded in base64 twice' };
  try {
    return { key: createPrivateKey(pem.slice(0, LONGEST_PEM)), error: '' };
  } catch {
    return { key: null, error: 'tls.key cannot be read as a private key (damaged, or with a passphrase)' };
  }
}

interface CertificateReading {
  readonly certificate: CertificateFacts | null;
  readonly certificateError: string;
}

function without(certificateError: string): CertificateReading {
  return { certificate: null, certificateError };
}

function parsed(pem: string): X509Certificate | null {
  try {
    return new X509Certificate(pem);
  } catch {
    return null;
  }
}

/** Error texts are ours, never OpenSSL's: those may quote what they read. */
function readCertificate(data: Raw): CertificateReading {
  const chain = decoded(data, 'tls.crt');
  if (chain === null) return without('');
  if (chain.trim() === '') return without('tls.crt is empty');
  if (isTwice(chain)) return without('tls.crt is encoded in base64 twice');
  const pems = pemCertificates(chain.slice(0, LONGEST_PEM));
  if (pems.length === 0) return without('tls.crt holds no PEM certificate');
  const certificates = pems.map(parsed);
  if (certificates[0] === null) return without('the first certificate of tls.crt cannot be parsed');
  const whole = certificates.filter((certificate) => certificate !== null);
  if (whole.length < certificates.length)
    return without('a certificate of tls.crt after the first cannot be parsed');
  try {
    const key = readKey(decoded(data, 'tls.key'));
    const leaf = leafOf(whole);
    if (!leaf) return without('tls.crt holds no PEM certificate');
    const matches = key && (key.key ? leaf.certificate.checkPrivateKey(key.key) : false);
    return {
      certificate: certificateFacts(leaf, whole, matches),
      certificateError: key?.error ?? '',
    };
  } catch {
    return without('the first certificate of tls.crt cannot be parsed');
  }
}

/** Annotations that name their tool and an object, never a value: cert-manager's, Helm's, and of copying tools. */
const KEPT = [
  'cert-manager.io/',
  'meta.helm.sh/',
  'reflector.v1.k8s.emberstack.com/',
  'replicator.v1.mittwald.de/',
  'kubed.appscode.com/',
];

/**
 * What may be known of a Secret: type, key names and the public facts of its certificate (the leaf, which stands first
 * in `tls.crt`) and of its chain. Values and the private key live in this function only. Annotations are dropped but for
 * those of a few tools that say where the Secret comes from: others put copies of values there.
 */
export function projectSecret(raw: Raw, interner: Interner): Secret | null {
  const metadata = record(raw.metadata);
  const annotations = Object.entries(record(metadata.annotations)).filter(([key]) =>
    KEPT.some((prefix) => key.startsWith(prefix)),
  );
  const common = meta({ metadata: { ...metadata, annotations: Object.fromEntries(annotations) } }, interner);
  if (common === null) return null;
  const data = record(raw.data);
  return {
    ...common,
    type: interner.text(text(raw.type)),
    keys: Object.keys(data).sort(),
    ...readCertificate(data),
    edited: lastEdit(raw, interner),
  };
}
