import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildFixture, matching, readFixture } from './testing/fixture';

const folder = join(import.meta.dirname, 'fixtures');

/** Every file of fixtures/ is a scenario with its own expectations; the file's name says what it shows. */
describe('checks', () => {
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yaml'))
    .sort()) {
    it(file.replace(/\.yaml$/, ''), () => {
      const fixture = readFixture(join(folder, file));
      const { graph } = buildFixture(fixture);
      const findings = [...graph.findings.values()];
      const { expect: wanted } = fixture;
      const one = (word: string) => {
        const found = matching(findings, word);
        expect(
          found.length,
          `${word} among ${findings.map((f) => f.id).join(', ') || 'no findings'}`,
        ).toBeGreaterThan(0);
        return found[0] as (typeof findings)[number];
      };
      for (const word of wanted.findings ?? [])
        expect({ word, state: one(word).state, settled: one(word).settled }).toEqual({
          word,
          state: 'open',
          settled: true,
        });
      for (const word of wanted.unsettled ?? [])
        expect({ word, settled: one(word).settled }).toEqual({ word, settled: false });
      for (const word of wanted.unknown ?? [])
        expect({ word, state: one(word).state }).toEqual({ word, state: 'unknown' });
      for (const word of wanted.absent ?? []) expect(matching(findings, word).map((f) => f.id)).toEqual([]);
      for (const [word, cause] of Object.entries(wanted.causes ?? {}))
        expect(one(word).cause).toBe(one(cause).id);
      for (const [word, severity] of Object.entries(wanted.severities ?? {}))
        expect({ word, severity: one(word).severity }).toEqual({ word, severity });
      for (const [word, title] of Object.entries(wanted.titles ?? {})) expect(one(word).title).toBe(title);
      for (const [id, status] of Object.entries(wanted.statuses ?? {})) {
        expect({ id, status: (graph.nodes.get(id) ?? graph.edges.get(id))?.status }).toEqual({ id, status });
      }
      if (wanted.only) {
        const named = [...(wanted.findings ?? []), ...(wanted.unsettled ?? [])];
        expect(
          findings
            .filter((f) => f.state === 'open' && !named.some((word) => f.id === word || f.code === word))
            .map((f) => f.id),
        ).toEqual([]);
      }
    });
  }
});
