import { expect, test } from 'vitest';
import type { Finding } from '@/lib/topology/model';
import { type Mark, problemsOf } from '@/lib/topology/problems';
import { fingerprint, livingMarks, marked, readMarks, withMarks } from './marks';

const NOW = Date.UTC(2026, 0, 1, 12);
const ref = { group: '', version: 'v1', resource: 'services', kind: 'Service', namespace: 'shop', name: 'a' };
const finding: Finding = {
  id: 'one',
  code: 'service-no-endpoints',
  severity: 'broken',
  impact: 'traffic',
  state: 'open',
  settled: true,
  hop: 'endpoints',
  cause: null,
  affects: [],
  subject: ref,
  related: [],
  title: 'a → 503',
  detail: '',
  evidence: [
    { ref, path: 'spec.replicas', value: '0', at: null },
    { ref, path: 'status.restartCount', value: '4', at: null },
    { ref, path: 'since', value: '2026-01-01T11:00:00.000Z', at: null },
  ],
  fix: { summary: '', look: [], change: [], managedBy: null },
  since: null,
};
const problems = (over: Partial<Finding> = {}) => problemsOf(new Map([['one', { ...finding, ...over }]]));
const mark: Mark = {
  id: 'one',
  until: new Date(NOW + 1000).toISOString(),
  note: 'planned',
  fingerprint: fingerprint(finding),
};
const expected = (over: Partial<Finding>, now = NOW) =>
  withMarks(problems(over), [mark], now).expected.length;

test('a marked problem is expected and no problem any more, until its time is over', () => {
  const now = withMarks(problems(), [mark], NOW);
  expect([now.broken.length, now.expected.map((entry) => entry.mark.note)]).toEqual([0, ['planned']]);
  expect(withMarks(problems(), [mark], NOW + 1000).broken).toHaveLength(1);
});

test('it comes back when the evidence changes, not when only times and counts do', () => {
  const [first, second, third] = finding.evidence;
  if (!first || !second || !third) throw new Error('no evidence');
  expect(expected({ evidence: [{ ...first, value: '1' }, second, third] })).toBe(0);
  expect(expected({ severity: 'degraded' })).toBe(0);
  const restless = [{ ...second, value: '9' }, first, { ...third, value: '2026-01-02T11:00:00.000Z' }];
  expect(expected({ evidence: restless })).toBe(1);
});

test('what was stored by anybody is read without trust', () => {
  expect(readMarks(null)).toEqual([]);
  expect(readMarks('{')).toEqual([]);
  expect(readMarks('{"id":"one"}')).toEqual([]);
  expect(readMarks(JSON.stringify([mark, null, 7, { id: 'x' }, { ...mark, note: 'x'.repeat(501) }]))).toEqual(
    [mark],
  );
});

test('a second mark replaces the first, and old ones are dropped', () => {
  const again = { ...mark, note: 'y'.repeat(600) };
  expect(marked([mark], again).map(({ note }) => note.length)).toEqual([500]);
  expect(livingMarks([mark], NOW + 2000)).toEqual([]);
});
