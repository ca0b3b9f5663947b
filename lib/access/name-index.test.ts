import { expect, test } from 'vitest';
import { Graph } from '@/lib/topology/graph';
import type { TopologyNode } from '@/lib/topology/model';
import { drain } from '@/lib/topology/slices';
import { NameIndex } from './name-index';

const node = (id: string, namespace: string, detail: TopologyNode['detail'] = {}): TopologyNode => ({
  id,
  kind: 'rule',
  name: id.slice(id.lastIndexOf('/') + 1),
  namespace,
  status: 'ok',
  findings: [],
  detail,
});
const MINE = new Set(['mine']);
const nodes = (upsert: readonly TopologyNode[], remove: readonly string[] = []) => ({
  nodes: { upsert, remove },
  edges: { upsert: [], remove: [] },
  findings: { upsert: [], remove: [] },
});

test('a name is secret where only others have it', () => {
  const graph = new Graph();
  graph.apply(
    nodes([
      node('service:theirs/payroll', 'theirs'),
      node('service:theirs/web', 'theirs'),
      node('service:mine/web', 'mine'),
    ]),
  );
  const index = new NameIndex(new Set(['common']));
  drain(index.fill(graph));
  expect(['payroll', 'theirs', 'web', 'mine', 'unheard'].map((word) => index.isSecret(word, MINE))).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
});

test('tells the words whose owners have changed, and forgets what is gone', () => {
  const index = new NameIndex(new Set());
  expect(drain(index.update(nodes([node('service:theirs/payroll', 'theirs')])))).toEqual(
    new Set(['theirs', 'payroll']),
  );
  expect(drain(index.update(nodes([node('pod:theirs/payroll', 'theirs')])))).toEqual(new Set());
  expect(drain(index.update(nodes([], ['service:theirs/payroll'])))).toEqual(new Set());
  expect(index.isSecret('payroll', MINE)).toBe(true);
  expect(drain(index.update(nodes([], ['pod:theirs/payroll'])))).toEqual(new Set(['theirs', 'payroll']));
  expect(index.isSecret('payroll', MINE)).toBe(false);
});

test('a class is secret where only others use it, a common word never', () => {
  const index = new NameIndex(new Set(['web']));
  drain(
    index.update(
      nodes([
        node('rule:x/theirs/web', 'theirs', { class: 'payroll-class', ingress: 'web' }),
        node('rule:x/theirs/b', 'theirs', { class: 'nginx' }),
        node('rule:x/mine/c', 'mine', { class: 'nginx' }),
      ]),
    ),
  );
  expect(['payroll-class', 'nginx', 'web'].map((word) => index.isSecret(word, MINE))).toEqual([
    true,
    false,
    false,
  ]);
});
