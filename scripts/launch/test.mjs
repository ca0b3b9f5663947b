import { findBrowser } from './browser.mjs';
import { ensureBuilt } from './build.mjs';
import { playwrightCounts, resultFile } from './counts.mjs';
import { ensureInstalled } from './install.mjs';
import { pickNode } from './node.mjs';
import { tool } from './paths.mjs';
import { untilStopped } from './processes.mjs';
import { say, seconds } from './say.mjs';
import { runSteps, sum } from './steps.mjs';
import { verifySteps, vitestStep } from './verify.mjs';

function browserStep(browser) {
  const file = resultFile('browser');
  return {
    name: 'browser',
    args: [tool('@playwright/test', 'playwright'), 'test', '--pass-with-no-tests'],
    env: { PW_CHROMIUM: browser, ATLAS_E2E_JSON: file },
    tests: () => playwrightCounts(file),
  };
}

/** Builds as a step: a failing build fails the tests, but their count is still told. */
async function buildStep(node) {
  try {
    await ensureBuilt(node);
    return { name: 'build', ok: true, passed: 0, failed: 0 };
  } catch (error) {
    say(`✗ build\n${error.message}`);
    return { name: 'build', ok: false, passed: 0, failed: 1 };
  }
}

async function everything(node) {
  const results = await runSteps(node, [...verifySteps(), vitestStep('integration')]);
  const built = await buildStep(node);
  results.push(built);
  const browser = findBrowser(node);
  if (!browser) results.push({ name: 'browser', ok: false, passed: 0, failed: 1 });
  else if (built.ok) results.push(...(await runSteps(node, [browserStep(browser)])));
  return sum(results);
}

export async function run() {
  const began = Date.now();
  await ensureInstalled();
  const { ok, passed, failed } = await untilStopped(() => everything(pickNode()));
  say(`Everything took ${seconds(began)}.`);
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  return ok ? 0 : 1;
}
