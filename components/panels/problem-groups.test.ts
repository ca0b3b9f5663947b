import { expect, test } from 'vitest';
import type { Finding, Hop, Severity, TopologyNode } from '@/lib/topology/model';
import { problemsOf } from '@/lib/topology/problems';
import { groupsOf, narrowed } from './problem-groups';

function finding(id: string, hop: Hop, namespace: string, severity: Severity = 'broken'): Finding {
  return {
    id,
    code: id,
    severity,
    impact: 'traffic',
    state: 'open',
    settled: true,
    hop,
    cause: null,
    affects: [{ host: 'host:h', rule: `rule:${id}`, answer: null }],
    subject: { group: '', version: '', resource: '', kind: 'Service', namespace, name: id },
    related: [],
    title: id,
    detail: '',
    evidence: [],
    fix: { summary: '', look: [], change: [], managedBy: null },
    since: null,
  };
}

const list = [
  finding('a', 'pod', 'shop'),
  finding('b', 'dns', '', 'warning'),
  finding('c', 'pod', 'content', 'degraded'),
];
const problems = problemsOf(new Map(list.map((item) => [item.id, item])));
const rule: TopologyNode = {
  id: 'rule:c',
  kind: 'rule',
  name: 'c',
  namespace: 'content',
  status: 'broken',
  findings: [],
  detail: { team: 'editors' },
};
const nodes = new Map([['rule:c', rule]]);
const titles = (by: 'cause' | 'hop' | 'namespace' | 'team') =>
  groupsOf(problems.broken, by, nodes).map(({ title, problems: own }) => [title, own.map(({ id }) => id)]);

test('problems group by hop in the order of the way, by namespace and by team', () => {
  expect(titles('cause')).toEqual([['', ['a', 'c', 'b']]]);
  expect(titles('hop')).toEqual([
    ['DNS', ['b']],
    ['Pods', ['a', 'c']],
  ]);
  expect(titles('namespace')).toEqual([
    ['content', ['c']],
    ['shop', ['a']],
    ['the whole cluster', ['b']],
  ]);
  expect(titles('team')).toEqual([
    ['editors', ['c']],
    ['no team named', ['a', 'b']],
  ]);
});

test('severity and impact narrow, and empty lists ask for everything', () => {
  const broken = (severities: readonly string[], impacts: readonly string[]) =>
    narrowed(problems, severities, impacts).broken.map(({ id }) => id);
  expect(broken([], [])).toEqual(['a', 'c', 'b']);
  expect(broken(['warning', 'degraded'], [])).toEqual(['c', 'b']);
  expect(broken([], ['risk'])).toEqual([]);
});
