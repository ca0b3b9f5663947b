import { expect, test } from 'vitest';
import { Graph } from '@/lib/topology/graph';
import { drain } from '@/lib/topology/slices';
import { beforeOf } from '@/lib/topology/testing/before';
import { RandomNamespaces } from '@/lib/topology/testing/random-namespaces';
import { type Calm, calmOf, holdsAfter } from './calm';
import { Part, patchText, type StoredPatch } from './part';
import { split } from './split';

let held = 0;
let ended = 0;

test.each(Array.from({ length: 40 }, (_, i) => i + 1))(
  'what is told of a partition holds as long as it is said to (seed %i)',
  (seed) => {
    const cluster = new RandomNamespaces(seed);
    const graph = new Graph();
    const parts = new Map<string, Part>();
    const patches = new Map<string, StoredPatch[]>();
    const take = (delta: ReturnType<RandomNamespaces['step']>) => {
      for (const [name, patch] of drain(split(delta, beforeOf(graph, delta)))) {
        const told = JSON.parse(patchText(patch)) as StoredPatch;
        const part = parts.get(name) ?? new Part();
        parts.set(name, part);
        part.apply(told);
        patches.set(name, [...(patches.get(name) ?? []), told]);
      }
      graph.apply(delta);
    };
    take(cluster.topology());
    patches.clear();
    const told = new Map([...parts].map(([name, part]) => [name, calmOf(part)]));
    for (let step = 0; step < 60; step++) {
      take(cluster.step());
      for (const [name, since] of patches) {
        const calm = told.get(name);
        if (!calm) continue;
        const holds = holdsAfter(JSON.parse(JSON.stringify(calm)) as Calm, since);
        if (holds) expect({ name, calm: calmOf(parts.get(name) ?? new Part()) }).toEqual({ name, calm });
        if (holds) held++;
        else ended++;
      }
    }
  },
);

test('some held, and some did not', () => {
  expect(held).toBeGreaterThan(1000);
  expect(ended).toBeGreaterThan(1000);
});

test('what another version has told is told anew', () => {
  const calm: Calm = { version: 1, units: [], size: 0 };
  expect(holdsAfter(calm, [])).toBe(true);
  expect(holdsAfter({ ...calm, version: 2 }, [])).toBe(false);
});

test.each([
  [{ id: 'n', detailFields: { ready: 1 } }, true],
  [{ id: 'n', detailFields: { host: 'other.org' } }, false],
  [{ id: 'n', detailFields: { ports: [] } }, false],
  [{ id: 'n', detail: {} }, false],
  [{ id: 'n', namespace: 'other' }, false],
  [{ id: 'n', status: 'pending' }, false],
])('of a node only what counts rest on ends it (%#)', (fields, holds) => {
  const patch = { nodes: { set: [fields] } } as StoredPatch;
  expect(holdsAfter({ version: 1, units: [], size: 0 }, [patch])).toBe(holds);
});
