import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import type { ClusterInfo, TopologyNode } from '@/lib/topology/model';
import { HiddenNote } from './hidden-note';

const CLUSTER: ClusterInfo = { id: 'c', name: 'c', connection: 'live', since: '2026-01-01T00:00:00.000Z' };
const node = (id: string, detail: TopologyNode['detail']): TopologyNode => ({
  id,
  kind: 'controller',
  name: id,
  namespace: '',
  status: 'ok',
  findings: [],
  detail,
});
const nodes = new Map(
  [node('a', { withheld: true }), node('b', { hidden: 2 }), node('c', {})].map((item) => [item.id, item]),
);
const textOf = (limited: ClusterInfo['limited']) =>
  renderToStaticMarkup(
    <HiddenNote cluster={limited ? { ...CLUSTER, limited } : CLUSTER} nodes={nodes} />,
  ).replace(/<[^>]+>/g, '');

test('who sees everything is told nothing', () => {
  expect(textOf(undefined)).toBe('');
});

test('who sees a part is told how large it is, and how much stands next to it', () => {
  expect(textOf({ namespaces: 1, reason: '' })).toBe(
    'You see 1 namespace of this cluster. 3 hidden beside it: in namespaces that you may not see.',
  );
  expect(textOf({ namespaces: 2, reason: 'Reviews failed.' })).toContain('You see 2 namespaces');
  expect(textOf({ namespaces: 2, reason: 'Reviews failed.' })).toContain('Reviews failed.');
});
