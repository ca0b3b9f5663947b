import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Inputs } from './testing/expectation';
import { buildFixture, readFixture } from './testing/fixture';
import { breaches } from './testing/invariants';
import { differences } from './testing/verify';

const folder = join(import.meta.dirname, 'fixtures');

/** Every file of fixtures/ is a scenario with its own expectations; folder and name say what it shows. `base/` is included by others. */
describe('checks', () => {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.yaml') && !name.startsWith('base'),
  );
  for (const file of files.sort()) {
    it(file.replace(/\.yaml$/, ''), () => {
      const {
        objects,
        expect: { also = [], ...wanted },
      } = readFixture(join(folder, file));
      for (const entry of [wanted, ...also.map((other) => ({ ...inputsOf(wanted), ...other }))]) {
        const built = buildFixture(objects, entry);
        expect([...differences(built, entry), ...breaches(built.graph)]).toEqual([]);
      }
      const reversed = buildFixture(objects.toReversed(), wanted).graph;
      expect(contents(reversed)).toEqual(contents(buildFixture(objects, wanted).graph));
    });
  }
});

function inputsOf({
  now,
  seen,
  coverage,
  dns,
  secrets,
  config,
  formerAddresses,
}: ReturnType<typeof readFixture>['expect']) {
  const inputs = { now, seen, coverage, dns, secrets, config, formerAddresses };
  return Object.fromEntries(Object.entries(inputs).filter(([, value]) => value !== undefined)) as Inputs;
}

function contents(graph: ReturnType<typeof buildFixture>['graph']) {
  return [graph.nodes, graph.edges, graph.findings].map((map) => Object.fromEntries(map));
}
