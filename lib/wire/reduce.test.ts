import { describe, expect, test } from 'vitest';
import type { Topology, TopologyNode } from '@/lib/topology/model';
import type { Delta } from './messages';
import { readMessage } from './messages';
import { applyDelta, applySnapshot, type TopologyState, toTopology } from './reduce';

const SUMMARY = {
  hosts: { ok: 0, warning: 0, degraded: 0, broken: 0, unknown: 0, pending: 0 },
  findings: { broken: 0, degraded: 0, warning: 0, info: 0 },
  outOfScope: { services: 0, pods: 0 },
};

function node(id: string, name = id, detail: TopologyNode['detail'] = {}): TopologyNode {
  return { id, kind: 'service', name, namespace: 'shop', status: 'ok', findings: [], detail };
}

function topology(nodes: readonly TopologyNode[], version = 1): Topology {
  const cluster = { id: 'c', name: 'c', connection: 'live' as const, since: 't' };
  return {
    epoch: 'e',
    version,
    takenAt: 't',
    cluster,
    coverage: [],
    nodes,
    edges: [],
    findings: [],
    summary: SUMMARY,
  };
}

function delta(
  from: number,
  version: number,
  upsert: readonly TopologyNode[] = [],
  remove: readonly string[] = [],
): Delta {
  const nothing = { upsert: [], remove: [] };
  return {
    view: 'main',
    epoch: 'e',
    from,
    version,
    takenAt: 't',
    nodes: { upsert, remove },
    edges: nothing,
    findings: nothing,
    summary: SUMMARY,
  };
}

function applied(state: TopologyState, change: Delta): TopologyState {
  const reduction = applyDelta(state, change);
  if (reduction.type !== 'applied') throw new Error(reduction.type);
  return reduction.state;
}

describe('applyDelta', () => {
  const start = applySnapshot(topology([node('a'), node('b')]));

  test('unchanged items keep their reference, also when sent again', () => {
    const next = applied(start, delta(1, 2, [node('a'), node('c')]));
    expect(next.nodes.get('a')).toBe(start.nodes.get('a'));
    expect(next.nodes.get('b')).toBe(start.nodes.get('b'));
    expect([...next.nodes.keys()]).toEqual(['a', 'b', 'c']);
    expect(next.edges).toBe(start.edges);
    expect(applied(start, delta(1, 2, [node('a')], ['zzz'])).nodes).toBe(start.nodes);
  });

  test('an old delta is ignored, an overlapping one is applied', () => {
    expect(applyDelta(start, delta(0, 1)).type).toBe('ignored');
    expect(applied(start, delta(0, 2, [], ['a'])).nodes.has('a')).toBe(false);
  });

  test('a gap, another epoch and a delta before any snapshot ask for a resync', () => {
    expect(applyDelta(start, delta(2, 3)).type).toBe('resync');
    expect(applyDelta(start, { ...delta(1, 2), epoch: 'other' }).type).toBe('resync');
    expect(applyDelta(undefined, delta(1, 2)).type).toBe('resync');
  });
});

test('a fresh snapshot keeps the references of what is equal', () => {
  const before = applySnapshot(topology([node('a'), node('b')]));
  const same = applySnapshot(topology([node('b'), node('a')], 5), before);
  expect(same.nodes).toBe(before.nodes);
  const other = applySnapshot(topology([node('a'), node('b', 'renamed')], 5), before);
  expect(other.nodes.get('a')).toBe(before.nodes.get('a'));
  expect(other.nodes.get('b')?.name).toBe('renamed');
});

test('hostile names from the wire are data, not prototypes', () => {
  const text = JSON.stringify({
    view: 'main',
    ...topology([node('__proto__'), node('constructor')]),
  }).replace('"detail":{}', '"detail":{"selector":{"__proto__":"x"}}');
  const message = readMessage('snapshot', text);
  if (message?.type !== 'snapshot') throw new Error('not read');
  const state = applySnapshot(message.data);
  expect([...state.nodes.keys()]).toEqual(['__proto__', 'constructor']);
  const changed = applied(
    state,
    delta(1, 2, [node('__proto__', '__proto__', JSON.parse('{"selector":{"__proto__":"y"}}'))]),
  );
  expect(JSON.stringify(changed.nodes.get('__proto__')?.detail)).toBe('{"selector":{"__proto__":"y"}}');
  expect(({} as Record<string, unknown>).x).toBeUndefined();
  expect(toTopology(changed).nodes).toHaveLength(2);
});

test('what is no message is null', () => {
  for (const text of ['', '<html>', 'null', '[]', '{"view":"main"}'])
    expect(readMessage('snapshot', text)).toBeNull();
});
