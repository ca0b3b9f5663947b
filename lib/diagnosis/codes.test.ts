import { describe, expect, it } from 'vitest';
import { CODES } from './codes';
import { MANIFEST_CODES } from './codes/manifests';
import { buildFixture, type Fixture } from './testing/fixture';
import { scenarios } from './testing/scenarios';

/** Not provoked by objects: a fault of ours, and what stands in files (tested with `cli/check`). */
const WITHOUT_FIXTURE = new Set(['check-failed', ...Object.keys(MANIFEST_CODES)]);

const all = scenarios();

function entriesOf({ expect: { also = [], ...first } }: Fixture) {
  return [first, ...also];
}

describe('registry of codes', () => {
  for (const code of Object.keys(CODES).filter((name) => !WITHOUT_FIXTURE.has(name))) {
    it(`${code} has a fixture that fires it and one for a trap`, () => {
      const own = all.filter((scenario) => scenario.name.startsWith(`${code}/`)).flatMap(entriesOf);
      const fires = own.filter((entry) =>
        [...(entry.findings ?? []), ...(entry.unsettled ?? []), ...(entry.unknown ?? [])].some(
          (word) => word.split(':')[0] === code,
        ),
      );
      const spares = all
        .filter(({ name }) => name.includes('/trap-'))
        .flatMap(entriesOf)
        .filter((entry) => [...(entry.absent ?? []), ...(entry.closed ?? [])].includes(code));
      expect({ fires: fires.length > 0, spares: spares.length > 0 }).toEqual({ fires: true, spares: true });
    });
  }

  it('knows every code that the fixtures bring about', () => {
    const emitted = new Set(
      all.flatMap(({ objects, expect: wanted }) =>
        [...buildFixture(objects, wanted).graph.findings.values()].map((f) => f.code),
      ),
    );
    expect([...emitted].filter((code) => !(code in CODES))).toEqual([]);
  });

  it('says in one line what each code means', () => {
    for (const { meaning } of Object.values(CODES)) expect(meaning).toMatch(/^[A-Z][^\n]{10,90}\.$/);
  });
});
