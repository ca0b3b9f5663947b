import { describe, expect, it } from 'vitest';
import type { Graph } from '@/lib/topology/graph';
import type { Expectation, Inputs } from './testing/expectation';
import { buildFixture } from './testing/fixture';
import { breaches } from './testing/invariants';
import { scenarios } from './testing/scenarios';
import { differences } from './testing/verify';

/** Every file of fixtures/ is a scenario with its own expectations; folder and name say what it shows. */
describe('checks', () => {
  for (const { name, objects, expect: wanted } of scenarios()) {
    it(name, () => {
      const { also = [], ...first } = wanted;
      for (const entry of [first, ...also.map((other) => ({ ...inputsOf(first), ...other }))]) {
        const built = buildFixture(objects, entry);
        expect([...differences(built, entry), ...breaches(built.graph)]).toEqual([]);
      }
      const reversed = buildFixture(objects.toReversed(), first).graph;
      expect(contents(reversed)).toEqual(contents(buildFixture(objects, first).graph));
    });
  }
});

function inputsOf(all: Expectation): Inputs {
  const { now, seen, coverage, dns, secrets, config, formerAddresses } = all;
  const { configmaps, logs, crashes, server } = all;
  const inputs = {
    ...{ now, seen, coverage, dns, secrets, config, formerAddresses },
    ...{ configmaps, logs, crashes, server },
  };
  return Object.fromEntries(Object.entries(inputs).filter(([, value]) => value !== undefined)) as Inputs;
}

function contents(graph: Graph) {
  return [graph.nodes, graph.edges, graph.findings].map((map) => Object.fromEntries(map));
}
