import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { at } from './paths.mjs';

/** A place for a test runner's JSON, empty before each run so that an old answer is never counted. */
export function resultFile(name) {
  mkdirSync(at('.atlas/results'), { recursive: true });
  const file = at('.atlas/results', `${name}-${process.pid}.json`);
  rmSync(file, { force: true });
  return file;
}

function read(file) {
  if (!existsSync(file)) return undefined;
  const result = JSON.parse(readFileSync(file, 'utf8'));
  rmSync(file);
  return result;
}

export function vitestCounts(file) {
  const { numPassedTests = 0, numFailedTests = 0 } = read(file) ?? {};
  return { passed: numPassedTests, failed: numFailedTests };
}

export function playwrightCounts(file) {
  const { stats = {} } = read(file) ?? {};
  const { expected = 0, unexpected = 0, flaky = 0 } = stats;
  return { passed: expected + flaky, failed: unexpected };
}
