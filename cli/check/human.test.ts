import { expect, test } from 'vitest';
import type { Finding } from '@/lib/topology/model';
import { humanReport } from './human';
import { sarifReport } from './sarif';

function finding(id: string, more: Partial<Finding>): Finding {
  return {
    id,
    code: 'service-missing',
    severity: 'broken',
    impact: 'traffic',
    state: 'open',
    settled: true,
    hop: 'service',
    cause: null,
    affects: [],
    subject: { group: '', version: 'v1', resource: 'services', kind: 'Service', namespace: 'shop', name: id },
    related: [],
    title: `title of ${id}`,
    detail: `detail of ${id}`,
    evidence: [],
    fix: { summary: `Mend ${id}.`, look: [], change: [], managedBy: null },
    since: null,
    ...more,
  };
}

function report(...findings: readonly Finding[]): string {
  const located = findings.map((item) => ({ finding: item, place: null }));
  return humanReport({ what: 'here', findings: located, rules: [], unseen: [], notes: [] }, false);
}

const titles = (text: string) => text.match(/^\w+ {2}title of \w+/gm);

test('a log line about a fault is not told in its stead', () => {
  const text = report(finding('outage', {}), finding('logline', { severity: 'info', cause: 'outage' }));
  expect(titles(text)).toEqual(['broken  title of outage']);
  expect(text).toContain('here: 0 rules, 0 of them not served as they should be; 1 broken, 1 info.');
});

test('a cause is told with what follows from it, and by itself where that is less bad', () => {
  const crash = finding('crash', {});
  expect(titles(report(crash, finding('outage', { cause: 'crash' })))).toEqual(['broken  title of outage']);
  expect(titles(report(crash, finding('risky', { impact: 'risk', cause: 'crash' })))).toEqual([
    'broken  title of crash',
    'broken  title of risky',
  ]);
});

test('SARIF says it in sentences', () => {
  const located = [{ finding: finding('outage', {}), place: null }];
  const text = sarifReport({ what: 'here', findings: located, rules: [], unseen: [], notes: [] });
  expect(text).toContain('title of outage: detail of outage. Mend outage.');
});
