import { expect, test } from 'vitest';
import { stepsOf } from '@/components/panels/steps';
import { treeOf } from '@/components/panels/tree';
import { cardText } from '@/lib/layout/card-text';
import { buildScene } from '@/lib/layout/scene';
import type { EdgeKind, NodeKind, Status, TopologyEdge, TopologyNode } from '@/lib/topology/model';

const node = (
  id: string,
  kind: NodeKind,
  detail: Record<string, unknown> = {},
  status: Status = 'ok',
): TopologyNode => ({
  id,
  kind,
  name: id.split('/').at(-1) ?? id,
  namespace: 'shop',
  status,
  findings: [],
  detail,
});
const edge = (
  kind: EdgeKind,
  source: string,
  target: string,
  status: Status = 'ok',
  label = '',
): TopologyEdge => ({
  id: `${kind}:${source}>${target}`,
  kind,
  source,
  target,
  status,
  basis: 'declared',
  label,
  findings: [],
});
const keyed = <T extends { readonly id: string }>(items: readonly T[]) =>
  new Map(items.map((item) => [item.id, item]));

const pod = (name: string, ready: boolean) =>
  node(
    `pod:shop/${name}`,
    'pod',
    { ready, reason: ready ? '' : 'CrashLoopBackOff', image: 'r.example:5000/watch:v42', workload: 'watch' },
    ready ? 'ok' : 'broken',
  );

function drawing(ready: readonly boolean[]) {
  const pods = ready.map((is, i) => pod(`watch-${i}`, is));
  return {
    nodes: keyed([
      node('host:a.com', 'host', { host: 'a.com' }),
      node('host:b.com', 'host', { host: 'b.com' }),
      node('loadbalancer:service/in/lb', 'loadbalancer', { addresses: ['203.0.113.10'] }),
      node('controller:workload/Deployment/in/c', 'controller', { type: 'ingress-nginx' }),
      node('rule:i/shop/x/a.com/Prefix/%2F', 'rule', { host: 'a.com', path: '/' }),
      node('rule:i/shop/x/b.com/Prefix/%2F', 'rule', { host: 'b.com', path: '/' }),
      node('service:shop/watch', 'service'),
      node('service:shop/other', 'service'),
      ...pods,
    ]),
    edges: keyed([
      edge('resolves', 'host:a.com', 'loadbalancer:service/in/lb'),
      edge('resolves', 'host:b.com', 'loadbalancer:service/in/lb'),
      edge('exposes', 'loadbalancer:service/in/lb', 'controller:workload/Deployment/in/c'),
      edge('serves', 'controller:workload/Deployment/in/c', 'rule:i/shop/x/a.com/Prefix/%2F'),
      edge('serves', 'controller:workload/Deployment/in/c', 'rule:i/shop/x/b.com/Prefix/%2F'),
      edge('routes', 'rule:i/shop/x/a.com/Prefix/%2F', 'service:shop/watch'),
      edge('routes', 'rule:i/shop/x/b.com/Prefix/%2F', 'service:shop/other'),
      ...pods.map((item) => edge('backs', 'service:shop/watch', item.id, item.status, '→ 8080')),
    ]),
  };
}

const scene = (ready: readonly boolean[], focus: string | null = null, expand: readonly string[] = []) =>
  buildScene({ drawing: drawing(ready), focus, expand }, null);

const GROUP = 'group:pods/shop/watch';
const folded = (ready: readonly boolean[]) => {
  const { nodes, edges } = scene(ready).drawing;
  return { node: nodes.get(GROUP), edge: [...edges.values()].find((item) => item.target === GROUP) };
};

test('folds pods into one card that says how many are ready, of what, and why not', () => {
  const { node: group, edge: line } = folded([false, false]);
  expect(group && cardText(group)).toMatchObject({ title: '0/2 ready', sub: 'watch v42' });
  expect([group?.status, line?.status, line?.label]).toEqual(['broken', 'broken', 'crash loop']);
});

test('a lone broken pod says why on its line', () => {
  const { edges } = scene([false]).drawing;
  expect([...edges.values()].find((item) => item.kind === 'backs')?.label).toBe('crash loop');
  const well = scene([true]).drawing.edges;
  expect([...well.values()].find((item) => item.kind === 'backs')?.label).toBe('→ 8080');
});

test('pods of which some are ready are degraded together, not broken', () => {
  const { node: group, edge: line } = folded([true, false]);
  expect([group?.status, line?.status]).toEqual(['degraded', 'degraded']);
});

test('an opened group shows its pods', () => {
  expect(scene([true, false], null, [GROUP]).drawing.nodes.has('pod:shop/watch-1')).toBe(true);
});

test('focus draws the chains through a node, not all that hangs on the same controller', () => {
  const { nodes } = scene([true, true], 'service:shop/watch').drawing;
  expect(nodes.has('host:a.com')).toBe(true);
  expect(nodes.has(GROUP)).toBe(true);
  expect(nodes.has('host:b.com')).toBe(false);
});

test('a focus on a folded pod is a focus on its group; one that is not there shows all and says so', () => {
  expect(scene([true, true], 'pod:shop/watch-0').drawing.nodes.has('host:b.com')).toBe(false);
  const gone = scene([true, true], 'service:shop/gone');
  expect(gone.focusFound).toBe(false);
  expect(gone.drawing.nodes.has('host:b.com')).toBe(true);
});

test('an unchanged topology keeps the cards that folding makes', () => {
  const first = scene([false, false]);
  const second = buildScene({ drawing: drawing([false, false]), focus: null, expand: [] }, first);
  expect(second.drawing.nodes.get(GROUP)).toBe(first.drawing.nodes.get(GROUP));
});

test('steps go down the chain as a request does, each with the link that leads to it', () => {
  const steps = stepsOf('rule:i/shop/x/a.com/Prefix/%2F', scene([false, false]));
  expect(steps.map((step) => step.node.kind)).toEqual([
    'host',
    'loadbalancer',
    'controller',
    'rule',
    'service',
    'group',
  ]);
  expect(steps.at(-1)?.into?.status).toBe('broken');
});

test('the list tells every host with its rules, Services and pods', () => {
  const tree = treeOf(scene([true, true]));
  expect(tree.map((branch) => branch.node.id)).toEqual(['host:a.com', 'host:b.com']);
  expect(tree[0]?.children[0]?.children[0]?.children[0]?.node.id).toBe(GROUP);
  expect(tree[0]?.via).toBe('by 203.0.113.10');
});
