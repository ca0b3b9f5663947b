import { expect, test } from 'vitest';
import { buildScene } from '@/lib/layout/scene';
import type { TopologyEdge, TopologyNode } from '@/lib/topology/model';
import { routeOf } from './inspected';

function node(id: string, kind: TopologyNode['kind'], detail: TopologyNode['detail'] = {}): TopologyNode {
  return { id, kind, name: id, namespace: 'shop', status: 'ok', findings: [], detail };
}

function edge(source: string, target: string, kind: TopologyEdge['kind']): TopologyEdge {
  const id = `${kind}:${source}>${target}`;
  return { id, source, target, kind, port: '', status: 'ok', basis: 'declared', label: '', findings: [] };
}

const controller = node('controller:c', 'controller');
const service = node('service:shop/wear', 'service');
const rules = ['/wear', '/watch'].map((path) => node(`rule:${path}`, 'rule', { host: 'www.a.com', path }));

function route(of: TopologyNode, drawn: readonly TopologyNode[]) {
  const edges = drawn.flatMap(({ id }) => [
    edge(controller.id, id, 'serves'),
    edge(id, service.id, 'routes'),
  ]);
  const drawing = {
    nodes: new Map([controller, service, ...drawn].map((item) => [item.id, item])),
    edges: new Map(edges.map((item) => [item.id, item])),
  };
  return routeOf(of, buildScene({ drawing, focus: null, expand: [] }, null));
}

test('a controller of several rules has no checklist: it would be that of one of them', () => {
  expect(route(controller, rules)).toBeNull();
  expect(route(controller, rules.slice(0, 1))).toEqual({ host: 'www.a.com', path: '/wear' });
  expect(route(service, rules)).toEqual({ host: 'www.a.com', path: '/watch' });
});
