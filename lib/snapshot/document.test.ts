import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { DOCUMENT_SCHEMA } from '@/lib/wire/snapshot';
import { fileNameOf, parseDocument, readDocument } from './document';

const FIXTURES = join(import.meta.dirname, 'fixtures');
const first = readFileSync(join(FIXTURES, 'version-1.json'), 'utf8');
const changed = (fields: object) => JSON.stringify({ ...JSON.parse(first), ...fields });

describe('a document', () => {
  test('there is a fixture of every version, none of which may ever change', () => {
    const versions = Array.from({ length: DOCUMENT_SCHEMA }, (_, index) => `version-${index + 1}.json`);
    expect(readdirSync(FIXTURES).sort()).toEqual(versions.sort());
  });

  test('of version 1 is read whole', () => {
    const read = parseDocument(first);
    expect(read).toEqual({ ok: true, document: JSON.parse(first) });
  });

  test('with fields that are not known is read without them', () => {
    const read = parseDocument(changed({ mood: 'good' }));
    expect(read).toEqual({ ok: true, document: JSON.parse(first) });
  });

  test('of a newer version is refused, and says which', () => {
    const read = parseDocument(changed({ schema: 7 }));
    expect(read).toMatchObject({ ok: false, problem: 'newer' });
    expect(read.ok || read.detail).toBe(
      `it was written by a newer version of Ingress Atlas (schema 7; this one reads up to ${DOCUMENT_SCHEMA})`,
    );
  });

  test.each([
    ['cut off', first.slice(0, first.length / 2), 'damaged', 'cut off'],
    ['empty', '', 'no-snapshot', 'no JSON'],
    ['a picture', '\u0089PNG', 'no-snapshot', 'no JSON'],
    ['some other JSON', '{"kind":"List"}', 'no-snapshot', 'no snapshot of Ingress Atlas'],
    ['a number', '7', 'no-snapshot', 'no snapshot of Ingress Atlas'],
    ['null', 'null', 'no-snapshot', 'no snapshot of Ingress Atlas'],
    ['of version 0', changed({ schema: 0 }), 'no-snapshot', 'schema version'],
    ['of a version in words', changed({ schema: 'one' }), 'no-snapshot', 'schema version'],
    ['without its topology', changed({ topology: undefined }), 'damaged', 'topology'],
    [
      'with a node that is none',
      changed({ topology: { ...JSON.parse(first).topology, nodes: [7] } }),
      'damaged',
      'topology.nodes.0',
    ],
  ])('%s is refused', (_, text, problem, words) => {
    const read = parseDocument(text);
    expect(read).toMatchObject({ ok: false, problem });
    expect(read.ok || read.detail).toContain(words);
    expect(read.ok || read.detail).not.toContain('\n');
  });

  test('too large is refused before it is read', () => {
    expect(parseDocument(`"${'x'.repeat(16_000_001)}"`)).toMatchObject({ ok: false, problem: 'no-snapshot' });
  });

  test('is not changed by being read', () => {
    const value = JSON.parse(first);
    readDocument(value);
    expect(value).toEqual(JSON.parse(first));
  });

  test.each([
    ['prod-eu', 'ingress-atlas-prod-eu-20260101T120000.json'],
    ['../../etc/passwd"\r\nSet-Cookie: x', 'ingress-atlas-etc-passwd-Set-Cookie-x-20260101T120000.json'],
    ['\u202e\u0000', 'ingress-atlas-20260101T120000.json'],
  ])('of cluster %j has a harmless file name', (name, file) => {
    const { topology } = JSON.parse(first);
    const named = { ...topology, cluster: { ...topology.cluster, name } };
    expect(fileNameOf({ topology: named, takenAt: '2026-01-01T12:00:00.000Z' }, 'json')).toBe(file);
  });
});
