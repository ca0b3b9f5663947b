import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hostId } from '@/lib/topology/ids';
import { columnNamed } from './columns';
import { type Box, type Layout, type LayoutView, layout } from './layout';
import { edge, node, viewOf } from './testing/views';

const anyView: fc.Arbitrary<LayoutView> = fc
  .array(
    fc.tuple(
      fc.constantFrom('a.example', 'b.example', 'x.a.example', 'shop.test', '*', 'constructor'),
      fc.integer({ min: 0, max: 4 }),
      fc.integer({ min: 0, max: 6 }),
      fc.integer({ min: 0, max: 3 }),
    ),
    { maxLength: 25 },
  )
  .map(viewOf);

const box = (result: Layout, id: string): Box => {
  const found = result.boxes.get(id);
  if (!found) throw new Error(`no box ${id}`);
  return found;
};

function inColumnOrder(result: Layout, ids: ReadonlySet<string>): Record<string, string[]> {
  const columns: Record<string, Box[]> = {};
  for (const item of result.boxes.values()) {
    if (!ids.has(item.id)) continue;
    columns[item.column] = [...(columns[item.column] ?? []), item];
  }
  return Object.fromEntries(
    Object.entries(columns).map(([key, items]) => [
      key,
      items.sort((a, b) => a.y - b.y).map((item) => item.id),
    ]),
  );
}

const shuffled = (view: LayoutView): LayoutView => ({
  nodes: [...view.nodes].reverse(),
  edges: [...view.edges].reverse(),
});

test('stands every hop in its column', () => {
  const result = layout(viewOf([['a.example', 0, 1, 2]]));
  expect(box(result, 'lb').x).toBe(columnNamed('loadbalancer').x);
  expect(box(result, 'rule:a.example/0').x).toBe(columnNamed('rule').x);
  expect(box(result, 'pod1.1').x).toBe(columnNamed('pods').x);
});

test('runs the lines of a simple host level', () => {
  const result = layout(
    viewOf([
      ['a.example', 0, 1, 1],
      ['b.example', 0, 2, 1],
    ]),
  );
  for (const [host, rule, service, pod] of [
    ['a.example', 'rule:a.example/0', 'svc1', 'pod1.0'],
    ['b.example', 'rule:b.example/0', 'svc2', 'pod2.0'],
  ] as const) {
    const y = box(result, hostId(host)).y;
    expect([box(result, rule).y, box(result, service).y, box(result, pod).y]).toEqual([y, y, y]);
  }
});

test('puts hosts with problems first in a new picture, and leaves them there when they are mended', () => {
  const view = viewOf([
    ['a.example', 0, 1, 0],
    ['b.example', 0, 2, 0],
  ]);
  const broken = {
    ...view,
    nodes: view.nodes.map((item) =>
      item.id === hostId('b.example') ? { ...item, status: 'broken' as const } : item,
    ),
  };
  const first = layout(broken);
  expect(box(first, hostId('b.example')).y).toBeLessThan(box(first, hostId('a.example')).y);
  const mended = layout(view, first);
  expect([...mended.boxes.values()].every((item) => item === first.boxes.get(item.id))).toBe(true);
});

test('hangs a missing Secret indented under its rule', () => {
  const view = viewOf([
    ['a.example', 0, 1, 0],
    ['a.example', 1, 1, 0],
  ]);
  const result = layout({
    nodes: [...view.nodes, node('secret:x', 'secret')],
    edges: [...view.edges, edge('terminates', 'rule:a.example/0', 'secret:x')],
  });
  const rule = box(result, 'rule:a.example/0');
  const secret = box(result, 'secret:x');
  expect(secret.x).toBeGreaterThan(rule.x);
  expect(secret.x + secret.width).toBe(rule.x + rule.width);
  expect(secret.y).toBeGreaterThan(rule.y);
  expect(secret.y).toBeLessThan(box(result, 'rule:a.example/1').y);
});

test('stands an unknown address level with its host', () => {
  const view = viewOf([
    ['a.example', 0, 1, 0],
    ['b.example', 0, 1, 0],
    ['c.example', 0, 1, 0],
  ]);
  const result = layout({
    nodes: [...view.nodes, node('host:shop.example', 'host'), node('address:198.51.100.7', 'address')],
    edges: [...view.edges, edge('resolves', 'host:shop.example', 'address:198.51.100.7')],
  });
  expect(box(result, 'address:198.51.100.7').y).toBe(box(result, 'host:shop.example').y);
});

test('property: no two cards overlap', () => {
  fc.assert(
    fc.property(anyView, (view) => {
      const boxes = [...layout(view).boxes.values()].sort((a, b) => a.y - b.y);
      for (const [index, a] of boxes.entries())
        for (const b of boxes.slice(index + 1))
          if (a.column === b.column) expect(b.y).toBeGreaterThanOrEqual(a.y + a.height);
    }),
    { seed: 1 },
  );
});

test('property: the order of the input does not matter', () => {
  fc.assert(
    fc.property(anyView, anyView, (view, before) => {
      const previous = layout(before);
      expect(layout(shuffled(view), previous).boxes).toEqual(layout(view, previous).boxes);
    }),
    { seed: 2 },
  );
});

test('property: a delta never reorders what stays', () => {
  fc.assert(
    fc.property(anyView, anyView, (before, after) => {
      const previous = layout(before);
      const next = layout(after, previous);
      const stayed = new Set(before.nodes.map((item) => item.id).filter((id) => next.boxes.has(id)));
      const order = inColumnOrder(next, stayed);
      // A rule follows its host and a pod its Service, so these compare within them; all else within its column.
      for (const column of ['dns', 'loadbalancer', 'controller', 'rule', 'service'])
        expect(order[column] ?? []).toEqual(inColumnOrder(previous, stayed)[column] ?? []);
    }),
    { seed: 3 },
  );
});

test('property: what did not change keeps its very place', () => {
  fc.assert(
    fc.property(anyView, (view) => {
      const first = layout(view);
      for (const [id, item] of layout(view, first).boxes) expect(item).toBe(first.boxes.get(id));
    }),
    { seed: 4 },
  );
});

test('lays 300 nodes out within 5 ms', () => {
  const view = viewOf(
    Array.from({ length: 90 }, (_, i) => [`h${i >> 1}.example`, i & 1, i % 60, 1] as const),
  );
  expect(view.nodes.length).toBeGreaterThan(250);
  for (let i = 0; i < 20; i++) layout(view);
  const times = Array.from({ length: 9 }, () => {
    const start = performance.now();
    layout(view);
    return performance.now() - start;
  });
  expect(times.sort((a, b) => a - b)[4]).toBeLessThan(5);
});
