import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import type { Finding } from '@/lib/topology/model';
import { isGeneral, problemsOf } from '@/lib/topology/problems';
import { entryOf } from './rail-entry';
import { RiskList } from './risk-list';

function finding(id: string, more: Partial<Finding> = {}): Finding {
  return {
    id,
    code: 'tls-absent',
    severity: 'warning',
    impact: 'risk',
    state: 'open',
    settled: true,
    hop: 'tls',
    cause: null,
    affects: [],
    subject: { group: '', version: 'v1', resource: 'namespaces', kind: 'Namespace', namespace: '', name: id },
    related: [],
    title: `title of ${id}`,
    detail: '',
    evidence: [],
    fix: { summary: `mend ${id}`, look: [], change: [], managedBy: null },
    since: null,
    ...more,
  };
}

const webhook = finding('webhook', { impact: 'traffic', severity: 'degraded', hop: 'controller' });
const echo = finding('echo', { impact: 'traffic', severity: 'info', cause: 'webhook' });
const fresh = finding('fresh', { settled: false });
const many = Array.from({ length: 70 }, (_, index) => finding(`risk-${String(index).padStart(2, '0')}`));
const findings = new Map([webhook, echo, fresh, ...many].map((item) => [item.id, item]));
const problems = problemsOf(findings);
const entry = (item: Finding) => entryOf(item, problems, findings);

test('a finding without a node is found in the list that holds it, or by what explains it', () => {
  expect(entry(finding('risk-07'))).toEqual({ list: 'risks', id: 'risk-07' });
  expect(entry(webhook)).toEqual({ list: 'problems', id: 'webhook' });
  expect(entry(echo)).toEqual({ list: 'problems', id: 'webhook' });
  expect(entry(fresh)).toBeNull();
});

test('a problem of the whole cluster is told from one that the picture shows', () => {
  expect(problems.broken.map((problem) => isGeneral(problem, new Map()))).toEqual([true]);
  const harming = finding('harming', {
    impact: 'traffic',
    affects: [{ host: 'host:a', rule: 'rule:a', answer: null }],
  });
  const [drawn] = problemsOf(new Map([[harming.id, harming]])).broken;
  expect(drawn && isGeneral(drawn, new Map())).toBe(false);
});

test('the list of risks is folded until one of them is asked for, and holds that one however many there are', () => {
  const html = (id: string | null) =>
    renderToStaticMarkup(
      <RiskList
        risks={problems.risks}
        isDrawn={() => false}
        onPick={() => undefined}
        revealed={id === null ? null : { list: 'risks', id }}
      />,
    );
  expect(html(null)).not.toContain('title of risk-07');
  expect(html('risk-07')).toContain('title of risk-07');
  expect(html('risk-07')).not.toContain('title of risk-69');
  expect(html('risk-69')).toContain('mend risk-69');
});
