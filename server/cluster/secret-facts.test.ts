import { X509Certificate } from 'node:crypto';
import { rootCertificates } from 'node:tls';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Secret } from '@/lib/kube/objects';
import { Interner } from '@/lib/kube/project/interner';
import { projectSecret } from './secret-facts';
import { type TestCertificate, type TestChain, testCertificate, testChain } from './testing/certificates';

const CANARY = 'CANARY-5up3r-s3cret';
const base64 = (value: string): string => Buffer.from(value).toString('base64');
const read = (data: Record<string, string>, extra: object = {}): Secret => {
  const encoded = Object.fromEntries(Object.entries(data).map(([key, value]) => [key, base64(value)]));
  const secret = projectSecret(
    { metadata: { name: 't', namespace: 'shop' }, type: 'kubernetes.io/tls', data: encoded, ...extra },
    new Interner(),
  );
  if (secret === null) throw new Error('no secret');
  return secret;
};

let shop: TestCertificate;
let other: TestCertificate;
beforeAll(async () => {
  shop = await testCertificate('shop.example', ['shop.example', '*.shop.example', '192.0.2.7']);
  other = await testCertificate('other.example', ['other.example']);
});

describe('facts of a chain', () => {
  let chain: TestChain;
  const facts = (crt: string, key = chain.key) => read({ 'tls.crt': crt, 'tls.key': key }).certificate;
  beforeAll(async () => {
    chain = await testChain({ name: 'www.example', names: ['www.example'] });
  });

  it('tell the way to a root that the Secret brings itself', () => {
    const link = {
      subject: 'Test Intermediate',
      isCa: true,
      notBefore: Date.UTC(2026, 0, 1),
      notAfter: Date.UTC(2027, 0, 1),
    };
    expect(facts(chain.leaf + chain.intermediate + chain.root)).toMatchObject({
      subject: 'www.example',
      issuer: 'Test Intermediate',
      keyMatches: true,
      selfSigned: false,
      leafFirst: true,
      chain: [link],
      chainEnd: 'own-root',
      missingIssuer: '',
    });
    expect(facts(chain.leaf + chain.root + chain.intermediate)?.chain).toEqual([link]);
  });

  it('tell whose certificate is missing', () => {
    expect(facts(chain.leaf)).toMatchObject({
      chain: [],
      chainEnd: 'gap',
      missingIssuer: 'Test Intermediate',
    });
    expect(facts(chain.leaf + chain.intermediate)).toMatchObject({
      chainEnd: 'gap',
      missingIssuer: 'Test Root',
    });
  });

  it('tell of the leaf where an authority stands before it', () => {
    expect(facts(chain.intermediate + chain.leaf + chain.root)).toMatchObject({
      subject: 'www.example',
      leafFirst: false,
      keyMatches: true,
    });
  });

  it('know the roots that everybody has', () => {
    const root = rootCertificates.find((pem) => new X509Certificate(pem).subject.includes('ISRG Root X1'));
    expect(facts(root ?? '')).toMatchObject({ subject: 'ISRG Root X1', chainEnd: 'public-root' });
  });

  it('tell names apart from the common name, and weak keys and signatures', async () => {
    const nameless = await testChain({ name: 'old.example', names: [] });
    expect(facts(nameless.leaf, nameless.key)).toMatchObject({ subject: 'old.example', names: [] });
    const weak = await testChain({ name: 'a', names: ['a'], rsa: { bits: 1024, hash: 'SHA-256' } });
    expect(facts(weak.leaf, weak.key)?.weakness).toBe('RSA 1024');
    const sha1 = await testChain({ name: 'a', names: ['a'], rsa: { bits: 2048, hash: 'SHA-1' } });
    expect(facts(sha1.leaf, sha1.key)?.weakness).toBe('SHA-1 signature');
  });

  it('refuse a chain with a damaged certificate in it', () => {
    const damaged = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
    expect(read({ 'tls.crt': chain.leaf + damaged }).certificateError).toBe(
      'a certificate of tls.crt after the first cannot be parsed',
    );
  });
});

describe('secret facts', () => {
  it('tell type, keys and the leaf certificate, and that the key belongs to it', () => {
    expect(read({ 'tls.crt': shop.certificate + other.certificate, 'tls.key': shop.key })).toMatchObject({
      type: 'kubernetes.io/tls',
      keys: ['tls.crt', 'tls.key'],
      certificate: {
        subject: 'shop.example',
        issuer: 'shop.example',
        names: ['shop.example', '*.shop.example'],
        addresses: ['192.0.2.7'],
        selfSigned: true,
        leafFirst: true,
        chain: [],
        chainEnd: 'own-root',
        logged: false,
        weakness: '',
        notBefore: Date.UTC(2026, 0, 1),
        notAfter: Date.UTC(2027, 0, 1),
        keyMatches: true,
      },
      certificateError: '',
    });
  });

  it('tell a key of another certificate, a broken key, and no key', () => {
    expect(read({ 'tls.crt': shop.certificate, 'tls.key': other.key }).certificate?.keyMatches).toBe(false);
    expect(read({ 'tls.crt': shop.certificate, 'tls.key': 'nonsense' }).certificate?.keyMatches).toBe(false);
    expect(read({ 'tls.crt': shop.certificate }).certificate?.keyMatches).toBeNull();
  });

  it.each([
    ['nothing', '', 'tls.crt is empty'],
    ['no PEM', CANARY, 'tls.crt holds no PEM certificate'],
    [
      'a damaged certificate',
      `-----BEGIN CERTIFICATE-----\n${CANARY}\n-----END CERTIFICATE-----`,
      'the first certificate of tls.crt cannot be parsed',
    ],
  ])('say why %s is no certificate, without quoting it', (_, content, reason) => {
    const secret = read({ 'tls.crt': content, 'tls.key': shop.key });
    expect(secret).toMatchObject({ certificate: null, certificateError: reason });
    expect(JSON.stringify(secret)).not.toContain(CANARY);
  });

  it('say which of the two is encoded twice, empty or damaged', () => {
    const key = (pem: string) => read({ 'tls.crt': shop.certificate, 'tls.key': pem }).certificateError;
    expect(read({ 'tls.crt': base64(shop.certificate), 'tls.key': shop.key }).certificateError).toBe(
      'tls.crt is encoded in base64 twice',
    );
    expect(key(base64(shop.key))).toBe('tls.key is encoded in base64 twice');
    expect(key('')).toBe('tls.key is empty');
    expect(key(CANARY)).toBe('tls.key cannot be read as a private key (damaged, or with a passphrase)');
    expect(key(shop.key)).toBe('');
  });

  it('hold no value of any key, no annotation that may copy one, no managed field', () => {
    const secret = read(
      { 'tls.crt': shop.certificate, 'tls.key': shop.key, password: CANARY, '.dockerconfigjson': CANARY },
      {
        stringData: { x: CANARY },
        metadata: {
          name: 't',
          namespace: 'shop',
          annotations: {
            'kubectl.kubernetes.io/last-applied-configuration': CANARY,
            'some.tool/value': CANARY,
            'cert-manager.io/issuer-name': 'ca',
          },
          managedFields: [{ manager: CANARY }],
        },
      },
    );
    const json = JSON.stringify(secret);
    for (const forbidden of [CANARY, base64(CANARY), 'PRIVATE KEY', 'BEGIN CERTIFICATE'])
      expect(json).not.toContain(forbidden);
    for (const line of shop.key.split('\n').filter((part) => part.length > 40))
      expect(json).not.toContain(line.slice(0, 40));
    expect(secret.annotations).toEqual({ 'cert-manager.io/issuer-name': 'ca' });
    expect(secret.keys).toEqual(['.dockerconfigjson', 'password', 'tls.crt', 'tls.key']);
  });

  it('never throw and never tell a value, whatever the data', () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.constantFrom('tls.crt', 'tls.key', 'ca.crt', 'x'),
          fc.oneof(
            fc.anything(),
            fc.string().map((text) => base64(CANARY + text)),
          ),
        ),
        (data) => {
          const secret = projectSecret({ metadata: { name: 't' }, data }, new Interner());
          expect(secret?.name).toBe('t');
          expect(JSON.stringify(secret)).not.toContain(CANARY);
        },
      ),
      { numRuns: 500, seed: 20261123 },
    );
  });
});
