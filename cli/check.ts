/* `npm run check`: the diagnosis without a browser, for pipelines. */
import { writeFileSync } from 'node:fs';
import { LoadError } from '@/sandbox/load/load-error';
import { ConfigError } from '@/server/config';
import { Unreachable } from './check/examine';
import { humanReport } from './check/human';
import { jsonReport } from './check/json';
import { junitReport } from './check/junit';
import { type CheckOptions, HELP, readOptions, UsageError } from './check/options';
import { type CheckResult, failing, type Located } from './check/result';
import { runCheck } from './check/run';
import { sarifReport } from './check/sarif';

const FOUND = 1;
const NOT_CHECKED = 2;

function report({ format, output }: CheckOptions, result: CheckResult, failed: readonly Located[]): string {
  if (format === 'json') return jsonReport(result, failed.length > 0);
  if (format === 'sarif') return sarifReport(result);
  if (format === 'junit') return junitReport(result, failed);
  const { NO_COLOR } = process.env;
  return humanReport(result, output === '' && process.stdout.isTTY === true && !NO_COLOR);
}

async function main(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (!options) {
    process.stdout.write(HELP);
    return 0;
  }
  const result = await runCheck(options, process.env);
  const failed = failing(result, options.failOn, options.impact);
  const text = `${report(options, result, failed)}\n`;
  if (options.output === '') process.stdout.write(text);
  else writeFileSync(options.output, text);
  return failed.length > 0 ? FOUND : 0;
}

function problemsOf(error: unknown): readonly string[] | null {
  if (error instanceof LoadError || error instanceof ConfigError) return error.problems;
  if (error instanceof UsageError) return [error.message, 'see --help'];
  if (error instanceof Unreachable) return [`the cluster cannot be read: ${error.message}`];
  // A file that cannot be written, for one.
  if (error instanceof Error && 'code' in error && 'path' in error) return [error.message];
  return null;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const problems = problemsOf(error);
  if (!problems) throw error;
  for (const line of problems) process.stderr.write(`check: ${line}\n`);
  process.exitCode = NOT_CHECKED;
}
