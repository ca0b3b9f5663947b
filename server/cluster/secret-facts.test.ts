import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Secret } from '@/lib/kube/objects';
import { Interner } from '@/lib/kube/project/interner';
import { projectSecret } from './secret-facts';
import { type TestCertificate, testCertificate } from './testing/certificates';

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

describe('secret facts', () => {
  it('tell type, keys and the leaf certificate, and that the key belongs to it', () => {
    expect(read({ 'tls.crt': shop.certificate + other.certificate, 'tls.key': shop.key })).toMatchObject({
      type: 'kubernetes.io/tls',
      keys: ['tls.crt', 'tls.key'],
      certificate: {
        subject: 'shop.example',
        issuer: 'shop.example',
        names: ['shop.example', '*.shop.example', '192.0.2.7'],
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
