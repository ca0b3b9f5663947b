import { expect, test } from 'vitest';
import type { Finding, TopologyNode } from '@/lib/topology/model';
import { alsoHarmed, causes, focusOf, nodeOf, problemsOf } from './problems';

const ref = (kind: string, name: string) => ({
  group: '',
  version: 'v1',
  resource: '',
  kind,
  namespace: 'shop',
  name,
});

function finding(id: string, over: Partial<Finding> = {}): Finding {
  return {
    id,
    code: id,
    severity: 'broken',
    impact: 'traffic',
    state: 'open',
    settled: true,
    hop: 'pod',
    cause: null,
    affects: [],
    subject: ref('Service', 'watch'),
    related: [],
    title: id,
    detail: '',
    evidence: [],
    fix: { summary: '', look: [], change: [], managedBy: null },
    since: '2026-01-01T12:00:00.000Z',
    ...over,
  };
}

const all = (...list: Finding[]) => new Map(list.map((item) => [item.id, item]));

const rule = (host: string, path: string): TopologyNode => ({
  id: `rule:${host}${path}`,
  kind: 'rule',
  name: 'storefront',
  namespace: 'shop',
  status: 'broken',
  ref: ref('Ingress', 'storefront'),
  findings: [],
  detail: { host, path },
});

const www = rule('www.a.com', '/watch');
const watch = rule('watch.a.com', '/');
const service: TopologyNode = {
  ...www,
  id: 'service:shop/watch',
  kind: 'service',
  ref: ref('Service', 'watch'),
  detail: {},
};
const nodes = new Map([www, watch, service].map((node) => [node.id, node]));
const harms = [
  { host: 'host:www.a.com', rule: www.id, answer: 503 },
  { host: 'host:watch.a.com', rule: watch.id, answer: 503 },
];

const symptom = finding('no-endpoints', { cause: 'crash', title: 'www.a.com/watch → 503', affects: harms });
const crash = finding('crash', { cause: 'image', subject: ref('Deployment', 'watch') });
const image = finding('image', { subject: ref('Deployment', 'watch'), since: '2026-01-01T11:59:00.000Z' });

test('lists one problem per root cause, the symptom first', () => {
  const { broken } = problemsOf(all(image, crash, symptom));
  expect(broken.map((problem) => [problem.id, problem.symptom.id])).toEqual([['image', 'no-endpoints']]);
  expect(broken[0]?.chain.map((item) => item.id)).toEqual(['no-endpoints', 'crash', 'image']);
  expect(broken[0]?.since).toBe('2026-01-01T11:59:00.000Z');
});

test('names what else is harmed, but not what the title says already', () => {
  const problem = problemsOf(all(symptom, crash, image)).broken[0];
  expect(problem && alsoHarmed(problem, nodes)).toEqual(['watch.a.com/']);
});

test('a title with /watch does not name /watch/more', () => {
  const more = rule('www.a.com', '/watch/more');
  const list = all(
    finding('x', { title: 'www.a.com/watch → 503', affects: [{ host: '', rule: more.id, answer: null }] }),
  );
  const problem = problemsOf(list).broken[0];
  expect(problem && alsoHarmed(problem, new Map([[more.id, more]]))).toEqual(['www.a.com/watch/more']);
});

test('focuses the one harmed rule, or what several share', () => {
  const many = problemsOf(all(symptom, crash, image)).broken[0];
  expect(many && focusOf(many, nodes)).toBe(service.id);
  const one = problemsOf(all(finding('y', { affects: harms.slice(0, 1) }))).broken[0];
  expect(one && focusOf(one, nodes)).toBe(www.id);
});

test('an Ingress stands for the rule that is harmed', () => {
  expect(
    nodeOf(finding('z', { subject: ref('Ingress', 'storefront'), affects: harms.slice(1) }), nodes),
  ).toBe(watch.id);
});

test('keeps what is not known and risks apart, and waits for what is not settled', () => {
  const found = problemsOf(
    all(
      finding('u', { state: 'unknown' }),
      finding('r', { impact: 'risk' }),
      finding('n', { severity: 'info' }),
      finding('w', { settled: false }),
    ),
  );
  expect(found.broken).toEqual([]);
  expect(found.unknown.map((problem) => problem.id)).toEqual(['u']);
  expect(found.risks.map((item) => item.id)).toEqual(['r', 'n']);
});

test('worst first: by severity, then by how much is harmed', () => {
  const { broken } = problemsOf(
    all(
      finding('a', { severity: 'degraded', affects: harms }),
      finding('b'),
      finding('c', { affects: harms }),
    ),
  );
  expect(broken.map((problem) => problem.id)).toEqual(['c', 'b', 'a']);
});

test('since is never guessed: what was there from the start has no age', () => {
  expect(problemsOf(all(symptom, crash, { ...image, since: null })).broken[0]?.since).toBeNull();
});

test('a circle of causes ends, and a cause that is not there is left out', () => {
  const a = finding('a', { cause: 'b' });
  const b = finding('b', { cause: 'a' });
  expect(causes(a, all(a, b)).map((item) => item.id)).toEqual(['a', 'b']);
  expect(problemsOf(all(a, b)).broken).toHaveLength(2);
  expect(causes(finding('c', { cause: 'gone' }), all())).toHaveLength(1);
});
