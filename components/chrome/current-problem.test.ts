import { expect, test } from 'vitest';
import type { Finding, TopologyNode } from '@/lib/topology/model';
import { problemsOf } from '@/lib/topology/problems';
import { currentProblem } from './current-problem';

const node = (id: string, kind: TopologyNode['kind']): TopologyNode => ({
  id,
  kind,
  name: id,
  namespace: 'shop',
  status: 'broken',
  findings: [],
  detail: {},
});
const finding = (id: string, rules: readonly string[]): Finding => ({
  id,
  code: 'service-missing',
  severity: 'broken',
  impact: 'traffic',
  state: 'open',
  settled: true,
  hop: 'service',
  cause: null,
  affects: rules.map((rule) => ({ host: `host:${rule}`, rule: `rule:${rule}`, answer: 503 })),
  subject: { group: '', version: 'v1', resource: 'services', kind: 'Service', namespace: 'shop', name: id },
  related: [],
  title: id,
  detail: '',
  evidence: [],
  fix: { summary: '', look: [], change: [], managedBy: null },
  since: null,
});

const findings = new Map([finding('one', ['a']), finding('two', ['b', 'c'])].map((item) => [item.id, item]));
const nodes = new Map(
  [
    node('rule:a', 'rule'),
    node('rule:b', 'rule'),
    node('rule:c', 'rule'),
    node('host:c', 'host'),
    node('host:d', 'host'),
  ].map((item) => [item.id, item]),
);
const { broken } = problemsOf(findings);
const at = (focus: string | null) => currentProblem(broken, { focus, select: null }, nodes)?.id ?? null;

test('a link to a rule or host leads to the problem that harms it', () => {
  expect(at('rule:a')).toBe('one');
  expect(at('host:c')).toBe('two');
});

test('a link that only selects leads there too', () => {
  expect(currentProblem(broken, { focus: null, select: 'rule:a' }, nodes)?.id).toBe('one');
});

test('a link to something well leads to no problem', () => {
  expect(at('host:d')).toBeNull();
  expect(at(null)).toBeNull();
});
