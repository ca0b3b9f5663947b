import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { buildFixture, readFixture } from '@/lib/diagnosis/testing/fixture';
import { drain } from '@/lib/topology/slices';
import type { SnapshotDocument } from '@/lib/wire/snapshot';
import { topologyOf, topologyOfFixture } from './testing/topologies';
import { descriptionOf, verdictOf } from './verdict';

const DIAGNOSIS = join(import.meta.dirname, '../diagnosis/fixtures');
const document = JSON.parse(
  readFileSync(join(import.meta.dirname, 'fixtures/version-1.json'), 'utf8'),
) as SnapshotDocument;

test('the symptom is the title, its cause the sentence', () => {
  expect(drain(verdictOf(document.topology, null))).toEqual(document.verdict);
  expect(document.verdict.title).toBe('www.example.com/wear → 503');
});

test('who sees the link reads what, where and when', () => {
  expect(descriptionOf(document)).toBe(
    'Service wear has no port 80; it has none · prod-eu, 2026-01-01 12:00:00 UTC',
  );
  const more = { ...document, verdict: { ...document.verdict, others: ['a', 'b'] } };
  expect(descriptionOf(more)).toContain(' · and 2 other problems · ');
});

test('a healthy store has no fault found', () => {
  const topology = topologyOfFixture(readFixture(join(DIAGNOSIS, 'healthy-store.yaml')));
  expect(drain(verdictOf(topology, null))).toMatchObject({ status: 'ok', others: [] });
});

test('an endless title is cut between letters', () => {
  const [finding, ...rest] = document.topology.findings;
  if (!finding) throw new Error('the fixture has no finding');
  const topology = { ...document.topology, findings: [{ ...finding, title: '😀'.repeat(1000) }, ...rest] };
  const { title } = drain(verdictOf(topology, null));
  expect([...title]).toHaveLength(200);
  expect(title.isWellFormed()).toBe(true);
});

test('names that would turn or hide the words around them are tamed; markup stays text', () => {
  const [finding, ...rest] = document.topology.findings;
  if (!finding) throw new Error('the fixture has no finding');
  const title = '<script>\u202etxet\u0000\nsecond';
  const cluster = { ...document.topology.cluster, name: 'a\u202eb\r\nc' };
  const topology = { ...document.topology, cluster, findings: [{ ...finding, title }, ...rest] };
  const verdict = drain(verdictOf(topology, null));
  expect(verdict.title).toBe('<script>txet second');
  expect(descriptionOf({ verdict, topology })).toContain('ab c, 2026');
});

test('an empty cluster has one too', () => {
  const { graph } = buildFixture([], readFixture(join(DIAGNOSIS, 'healthy-store.yaml')).expect);
  expect(drain(verdictOf(topologyOf(graph), null)).title).not.toBe('');
});
