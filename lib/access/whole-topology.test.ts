import { expect, test } from 'vitest';
import type { Finding, TopologyEdge, TopologyNode } from '@/lib/topology/model';
import { drain } from '@/lib/topology/slices';
import { isWhollySeen } from './whole-topology';
import { wordsOf } from './words';

const eyes = {
  namespaces: new Set(['mine']),
  isClean: (text: string) => ![...wordsOf(text)].includes('payroll'),
};
const node = (id: string, fields: Partial<TopologyNode> = {}): TopologyNode => ({
  id,
  kind: 'service',
  name: 'x',
  namespace: '',
  status: 'ok',
  findings: [],
  detail: {},
  ...fields,
});
const seen = (
  nodes: readonly TopologyNode[],
  edges: readonly TopologyEdge[] = [],
  findings: readonly Finding[] = [],
) => drain(isWhollySeen({ nodes, edges, findings }, eyes));

test.each<[string, boolean, TopologyNode]>([
  ['one’s own', true, node('service:mine/x', { namespace: 'mine' })],
  ['of others', false, node('service:theirs/x', { namespace: 'theirs' })],
  ['of others, by its id alone', false, node('service:theirs/x')],
  ['of nobody', true, node('address:192.0.2.1', { kind: 'address' })],
  ['a host of one’s own', true, node('host:x', { kind: 'host', detail: { namespaces: ['mine'] } })],
  [
    'a host that others name too',
    false,
    node('host:x', { kind: 'host', detail: { namespaces: ['mine', 'theirs'] } }),
  ],
  [
    'that names others',
    false,
    node('service:mine/x', { namespace: 'mine', detail: { note: 'see payroll' } }),
  ],
  ['a group of one’s own', true, node('group:pods/mine/x', { kind: 'group', namespace: 'mine' })],
  ['a group of several namespaces', false, node('group:hosts/*/*', { kind: 'group' })],
])('a node %s', (_, expected, item) => {
  expect(seen([item])).toBe(expected);
});

test('an edge to something of others, and a finding that harms it', () => {
  const edge = {
    id: 'e',
    source: 'host:x',
    target: 'service:theirs/x',
    kind: 'routes',
    status: 'ok',
    basis: 'declared',
    label: '',
    findings: [],
  } as const;
  expect(seen([], [edge])).toBe(false);
  const subject = {
    group: '',
    version: 'v1',
    resource: 'services',
    kind: 'Service',
    namespace: 'mine',
    name: 'x',
  };
  const finding: Finding = {
    id: 'code:Service/mine/x',
    code: 'code',
    severity: 'broken',
    impact: 'traffic',
    state: 'open',
    settled: true,
    hop: 'service',
    cause: null,
    affects: [],
    subject,
    related: [],
    title: '',
    detail: '',
    evidence: [],
    fix: { summary: '', look: [], change: [], managedBy: null },
    since: null,
  };
  expect(seen([], [], [finding])).toBe(true);
  expect(
    seen([], [], [{ ...finding, affects: [{ host: 'host:x', rule: 'service:theirs/x', answer: null }] }]),
  ).toBe(false);
  expect(seen([], [], [{ ...finding, related: [{ ...subject, namespace: 'theirs' }] }])).toBe(false);
});
