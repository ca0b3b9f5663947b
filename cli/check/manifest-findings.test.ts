import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { parseSources } from '@/sandbox/load/documents';
import { keyFiles, keysInText, oldApis } from './manifest-findings';
import { readOptions, UsageError } from './options';

const PEM = '-----BEGIN PRIVATE KEY-----\nCANARY\n-----END PRIVATE KEY-----';
const secret = (value: string) =>
  `apiVersion: v1\nkind: Secret\ndata:\n  tls.crt: abc\n  tls.key: ${value}\n`;
const lines = (text: string, name = 'a.yaml') => keysInText({ name, text }).map(({ place }) => place?.line);

describe('private keys in manifests', () => {
  it('are found by their line, in data and as PEM, and never quoted', () => {
    expect(lines(secret('Q0FOQVJZ'))).toEqual([5]);
    const block = `stringData:\n  tls.key: |\n    ${PEM.replaceAll('\n', '\n    ')}\n`;
    const found = keysInText({ name: 'a.yaml', text: block });
    expect(found.map(({ place }) => place)).toEqual([{ file: 'a.yaml', line: 3 }]);
    expect(JSON.stringify(found)).not.toContain('CANARY');
  });

  it.each([
    ['an empty value', secret('""')],
    ['a placeholder', secret('{{ .Values.key }}')],
    ['SOPS', `${secret('ENC[AES256_GCM,data:x]')}sops:\n  kms: []\n`],
    ['a SealedSecret', `kind: SealedSecret\nspec:\n  encryptedData:\n    tls.key: AgBy\n`],
    ['ansible-vault', `$ANSIBLE_VAULT;1.1;AES256\n${PEM}`],
    ['a certificate', '-----BEGIN CERTIFICATE-----\nabc'],
    ['a public key', '-----BEGIN PUBLIC KEY-----\nabc'],
  ])('are not %s', (_, text) => {
    expect(lines(text)).toEqual([]);
  });

  it('are a hint below folders of examples', () => {
    const of = (name: string) => keysInText({ name, text: secret('eA==') })[0]?.finding.severity;
    expect([of('deploy/a.yaml'), of('docs/examples/a.yaml'), of('testdata/a.yaml')]).toEqual([
      'broken',
      'info',
      'info',
    ]);
  });
});

describe('key files', () => {
  let folder = '';
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('are found in the folders named, by what they hold', () => {
    folder = mkdtempSync(join(tmpdir(), 'check-'));
    mkdirSync(join(folder, 'sub'));
    for (const [name, text] of [
      ['sub/server.key', PEM],
      ['public.pem', '-----BEGIN CERTIFICATE-----'],
      ['store.pfx', 'x'],
      ['empty.key', ''],
      ['readme.md', PEM],
    ] as const)
      writeFileSync(join(folder, name), text);
    expect(keyFiles([folder, '-']).map(({ place }) => place?.file)).toEqual([
      join(folder, 'store.pfx'),
      join(folder, 'sub/server.key'),
    ]);
  });
});

describe('old API versions', () => {
  it('are told with their place', () => {
    const text = [
      'apiVersion: networking.k8s.io/v1beta1',
      'kind: Ingress',
      'metadata: { name: old }',
      '---',
      'apiVersion: networking.k8s.io/v1',
      'kind: Ingress',
      'metadata: { name: new }',
    ].join('\n');
    const found = oldApis(parseSources([{ name: 'a.yaml', text }]));
    expect(found.map(({ finding, place }) => [finding.id, place])).toEqual([
      ['ingress-api-deprecated:Ingress.networking.k8s.io/default/old', { file: 'a.yaml', line: 1 }],
    ]);
  });
});

describe('the command line', () => {
  it('says what is wrong and what is allowed', () => {
    expect(() => readOptions(['--format', 'xml'])).toThrow(/allowed are human, json, sarif, junit/);
    expect(() => readOptions(['--fail-on', 'sometimes'])).toThrow(/broken, degraded, warning, info, never/);
    expect(() => readOptions(['--dump'])).toThrow(/name the files/);
    expect(() => readOptions(['a', '--context', 'x'])).toThrow(/live cluster/);
    expect(() => readOptions(['--what'])).toThrow(UsageError);
    expect(readOptions(['--help'])).toBeNull();
  });
});
