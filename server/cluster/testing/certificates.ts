import 'server-only';
import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import {
  BasicConstraintsExtension,
  cryptoProvider,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';

export interface TestCertificate {
  readonly certificate: string;
  readonly key: string;
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/** A self-signed certificate, PEM. */
export async function testCertificate(
  name: string,
  names: readonly string[],
  notAfter = new Date('2027-01-01T00:00:00Z'),
): Promise<TestCertificate> {
  cryptoProvider.set(webcrypto as unknown as Crypto);
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}, O=Test`,
    // Node's types and the browser's name the same objects differently.
    keys: keys as unknown as CryptoKeyPair,
    signingAlgorithm: ALGORITHM,
    notBefore: new Date('2026-01-01T00:00:00Z'),
    notAfter,
    extensions: [
      new SubjectAlternativeNameExtension(
        names.map((value) => ({ type: /^[\d.]+$/.test(value) ? ('ip' as const) : ('dns' as const), value })),
      ),
    ],
  });
  const key = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  return {
    certificate: certificate.toString('pem'),
    key: `-----BEGIN PRIVATE KEY-----\n${key}\n-----END PRIVATE KEY-----\n`,
  };
}

/** What a test wants a chain to be like. */
export interface ChainWish {
  readonly name: string;
  readonly names: readonly string[];
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  /** RSA of so many bits instead of P-256, signed with this hash. */
  readonly rsa?: { readonly bits: number; readonly hash: string };
}

/** PEM of a leaf, of the intermediate that signs it and of the root above, with the leaf's key. */
export interface TestChain {
  readonly leaf: string;
  readonly intermediate: string;
  readonly root: string;
  readonly key: string;
}

/** A leaf signed by an intermediate of a private root. */
export async function testChain(wish: ChainWish): Promise<TestChain> {
  cryptoProvider.set(webcrypto as unknown as Crypto);
  const { rsa } = wish;
  const algorithm = rsa
    ? {
        name: 'RSASSA-PKCS1-v1_5',
        hash: rsa.hash,
        modulusLength: rsa.bits,
        publicExponent: new Uint8Array([1, 0, 1]),
      }
    : ALGORITHM;
  const make = async () =>
    (await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as unknown as CryptoKeyPair;
  const [root, intermediate, leaf] = [await make(), await make(), await make()];
  const dates = {
    notBefore: wish.notBefore ?? new Date('2026-01-01T00:00:00Z'),
    notAfter: wish.notAfter ?? new Date('2027-01-01T00:00:00Z'),
    signingAlgorithm: algorithm,
  };
  const sign = (subject: string, issuer: string, publicKey: CryptoKey, by: CryptoKey, isCa: boolean) =>
    X509CertificateGenerator.create({
      ...dates,
      subject,
      issuer,
      publicKey,
      signingKey: by,
      extensions: [
        new BasicConstraintsExtension(isCa, undefined, true),
        ...(isCa || wish.names.length === 0
          ? []
          : [
              new SubjectAlternativeNameExtension(
                wish.names.map((value) => ({ type: 'dns' as const, value })),
              ),
            ]),
      ],
    });
  const certificates = await Promise.all([
    sign(`CN=${wish.name}`, 'CN=Test Intermediate', leaf.publicKey, intermediate.privateKey, false),
    sign('CN=Test Intermediate', 'CN=Test Root', intermediate.publicKey, root.privateKey, true),
    sign('CN=Test Root', 'CN=Test Root', root.publicKey, root.privateKey, true),
  ]);
  const [first, second, third] = certificates.map((certificate) => `${certificate.toString('pem')}\n`);
  const key = Buffer.from(
    await webcrypto.subtle.exportKey('pkcs8', leaf.privateKey as unknown as webcrypto.CryptoKey),
  ).toString('base64');
  return {
    leaf: first ?? '',
    intermediate: second ?? '',
    root: third ?? '',
    key: `-----BEGIN PRIVATE KEY-----\n${key}\n-----END PRIVATE KEY-----\n`,
  };
}
