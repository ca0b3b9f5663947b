import { expect, test } from 'vitest';
import { Graph } from '@/lib/topology/graph';
import { drain } from '@/lib/topology/slices';
import { beforeOf } from '@/lib/topology/testing/before';
import { RandomNamespaces } from '@/lib/topology/testing/random-namespaces';
import { Part, patchText, type StoredPatch } from './part';
import { split } from './split';
import { type Tally, tallyAfter, tallyOf } from './tally';

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
    const told = new Map([...parts].map(([name, part]) => [name, tallyOf(part)]));
    for (let step = 0; step < 60; step++) {
      take(cluster.step());
      for (const [name, since] of patches) {
        const before = told.get(name);
        if (!before) continue;
        const tally = tallyAfter(JSON.parse(JSON.stringify(before)) as Tally, since);
        if (tally) expect({ name, tally }).toEqual({ name, tally: tallyOf(parts.get(name) ?? new Part()) });
        if (tally) held++;
        else ended++;
      }
    }
  },
);

test('some held, and some did not', () => {
  expect(held).toBeGreaterThan(1000);
  expect(ended).toBeGreaterThan(500);
});

const NONE = { ids: [], of: [] };
const EMPTY: Tally = {
  version: 1,
  units: [],
  rules: { ids: ['n'], of: [0] },
  services: NONE,
  backed: [],
  pods: NONE,
  ill: {},
};

test('what another version has told is told anew', () => {
  expect(tallyAfter(EMPTY, [])).toEqual(EMPTY);
  expect(tallyAfter({ ...EMPTY, version: 2 }, [])).toBeNull();
});

test.each([
  [{ id: 'n', detailFields: { ready: 1 } }, true],
  [{ id: 'n', status: 'pending' }, true],
  [{ id: 'n', detailFields: { host: 'other.org' } }, false],
  [{ id: 'n', detailFields: { ports: [] } }, false],
  [{ id: 'n', detail: {} }, false],
  [{ id: 'n', namespace: 'other' }, false],
  [{ id: 'unknown', status: 'ok' }, false],
])('of a node what counts rest on ends it (%#)', (fields, holds) => {
  const patch = { nodes: { set: [fields] } } as StoredPatch;
  expect(tallyAfter(EMPTY, [patch]) !== null).toBe(holds);
});
