import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RESOURCES } from '@/lib/kube/resources';
import { buildFixture, documentsOf } from './testing/fixture';
import { changeOf, type Mutation, mutated, ODD_VALUES, type RawObject } from './testing/hostile';
import { faults } from './testing/invariants';
import { type Scenario, scenarios } from './testing/scenarios';

/** For each kind; more were tried (400), and found nothing. */
const RUNS = 40;

const mutations: fc.Arbitrary<Mutation[]> = fc.array(
  fc.record({
    place: fc.nat({ max: 100_000 }),
    value: fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...ODD_VALUES) },
      { weight: 1, arbitrary: fc.anything() },
    ),
  }),
  { minLength: 1, maxLength: 6 },
);

/** Clusters in which objects of a kind stand; all of them are read once. */
const clusters = new Map<string, { scenario: Scenario; raws: readonly RawObject[] }[]>();
for (const scenario of scenarios()) {
  const raws = documentsOf(scenario.path) as readonly RawObject[];
  for (const kind of new Set(raws.map((raw) => String(raw.kind)))) {
    const known = clusters.get(kind) ?? [];
    known.push({ scenario, raws });
    clusters.set(kind, known);
  }
}

/** Every kind that is watched, made odd in a cluster where it means something, through its projection and all checks. */
describe('odd objects of every kind: no check fails, and the topology holds together', () => {
  for (const { kind } of RESOURCES)
    it(kind, () => {
      const known = clusters.get(kind) ?? [];
      expect(known.length, `no fixture has a ${kind}`).toBeGreaterThan(0);
      fc.assert(
        fc.property(fc.nat({ max: known.length - 1 }), mutations, (which, changes) => {
          const { scenario, raws } = known[which] as (typeof known)[number];
          const objects = raws.flatMap(
            (raw) => changeOf(raw.kind === kind ? mutated(raw, changes) : raw) ?? [],
          );
          const { graph } = buildFixture(objects, scenario.expect);
          expect(faults(graph)).toEqual([]);
        }),
        { numRuns: RUNS, seed: 20261123 },
      );
      expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    });

  it('reach the checks: what is found is another thing than in the sound cluster', () => {
    const known = clusters.get('Ingress') ?? [];
    const texts = (objects: Parameters<typeof buildFixture>[0], { scenario }: (typeof known)[number]) =>
      JSON.stringify([...buildFixture(objects, scenario.expect).graph.findings]);
    const others = known.slice(0, 50).filter((cluster, i) => {
      const objects = cluster.raws.flatMap(
        (raw) => changeOf(raw.kind === 'Ingress' ? mutated(raw, [{ place: 7 * i, value: null }]) : raw) ?? [],
      );
      return texts(objects, cluster) !== texts(cluster.scenario.objects, cluster);
    });
    expect(others.length).toBeGreaterThan(10);
  });
});
