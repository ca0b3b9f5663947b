import { expect, test } from 'vitest';
import { factsOf } from '@/components/panels/facts';
import { buildScene } from '@/lib/layout/scene';
import { edgeId, podId, serviceId } from '@/lib/topology/ids';
import type { TopologyEdge, TopologyNode } from '@/lib/topology/model';
import { distantEntry, matching } from './search';
import { streamFilters, type ViewState } from './view-state';

const REASON = 'internal only: ClusterIP, no rule, no load balancer';
const detail = { internal: true, internalReason: REASON, reason: REASON, labels: { team: 'Storage' } };
const base = { namespace: 'data', status: 'ok' as const, findings: [] };
const mysql: TopologyNode = {
  ...base,
  id: serviceId('data', 'mysql'),
  kind: 'service',
  name: 'mysql',
  detail,
};
const pod: TopologyNode = {
  ...base,
  id: podId('data', 'mysql-0'),
  kind: 'pod',
  name: 'mysql-0',
  detail: { internal: true, ready: true },
};

test('what no entry reaches is listed apart, with why, and found by its labels', () => {
  const entry = distantEntry(mysql);
  expect(entry).toMatchObject({
    group: 'Not reachable from outside',
    title: 'mysql',
    sub: `Service · data · ${REASON}`,
  });
  expect(matching([entry], 'team=storage')).toEqual([entry]);
  expect(distantEntry({ ...mysql, detail: {} }).group).toBe('Not drawn');
});

test('the inspector says it first', () => {
  expect(factsOf(mysql)[0]).toEqual({ label: 'From outside', value: REASON });
});

test('it can be in focus, with its pods', () => {
  const id = edgeId('backs', mysql.id, pod.id, 3306);
  const edge: TopologyEdge = {
    id,
    source: mysql.id,
    target: pod.id,
    kind: 'backs',
    port: 3306,
    status: 'ok',
    basis: 'observed',
    label: '',
    findings: [],
  };
  const drawing = {
    nodes: new Map([mysql, pod].map((node) => [node.id, node])),
    edges: new Map([[id, edge]]),
  };
  const scene = buildScene({ drawing, focus: mysql.id, expand: [] }, null);
  expect(scene.focusFound).toBe(true);
  expect([...scene.drawing.nodes.keys()].sort()).toEqual([pod.id, mysql.id]);
});

test('only a focus that the view does not hold asks the server for more than entries reach', () => {
  const view: ViewState = {
    namespace: [],
    class: [],
    controller: [],
    host: [],
    service: [],
    status: [],
    q: '',
    expand: [],
    cluster: null,
    scope: 'all',
    focus: mysql.id,
    select: mysql.id,
    show: null,
    group: null,
    severity: [],
    impact: [],
    t: null,
    compare: null,
  };
  expect(streamFilters(view, null)).toBe('budget=500');
  expect(new URLSearchParams(streamFilters(view, mysql.id)).get('scope')).toBe('all');
});
