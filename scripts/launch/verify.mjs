import { resultFile, vitestCounts } from './counts.mjs';
import { ensureInstalled } from './install.mjs';
import { pickNode } from './node.mjs';
import { at, tool } from './paths.mjs';
import { untilStopped } from './processes.mjs';
import { tsx } from './sandbox.mjs';
import { say, seconds } from './say.mjs';
import { runSteps, sum } from './steps.mjs';

export function vitestStep(project) {
  const file = resultFile(project);
  return {
    name: project,
    args: [
      tool('vitest'),
      'run',
      '--project',
      project,
      '--passWithNoTests',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${file}`,
    ],
    tests: () => vitestCounts(file),
  };
}

/** The long one first: the short ones fill the other core meanwhile. */
export function verifySteps() {
  return [
    vitestStep('unit'),
    { name: 'lint', args: [tool('@biomejs/biome', 'biome'), 'ci', '--max-diagnostics=50', '.'] },
    { name: 'types', args: [tool('typescript', 'tsc'), '--noEmit'] },
    { name: 'promises', args: [tool('oxlint'), '--type-aware', '--deny-warnings'] },
    { name: 'boundaries', args: [at('scripts/check-boundaries.mjs')] },
    { name: 'dead code', args: [tool('knip'), '--no-progress', '--no-config-hints'] },
    { name: 'lockfile', args: [at('scripts/check-lockfile.mjs')] },
    { name: 'docs', args: [at('scripts/check-docs.mjs')] },
    { name: 'check pages', args: ['--import', tsx, at('scripts/docs-checks.ts')] },
  ];
}

export async function run() {
  await ensureInstalled();
  const node = pickNode();
  const began = Date.now();
  const { ok } = sum(await untilStopped(() => runSteps(node, verifySteps())));
  say(`${ok ? 'Verified' : 'Not in order'} after ${seconds(began)}.`);
  return ok ? 0 : 1;
}
