import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { TopologyDelta, TopologyNode } from '@/lib/topology/model';
import { RandomCluster } from '@/lib/topology/testing/random-cluster';
import { changeEvents } from './change-events';

const NOTHING = { upsert: [], remove: [] };
const deltaOf = (upsert: readonly TopologyNode[], remove: readonly string[] = []): TopologyDelta => ({
  nodes: { upsert, remove },
  edges: NOTHING,
  findings: NOTHING,
});

function rule(ingress: string, path: string, detail: object = {}): TopologyNode {
  return {
    id: `rule:Ingress.networking.k8s.io/shop/${ingress}/a.example/Prefix/${path}`,
    kind: 'rule',
    name: `a.example/${path}`,
    namespace: 'shop',
    status: 'ok',
    findings: [],
    detail: { host: 'a.example', path, pathType: 'Prefix', ingress, service: 'web', port: 80, ...detail },
  };
}

describe('deltas of a random cluster', () => {
  test('what is told by the nodes that a delta changes is what it means by all nodes before it', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 12 }),
        (seed, steps) => {
          const cluster = new RandomCluster(seed);
          cluster.step(40);
          for (const changes of steps) {
            const before = new Map(cluster.graph.nodes);
            const delta = cluster.step(changes);
            const { nodes } = cluster.before;
            expect(changeEvents((id) => nodes.get(id), delta)).toEqual(
              changeEvents((id) => before.get(id), delta),
            );
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  test('states alone are no event', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const cluster = new RandomCluster(seed);
        cluster.step(60);
        const { nodes } = cluster.graph;
        const repainted = [...nodes.values()].map((node) => ({
          ...node,
          status: 'broken' as const,
          findings: ['x'],
          detail: { ...node.detail, ready: 0, total: 9, answer: 503, reason: 'it is so', restarts: 7 },
        }));
        expect(changeEvents((id) => nodes.get(id), deltaOf(repainted))).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});

test('each field of which an event is made is looked at', () => {
  const base: Readonly<Record<string, object>> = {
    'service:shop/w': { type: 'ClusterIP', ports: [], selector: { a: 'b' }, workloads: [] },
    'controller:c': { image: 'i:1', version: '1', desired: 1, classes: [], settings: [] },
    'loadbalancer:service/shop/w': { addresses: [], ports: [] },
  };
  const changes: Readonly<Record<string, readonly object[]>> = {
    'service:shop/w': [
      { type: 'NodePort' },
      { ports: [{ name: '', port: 80, targetPort: 80, nodePort: null }] },
      { selector: { a: 'c' } },
      { selector: null },
      { externalName: 'x' },
      { ghost: true },
      { workloads: [{ kind: 'Deployment', name: 'w', images: {}, replicas: 1, generation: 1 }] },
    ],
    'controller:c': [
      { image: 'i:2' },
      { version: '2' },
      { desired: 2 },
      { classes: ['x'] },
      { settings: [{ name: 'a', value: 'b', from: 'argument', group: '' }] },
    ],
    'loadbalancer:service/shop/w': [{ addresses: ['1.1.1.1'] }, { ports: ['80'] }],
  };
  const node = (id: string, detail: object): TopologyNode => ({
    ...rule('x', 'p'),
    id,
    kind: id.slice(0, id.indexOf(':')) as TopologyNode['kind'],
    detail: { ...detail },
  });
  for (const [id, list] of Object.entries(changes)) {
    const before = base[id] ?? {};
    for (const change of list)
      expect(
        changeEvents(() => node(id, before), deltaOf([node(id, { ...before, ...change })])),
        JSON.stringify(change),
      ).toHaveLength(1);
  }
});

test('an Ingress of many rules is one event, with the fields of each and the first few nodes', () => {
  const before = Array.from({ length: 40 }, (_, i) => rule('web', `p${i}`));
  const after = before.map((node) => ({ ...node, detail: { ...node.detail, class: 'other' } }));
  const known = new Map(before.map((node) => [node.id, node]));
  const events = changeEvents((id) => known.get(id), deltaOf(after));
  expect(events).toMatchObject([
    { kind: 'configuration', object: 'Ingress shop/web', title: 'class: added, other' },
  ]);
  expect([events[0]?.fields.length, events[0]?.nodes.length]).toEqual([1, 20]);
  const all = changeEvents((id) => known.get(id), deltaOf([], [...known.keys()]));
  expect(all).toHaveLength(1);
  expect(all[0]?.title).toMatch(/^rule a\.example\/p0: removed, was web:80 and 39 more$/);
  expect(all[0]?.fields).toHaveLength(20);
});

test('however much changes at once, so many events are told and no more', () => {
  const many = Array.from({ length: 2000 }, (_, i) => rule(`web-${i}`, 'p'));
  expect(changeEvents(() => undefined, deltaOf(many))).toHaveLength(500);
});

test('a certificate that cannot be read any more was not replaced', () => {
  const tls = (notAfter: string | null) => ({ tls: { secret: 's', notAfter, names: ['a'], issuer: 'R1' } });
  const before = rule('web', 'p', tls('2026-03-01T00:00:00.000Z'));
  const told = (notAfter: string | null) =>
    changeEvents(() => before, deltaOf([rule('web', 'p', tls(notAfter))])).map(({ object }) => object);
  expect(told(null)).toEqual([]);
  expect(told('2026-06-01T00:00:00.000Z')).toEqual(['Secret shop/s']);
});

test('workloads that cannot be seen any more were not deleted', () => {
  const workloads = [{ kind: 'Deployment', name: 'w', images: {}, replicas: 1, generation: 1 }];
  const service = (detail: object): TopologyNode => ({
    ...rule('x', 'p'),
    id: 'service:shop/w',
    kind: 'service',
    name: 'w',
    detail: { ...detail },
  });
  const told = (a: object, b: object) =>
    changeEvents(() => service(a), deltaOf([service(b)])).map(({ title }) => title);
  expect(told({ workloads }, {})).toEqual([]);
  expect(told({ workloads }, { workloads: [] })).toEqual(['no longer behind Service w']);
  expect(told({ workloads: [] }, { workloads })).toEqual(['now behind Service w']);
  // Another selector finds other workloads: they have not changed.
  expect(told({ workloads, selector: { a: 'b' } }, { workloads: [], selector: { a: 'c' } })).toEqual([
    'selector.a: b → c',
  ]);
});
