import { expect, test } from 'vitest';
import type { Ref } from '@/lib/kube/refs';
import type { Finding } from '@/lib/topology/model';
import { findingIdOf, maskedFinding, sightOf } from './masked-finding';
import { wordsOf } from './words';

const ref = (namespace: string, name: string, kind = 'Service'): Ref => ({
  group: '',
  version: 'v1',
  resource: 'services',
  kind,
  namespace,
  name,
});
const OWN = { host: 'host:x', rule: 'rule:Ingress.networking.k8s.io/mine/web/x/Prefix/%2F', answer: 503 };
const THEIRS = {
  host: 'host:x',
  rule: 'rule:Ingress.networking.k8s.io/theirs/web/x/Prefix/%2F',
  answer: 503,
};
const SECRET = new Set(['theirs', 'payroll']);
const context = {
  namespaces: new Set(['mine']),
  sees: (node: string) => node === 'host:x',
  isClean: (text: string) => ![...wordsOf(text)].some((word) => SECRET.has(word)),
};
const finding = (fields: Partial<Finding>): Finding => ({
  id: 'code:Service/mine/web',
  code: 'code',
  severity: 'broken',
  impact: 'traffic',
  state: 'open',
  settled: true,
  hop: 'service',
  cause: null,
  affects: [OWN],
  subject: ref('mine', 'web'),
  related: [],
  title: 'x/ → 503',
  detail: 'nothing listens',
  evidence: [],
  fix: { summary: 'mend it', look: ['kubectl get svc'], change: [], managedBy: null },
  since: null,
  ...fields,
});

test.each<[string, Partial<Finding>, string | null]>([
  ['about one’s own', {}, 'whole'],
  ['about others', { subject: ref('theirs', 'payroll'), affects: [] }, null],
  ['about others, harming one’s own', { subject: ref('theirs', 'payroll') }, 'withheld'],
  ['about a host that is seen', { subject: ref('', 'x', 'Host'), affects: [] }, 'whole'],
  ['about a host that is not seen', { subject: ref('', 'y', 'Host'), affects: [THEIRS] }, null],
  ['about one’s own namespace', { subject: ref('', 'mine', 'Namespace'), affects: [] }, 'whole'],
  ['about another namespace', { subject: ref('', 'theirs', 'Namespace'), affects: [] }, null],
  ['about the cluster', { subject: ref('', 'nginx', 'IngressClass'), affects: [] }, null],
  ['about a class, harming one’s own', { subject: ref('', 'nginx', 'IngressClass') }, 'whole'],
  ['related to others by a name that tells nothing', { related: [ref('infra', 'web')] }, 'generic'],
  [
    'with evidence of others',
    { evidence: [{ ref: ref('infra', 'web'), path: 'spec', value: '1', at: null }] },
    'generic',
  ],
  ['that names others in its words', { detail: 'shadowed by theirs/web' }, 'generic'],
  [
    'that names others in a command',
    { fix: { summary: '', look: ['kubectl -n theirs get svc'], change: [], managedBy: null } },
    'generic',
  ],
  ['that names others by a DNS name', { detail: 'leads to payroll.theirs.svc.cluster.local.' }, 'generic'],
])('a finding %s', (_, fields, sight) => {
  expect(sightOf(finding(fields), context)).toBe(sight);
});

test('of what the whole cluster shows only what names others is left out', () => {
  const shown = { ref: ref('', 'nginx', 'IngressClass'), path: 'metadata.name', at: null };
  const whole = finding({
    evidence: [
      { ...shown, value: 'there is payroll' },
      { ...shown, value: 'there is none' },
    ],
  });
  expect(sightOf(whole, context)).toBe('whole');
  const told = maskedFinding(whole, 'whole', { id: whole.id, cause: null, meaning: '' }, context);
  expect(told.evidence.map(({ value }) => value)).toEqual(['there is none']);
});

test('of a finding that is not seen whole only what the code means is told', () => {
  const whole = finding({
    id: 'code:Service/mine/web#theirs',
    detail: 'shadowed by theirs/payroll',
    affects: [OWN, THEIRS],
  });
  const id = findingIdOf(whole, 'generic', context.isClean, () => 'opaque');
  expect(id).toBe('code:Service/mine/web#opaque');
  const told = maskedFinding(whole, 'generic', { id: id ?? '', cause: null, meaning: 'It is so.' }, context);
  expect(told).toMatchObject({
    title: 'x/: It is so.',
    affects: [OWN],
    severity: 'broken',
    subject: whole.subject,
  });
  expect(JSON.stringify(told)).not.toMatch(/theirs|payroll/);
});

test('of a finding about others neither the object nor its id is told', () => {
  const whole = finding({ id: 'code:Service/theirs/payroll', subject: ref('theirs', 'payroll') });
  const id = findingIdOf(whole, 'withheld', context.isClean, () => 'opaque');
  expect(id).toBe('code:Object/-/opaque');
  const told = maskedFinding(whole, 'withheld', { id: id ?? '', cause: null, meaning: 'It is so.' }, context);
  expect(told.subject.name).toBe('hidden');
  expect(JSON.stringify(told)).not.toMatch(/theirs|payroll/);
});
