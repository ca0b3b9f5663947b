import { runCaptured } from './processes.mjs';
import { say, seconds } from './say.mjs';

/** Runs one step; what it says is shown only if it fails. */
async function runStep(node, { name, args, env, tests }) {
  const began = Date.now();
  const { code, output } = await runCaptured(node, args, {
    env: { FORCE_COLOR: '0', NO_COLOR: '1', ...env },
  });
  const counts = tests?.() ?? { passed: 0, failed: 0 };
  const ok = code === 0;
  const told = tests ? `  ${counts.passed} passed, ${counts.failed} failed` : '';
  if (!ok) say(`\n── ${name} ──\n${output.trimEnd()}\n`);
  say(`${ok ? '✓' : '✗'} ${name.padEnd(12)} ${seconds(began).padStart(8)}${told}`);
  // A step that fails without a failed test (a lint error, a crash) counts as one failure.
  return { name, ok, passed: counts.passed, failed: ok ? counts.failed : Math.max(counts.failed, 1) };
}

/** Runs steps in their order, a few at a time; a failing one does not keep the others from being run. */
export async function runSteps(node, steps, { atOnce = 2 } = {}) {
  const queue = [...steps];
  const results = [];
  const worker = async () => {
    for (let step = queue.shift(); step; step = queue.shift()) results.push(await runStep(node, step));
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results;
}

export function sum(results) {
  return {
    ok: results.every(({ ok }) => ok),
    passed: results.reduce((total, { passed }) => total + passed, 0),
    failed: results.reduce((total, { failed }) => total + failed, 0),
  };
}
