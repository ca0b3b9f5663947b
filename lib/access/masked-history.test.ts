import { expect, test } from 'vitest';
import { type FindingWords, maskedChange, maskedWords } from './masked-history';
import { wordsOf } from './words';

const SECRET = new Set(['theirs', 'payroll']);
const mask = {
  namespaces: new Set(['mine']),
  isClean: (text: string) => ![...wordsOf(text)].some((word) => SECRET.has(word)),
  opaque: () => 'opaque',
  meaningOf: () => 'It was so.',
  titleOf: (id: string) => (id === 'code:Service/mine/web' ? 'x/ → 503' : null),
};
const rule = (namespace: string, path = '%2Fa') =>
  `rule:Ingress.networking.k8s.io/${namespace}/web/x/Prefix/${path}`;
const words = (fields: Partial<FindingWords>): FindingWords => ({
  id: 'code:Service/mine/web',
  code: 'code',
  severity: 'broken',
  impact: 'traffic',
  state: 'open',
  hop: 'service',
  title: 'x/ → 503',
  cause: null,
  since: null,
  namespace: 'mine',
  hosts: ['host:x'],
  rules: [rule('mine')],
  ...fields,
});

test('one’s own finding that is open is told in its own words', () => {
  expect(maskedWords(words({}), mask)).toEqual(words({}));
});

test('of one that has ended the meaning of its code is told, at the route that it harmed', () => {
  const told = maskedWords(words({ title: 'shadowed by gone/payroll' }), mask);
  expect(told?.title).toBe('x/a: It was so.');
});

test.each<[string, Partial<FindingWords>]>([
  ['about others', { id: 'code:Service/theirs/payroll', namespace: 'theirs', rules: [rule('theirs')] }],
  ['about the cluster', { id: 'code:IngressClass/-/nginx', namespace: '', rules: [] }],
])('a finding %s is not told', (_, fields) => {
  expect(maskedWords(words(fields), mask)).toBeNull();
});

test('of a finding about others that harms one’s own the harm is told, and the code', () => {
  const told = maskedWords(
    words({
      id: 'code:Pod/theirs/payroll',
      namespace: 'theirs',
      title: 'payroll crashes',
      cause: 'code:Pod/theirs/x',
      rules: [rule('theirs'), rule('mine')],
      hosts: ['host:x', 'host:payroll'],
    }),
    mask,
  );
  expect(told).toMatchObject({
    id: 'code:Object/-/opaque',
    rules: [rule('mine')],
    hosts: ['host:x'],
    namespace: '',
  });
  expect(JSON.stringify(told)).not.toMatch(/theirs|payroll/);
});

const change = {
  kind: 'deploy',
  object: 'Deployment mine/web',
  title: 'image app: 1 → 2',
  fields: [],
  who: null,
  nodes: ['service:mine/web', 'service:theirs/payroll'],
} as const;

test('changes of one’s own objects are told, at one’s own nodes', () => {
  expect(maskedChange(change, mask)).toEqual({ ...change, nodes: ['service:mine/web'] });
  expect(maskedChange({ ...change, object: 'Deployment theirs/payroll' }, mask)).toBeNull();
  expect(maskedChange({ ...change, title: 'setting: from theirs/payroll' }, mask)).toBeNull();
  expect(maskedChange({ ...change, object: 'IngressClass nginx' }, mask)).toBeNull();
});
