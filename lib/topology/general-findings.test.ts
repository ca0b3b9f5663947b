import { expect, test } from 'vitest';
import { Graph } from './graph';
import type { Finding, Severity } from './model';
import { indexed, viewOf } from './view';
import { NO_FILTERS } from './view-filters';

function finding(kind: string, namespace: string, name: string, severity: Severity = 'info'): Finding {
  return {
    id: `${kind}/${namespace}/${name}`,
    code: 'some-risk',
    severity,
    impact: 'risk',
    state: 'open',
    settled: true,
    hop: 'security',
    cause: null,
    affects: [],
    subject: { group: '', version: '', resource: '', kind, namespace, name },
    related: [],
    title: '',
    detail: '',
    evidence: [],
    fix: { summary: '', look: [], change: [], managedBy: null },
    since: null,
  };
}

function graphOf(findings: readonly Finding[]): Graph {
  const graph = new Graph();
  const none = { upsert: [], remove: [] };
  graph.apply({ nodes: none, edges: none, findings: { upsert: findings, remove: [] } });
  return graph;
}

const shown = (graph: Graph, filters: Partial<typeof NO_FILTERS>) => [
  ...viewOf(indexed(graph), { ...NO_FILTERS, ...filters }).findings.keys(),
];

const graph = graphOf([
  finding('Cluster', '', 'cluster'),
  finding('Namespace', '', 'shop'),
  finding('NetworkPolicy', 'shop', 'deny'),
  finding('NetworkPolicy', 'ops', 'deny', 'warning'),
  finding('Ingress', 'shop', 'elsewhere'),
]);

test('a view carries what concerns namespaces and the cluster, though no node bears it; not what nodes it lacks bear', () => {
  expect(shown(graph, { budget: 10 })).toEqual([
    'NetworkPolicy/ops/deny',
    'Cluster//cluster',
    'Namespace//shop',
    'NetworkPolicy/shop/deny',
  ]);
});

test('of a filtered view only its namespaces’', () => {
  expect(shown(graph, { namespace: ['shop'] })).toEqual(['Namespace//shop', 'NetworkPolicy/shop/deny']);
  expect(shown(graph, { q: 'nothing' })).toEqual([]);
});

test('no more than 200, the gravest first', () => {
  const many = Array.from({ length: 300 }, (_, i) => finding('Namespace', '', `ns-${i}`));
  const crowded = graphOf([...many, finding('Namespace', '', 'zz', 'warning')]);
  const ids = shown(crowded, { budget: 10 });
  expect([ids.length, ids[0]]).toEqual([200, 'Namespace//zz']);
});
