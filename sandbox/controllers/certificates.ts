/* Real certificates for TLS Secrets of a scenario, signed by a CA of this run. */
import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { sandboxAnnotation } from './cluster';
import type { KubeObject, Secret } from './shapes';

const DAY_MS = 86_400_000;
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const DEFAULT_DAYS = 90;

/** Signs server certificates; its own certificate is in every `tls.crt` after the leaf. */
export class CertificateAuthority {
  private constructor(
    private readonly keys: webcrypto.CryptoKeyPair,
    readonly certificate: x509.X509Certificate,
  ) {}

  static async create(now = Date.now()): Promise<CertificateAuthority> {
    x509.cryptoProvider.set(webcrypto as unknown as Crypto);
    const keys = await generateKeys();
    const certificate = await x509.X509CertificateGenerator.createSelfSigned({
      serialNumber: serial(),
      name: 'CN=Sandbox CA, O=Ingress Atlas sandbox',
      notBefore: new Date(now - 365 * DAY_MS),
      notAfter: new Date(now + 3650 * DAY_MS),
      signingAlgorithm: ALGORITHM,
      keys: keys as unknown as CryptoKeyPair,
      extensions: [
        new x509.BasicConstraintsExtension(true, 0, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      ],
    });
    return new CertificateAuthority(keys, certificate);
  }

  /** A certificate and key for these names that ends `days` from now; negative days: it has ended already. */
  async issue(
    names: readonly string[],
    days = DEFAULT_DAYS,
    now = Date.now(),
  ): Promise<{ certificate: string; key: string }> {
    const keys = await generateKeys();
    const leaf = await x509.X509CertificateGenerator.create({
      serialNumber: serial(),
      subject: `CN=${names[0] ?? 'sandbox.invalid'}`,
      issuer: this.certificate.subject,
      notBefore: new Date(now + Math.min(0, days - DEFAULT_DAYS) * DAY_MS - 3_600_000),
      notAfter: new Date(now + days * DAY_MS),
      signingAlgorithm: ALGORITHM,
      publicKey: keys.publicKey as unknown as CryptoKey,
      signingKey: this.keys.privateKey as unknown as CryptoKey,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
        new x509.SubjectAlternativeNameExtension(names.map((value) => ({ type: 'dns' as const, value }))),
      ],
    });
    const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
    const key = x509.PemConverter.encode(pkcs8, 'PRIVATE KEY');
    return { certificate: `${leaf.toString('pem')}\n${this.certificate.toString('pem')}\n`, key: `${key}\n` };
  }
}

/**
 * Fills the data of a kubernetes.io/tls Secret that asks for it: `certificate: "a.example, b.example"`,
 * optionally `certificate-days` (negative: expired).
 */
export async function fillCertificate(
  object: KubeObject,
  authority: CertificateAuthority,
): Promise<KubeObject> {
  const names = sandboxAnnotation(object, 'certificate');
  const secret = object as Secret;
  if (object.kind !== 'Secret' || names === undefined || Object.keys(secret.data ?? {}).length > 0)
    return object;
  const days = Number(sandboxAnnotation(object, 'certificate-days') ?? DEFAULT_DAYS);
  const list = names
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
  const { certificate, key } = await authority.issue(list, Number.isFinite(days) ? days : DEFAULT_DAYS);
  const encode = (text: string): string => Buffer.from(text).toString('base64');
  return {
    ...object,
    type: 'kubernetes.io/tls',
    data: { 'tls.crt': encode(certificate), 'tls.key': encode(key) },
  };
}

function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, [
    'sign',
    'verify',
  ]) as Promise<webcrypto.CryptoKeyPair>;
}

function serial(): string {
  return Buffer.from(webcrypto.getRandomValues(new Uint8Array(12)))
    .toString('hex')
    .replace(/^[89a-f]/, '1');
}
