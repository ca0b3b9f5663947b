import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildFixture } from './testing/fixture';
import { scenarios } from './testing/scenarios';

/**
 * All checks on all fixtures, and the complete list of what they find: a new check that fires where it should not, or an old
 * one that falls silent, is a changed line. Written anew by `npx vitest run --project unit lib/diagnosis/complete.test.ts -u`; read the diff.
 */
describe('every finding of every fixture', () => {
  it('is in the list', { timeout: 120_000 }, async () => {
    const lines = scenarios().map(({ name, objects, expect: wanted }) => {
      const { graph } = buildFixture(objects, wanted);
      const found = [...graph.findings.values()].map(
        ({ id, severity, state, settled }) =>
          `  ${id} ${state === 'open' ? severity : state}${settled ? '' : ', not settled'}`,
      );
      return [name, ...(found.length > 0 ? found.toSorted() : ['  nothing'])].join('\n');
    });
    const path = join(import.meta.dirname, 'fixtures/complete.txt');
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(path);
  });
});
