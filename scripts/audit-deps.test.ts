import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { licenceProblem } from './dependencies/licences';
import { type Shipped, shipped } from './dependencies/lockfile';
import { report } from './dependencies/report';
import { readAudit } from './dependencies/vulnerabilities';

const lock = (): unknown => JSON.parse(readFileSync('package-lock.json', 'utf8'));
const one = (name: string, license: string, more: Partial<Shipped> = {}): Shipped => ({
  name,
  version: '1.0.0',
  license,
  isPlatform: false,
  hasInstallScript: false,
  ...more,
});

test('every package that is shipped has a licence that somebody has judged', () => {
  const all = shipped(lock());
  expect(all.length).toBeGreaterThan(200);
  expect(all.flatMap((each) => licenceProblem(each) ?? [])).toEqual([]);
});

test.each([
  [one('a', 'MIT'), null],
  [one('a', '(MIT OR Apache-2.0)'), null],
  [one('a', 'GPL-3.0-only'), 'a@1.0.0 is under GPL-3.0-only, which nobody has judged'],
  [one('a', 'MIT AND AGPL-3.0-only'), 'a@1.0.0 is under MIT AND AGPL-3.0-only, which nobody has judged'],
  [one('a', ''), 'a@1.0.0 states no licence'],
  [one('a-linux-x64', '', { isPlatform: true }), null],
  [one('a', 'MPL-2.0'), 'a@1.0.0 is under MPL-2.0, which nobody has judged'],
  [one('@resvg/resvg-js', 'MPL-2.0'), null],
])('%j', (given, wanted) => expect(licenceProblem(given)).toBe(wanted));

test('the report is of the lockfile as it is', () => {
  const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Parameters<typeof report>[0];
  expect(report(manifest, shipped(lock()))).toBe(readFileSync('docs/dependencies.md', 'utf8'));
});

test('development tools are not shipped', () => {
  const names = shipped(lock()).map(({ name }) => name);
  expect(names).toContain('next');
  for (const tool of ['vitest', 'knip', '@biomejs/biome', 'oxlint']) expect(names).not.toContain(tool);
});

test('what the registry says is told, and that it said nothing is no good news', () => {
  const fault = { name: 'next', severity: 'critical', range: '<16.4.7', isDirect: true };
  expect(readAudit(JSON.stringify({ vulnerabilities: { next: fault } }))).toEqual({
    asked: true,
    found: ['critical: next <16.4.7 (chosen)'],
  });
  expect(readAudit(JSON.stringify({ vulnerabilities: {} }))).toEqual({ asked: true, found: [] });
  expect(readAudit('{"message":"405 Method Not Allowed"}')).toEqual({
    asked: false,
    reason: '405 Method Not Allowed',
  });
  expect(readAudit('<html>')).toEqual({ asked: false, reason: 'npm audit printed no JSON' });
});
