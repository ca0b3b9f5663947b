import { expect, test } from 'vitest';
import { layout } from '@/lib/layout/layout';
import { edge, node, viewOf } from '@/lib/layout/testing/views';
import { FlowMapper } from './to-flow';

const lined = (nodes: ReturnType<typeof node>[], edges: ReturnType<typeof edge>[]) => {
  const base = viewOf([
    ['a.example', 0, 1, 1],
    ['a.example', 1, 1, 1],
    ['b.example', 0, 1, 1],
  ]);
  const view = { nodes: [...base.nodes, ...nodes], edges: [...base.edges, ...edges] };
  return new FlowMapper().edges(view.edges, layout(view));
};

test('what several rules miss hangs under one of them, and no line runs through the cards between', () => {
  const rules = ['rule:a.example/0', 'rule:a.example/1', 'rule:b.example/0'];
  const wires = lined(
    [node('class:gone', 'class')],
    rules.map((rule) => edge('claims', rule, 'class:gone')),
  );
  const hangs = wires.filter((wire) => wire.sourceHandle === 'hang');
  expect(hangs.map((wire) => wire.source)).toEqual(['rule:a.example/0']);
});

test('folded hosts lead up to the door that they lie under', () => {
  const wires = lined([node('group:h', 'group', { folds: 'hosts' })], [edge('resolves', 'group:h', 'lb')]);
  expect(wires.find((wire) => wire.source === 'group:h')?.sourceHandle).toBe('rise');
  expect(wires.find((wire) => wire.source === 'host:a.example')?.sourceHandle).toBe('out');
  const two = ['group:h', 'group:i'];
  const risen = lined(
    two.map((id) => node(id, 'group', { folds: 'hosts' })),
    two.map((id) => edge('resolves', id, 'lb')),
  ).filter((wire) => wire.sourceHandle === 'rise');
  expect(risen.map((wire) => wire.source)).toEqual(['group:h']);
});

test('an unchanged node keeps its object', () => {
  const view = viewOf([['a.example', 0, 1, 1]]);
  const mapper = new FlowMapper();
  const first = mapper.nodes(view.nodes, layout(view), null);
  const previous = layout(view);
  const placed = layout(view, previous);
  const second = mapper.nodes(view.nodes, placed, null);
  const third = mapper.nodes(view.nodes, layout(view, placed), null);
  expect(third).toEqual(first);
  for (const [index, item] of third.entries()) expect(item).toBe(second[index]);
});
